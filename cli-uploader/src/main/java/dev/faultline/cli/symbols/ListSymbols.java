package dev.faultline.cli.symbols;

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

/** The catalogue of debug files. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List the debug files of the service.")
final class ListSymbols implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    ListSymbols(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        Listing files = Listing.of(server, server.inProject("symbols"), Map.of(), options.limit());
        options.print(
                files,
                terminal,
                "No debug files yet: faultline symbols upload FILE",
                List.of(
                        Column.of("BUILD ID", "buildId"),
                        Column.of("SOFTWARE", "software"),
                        Column.of("VERSION", "version"),
                        Column.of("ARCHITECTURE", "architecture"),
                        Column.of("STATE", "state"),
                        Column.of("UPLOADED", "uploadedAt")));
        return ExitCode.OK;
    }
}
