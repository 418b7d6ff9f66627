package dev.faultline.cli.symbols;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.LimitOption;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
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
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    MissingSymbolFiles(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        Listing missing = Listing.of(server, server.inProject("symbols/missing"), Map.of(), limit.value());
        if (json.wanted()) {
            missing.items().forEach(terminal.out()::println);
        } else if (missing.items().isEmpty()) {
            terminal.out().println("No crash waits for symbols.");
        } else {
            var table = new Table("BUILD ID", "SOFTWARE", "VERSION", "CRASHES", "DEVICES", "COMMAND");
            missing.items()
                    .forEach(file -> table.add(
                            Fields.text(file, "buildId"),
                            Fields.text(file, "software"),
                            Fields.text(file, "version"),
                            Fields.text(file, "crashes"),
                            Fields.text(file, "devices"),
                            Fields.text(file, "command")));
            table.print(terminal.out());
            limit.sayIfMore(missing, terminal);
        }
        return missing.items().isEmpty() ? ExitCode.OK : ExitCode.SYMBOLS_MISSING;
    }
}
