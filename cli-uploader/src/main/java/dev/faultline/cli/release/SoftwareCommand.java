package dev.faultline.cli.release;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Software types of a service. */
@Command(
        name = "software",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List software types, and declare how their versions are ordered.")
public final class SoftwareCommand {

    private SoftwareCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new SoftwareCommand())
                .addSubcommand(new ListSoftware(terminal))
                .addSubcommand(new DeclareScheme(terminal));
    }
}
