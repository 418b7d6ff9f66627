package dev.faultline.cli.examine;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What a coredump holds beyond its report. */
@Command(
        name = "examine",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Ask a coredump for globals, memory, or an ELF core for gdb, without a service.")
public final class ExamineCommand {

    private ExamineCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ExamineCommand())
                .addSubcommand(new ExamineGlobals(terminal))
                .addSubcommand(new ExamineMemory(terminal))
                .addSubcommand(new ExamineCore(terminal));
    }
}
