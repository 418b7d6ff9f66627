package dev.faultline.cli.release;

import dev.faultline.cli.Terminal;
import java.io.InputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Releases of a service, and what came from what. */
@Command(
        name = "releases",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Register, list and delete releases, ask what one contains and who runs which.")
public final class ReleasesCommand {

    private ReleasesCommand() {}

    public static CommandLine with(Terminal terminal, InputStream in) {
        return new CommandLine(new ReleasesCommand())
                .addSubcommand(new RegisterRelease(terminal, in))
                .addSubcommand(new ListReleases(terminal))
                .addSubcommand(new ContainsRelease(terminal))
                .addSubcommand(new AdoptionCommand(terminal))
                .addSubcommand(new DeleteRelease(terminal));
    }
}
