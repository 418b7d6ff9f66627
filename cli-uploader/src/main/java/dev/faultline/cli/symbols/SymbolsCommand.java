package dev.faultline.cli.symbols;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Debug files of a service. */
@Command(
        name = "symbols",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Check debug files, upload them, list them, and see which are missing.")
public final class SymbolsCommand {

    private SymbolsCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new SymbolsCommand())
                .addSubcommand(new CheckSymbols(terminal))
                .addSubcommand(new UploadSymbols(terminal))
                .addSubcommand(new DumpIndex(terminal))
                .addSubcommand(new ListSymbols(terminal))
                .addSubcommand(new MissingSymbolFiles(terminal));
    }
}
