package dev.faultline.cli.crash;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Crashes of a service. */
@Command(
        name = "crash",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Upload coredumps, list crashes, show a report.")
public final class CrashCommand {

    private CrashCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new CrashCommand())
                .addSubcommand(new UploadCrash(terminal))
                .addSubcommand(new ShowCrash(terminal))
                .addSubcommand(new ListCrashes(terminal));
    }
}
