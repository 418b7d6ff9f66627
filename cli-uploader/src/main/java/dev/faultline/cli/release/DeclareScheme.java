package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says how the versions of a software type are ordered. */
@Command(
        name = "scheme",
        mixinStandardHelpOptions = true,
        description = "Declare how the versions of a software type are ordered; never guessed.")
final class DeclareScheme implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Parameters(index = "0", paramLabel = "SOFTWARE", description = "Software type, such as main-fw.")
    private String software = "";

    @Parameters(index = "1", paramLabel = "SCHEME", description = "semver, date, natural or none.")
    private String scheme = "";

    DeclareScheme(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode declared = server.put(
                server.inProject("software/" + Server.encode(software)),
                JsonNodeFactory.instance.objectNode().put("scheme", scheme));
        terminal.out()
                .println("Versions of %s are ordered by %s (revision %s)"
                        .formatted(
                                Fields.text(declared, "software"),
                                Fields.text(declared, "scheme"),
                                Fields.text(declared, "revision")));
        return ExitCode.OK;
    }
}
