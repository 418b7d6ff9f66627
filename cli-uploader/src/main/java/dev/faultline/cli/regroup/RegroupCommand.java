package dev.faultline.cli.regroup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Groups all crashes again by the rules as they are, or tells what that would change. */
@Command(
        name = "regroup",
        mixinStandardHelpOptions = true,
        description = "Group all crashes again by the rules as they are, or tell what that would change.",
        footer = {
            "",
            "The service does the work, one job a project at a time, whether this command waits or not. A job",
            "that fails ends the waiting with 3."
        })
public final class RegroupCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Outcome outcome = new Outcome();

    @ArgGroup
    private final Change change = new Change();

    @Option(names = "--wait", description = "Wait for the end, and print what changes.")
    private boolean wait;

    /** Whether anything changes. */
    static final class Change {
        @Option(names = "--dry-run", description = "Only tell what would change (the default).")
        private boolean dryRun;

        @Option(names = "--apply", description = "Change it. Clusters keep their ids, titles and states.")
        private boolean apply;

        /** Without either of them nothing is to change. */
        boolean nothing() {
            return dryRun || !apply;
        }
    }

    private RegroupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new RegroupCommand(terminal))
                .addSubcommand(new ListRegroups(terminal))
                .addSubcommand(new ShowRegroup(terminal));
    }

    @Override
    public Integer call() {
        Server server = outcome.server(terminal);
        JsonNode job = server.post(
                server.inProject("regroups"),
                JsonNodeFactory.instance.objectNode().put("dryRun", change.nothing()));
        return outcome.print(terminal, server, job, wait);
    }
}
