package dev.faultline.cli.release;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Software types and the schemes of their versions. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List software types and their version schemes.")
final class ListSoftware implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    ListSoftware(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        options.print(
                Listing.of(server, server.inProject("software"), Map.of(), options.limit()),
                terminal,
                "No software.",
                List.of(
                        Column.of("SOFTWARE", "software"),
                        Column.of("SCHEME", "scheme"),
                        Column.of("REVISION", "revision"),
                        Column.of("DECLARED AT", "setAt"),
                        Column.of("BY", "setBy")));
        return ExitCode.OK;
    }
}
