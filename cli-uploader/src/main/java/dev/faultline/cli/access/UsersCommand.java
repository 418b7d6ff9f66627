package dev.faultline.cli.access;

import dev.faultline.cli.Terminal;
import java.io.InputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** People who log in to the pages. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Create people who may log in (scope admin).")
public final class UsersCommand {

    private UsersCommand() {}

    public static CommandLine with(Terminal terminal, InputStream in) {
        return new CommandLine(new UsersCommand()).addSubcommand(new CreateUser(terminal, in));
    }
}
