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

/** The catalogue of debug files. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List the debug files of the service.")
final class ListSymbols implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    ListSymbols(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        Listing files = Listing.of(server, server.inProject("symbols"), Map.of(), limit.value());
        if (json.wanted()) {
            files.items().forEach(terminal.out()::println);
            return ExitCode.OK;
        }
        if (files.items().isEmpty()) {
            terminal.out().println("No debug files yet: faultline symbols upload FILE");
            return ExitCode.OK;
        }
        var table = new Table("BUILD ID", "SOFTWARE", "VERSION", "ARCHITECTURE", "STATE", "UPLOADED");
        files.items()
                .forEach(file -> table.add(
                        Fields.text(file, "buildId"),
                        Fields.text(file, "software"),
                        Fields.text(file, "version"),
                        Fields.text(file, "architecture"),
                        Fields.text(file, "state"),
                        Fields.text(file, "uploadedAt")));
        table.print(terminal.out());
        limit.sayIfMore(files, terminal);
        return ExitCode.OK;
    }
}
