package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a release has what another one has. */
@Command(name = "contains", description = "Ask whether a release contains another one, and what decided that.")
final class ContainsRelease implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final ReleaseName release = new ReleaseName();

    @Option(
            names = "--of",
            required = true,
            paramLabel = "VERSION",
            description = "The other release, with a fix perhaps.")
    private String other = "";

    ContainsRelease(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode containment = server.get(
                server.inProject(release.path() + "/containment"),
                new Query().with("of", other).parameters());
        terminal.out()
                .println(
                        json.wanted()
                                ? containment.toString()
                                : Fields.text(containment, "answer") + ": " + Fields.text(containment, "because"));
        return ExitCode.OK;
    }
}
