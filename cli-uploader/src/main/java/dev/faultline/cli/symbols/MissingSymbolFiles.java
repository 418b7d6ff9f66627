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

/** Debug files that crashes wait for. */
@Command(
        name = "missing",
        mixinStandardHelpOptions = true,
        description = "List the debug files that crashes wait for, most wanted first. Ends with 13 if there are any.")
final class MissingSymbolFiles implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    MissingSymbolFiles(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        Listing missing = Listing.of(server, server.inProject("symbols/missing"), Map.of(), options.limit());
        options.print(
                missing,
                terminal,
                "No crash waits for symbols.",
                List.of(
                        Column.of("BUILD ID", "buildId"),
                        Column.of("SOFTWARE", "software"),
                        Column.of("VERSION", "version"),
                        Column.of("CRASHES", "crashes"),
                        Column.of("DEVICES", "devices"),
                        Column.of("COMMAND", "command")));
        return missing.items().isEmpty() ? ExitCode.OK : ExitCode.SYMBOLS_MISSING;
    }
}
