package dev.faultline.cli.regroup;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Jobs that grouped crashes again, or told what that would change. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List regroup jobs, newest first.")
final class ListRegroups implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    ListRegroups(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        options.print(
                Listing.of(server, server.inProject("regroups"), Map.of(), options.limit()),
                terminal,
                "No jobs.",
                List.of(
                        Column.of("JOB", "id"),
                        new Column("KIND", job -> job.path("dryRun").asBoolean() ? "dry run" : "apply"),
                        Column.of("STATE", "state"),
                        Column.of("ASKED AT", "askedAt"),
                        Column.of("BY", "askedBy"),
                        new Column(
                                "OUTCOME",
                                job -> job.path("result").isObject()
                                        ? Outcome.counts(job.path("result"))
                                        : Fields.text(job, "error"))));
        return ExitCode.OK;
    }
}
