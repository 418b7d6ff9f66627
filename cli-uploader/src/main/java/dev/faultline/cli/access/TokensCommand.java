package dev.faultline.cli.access;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Credentials of devices, CI and scripts. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Create, list and revoke API tokens and project keys (scope admin).")
public final class TokensCommand {

    private TokensCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new TokensCommand())
                .addSubcommand(new CreateToken(terminal))
                .addSubcommand(new ListTokens(terminal))
                .addSubcommand(new RevokeToken(terminal));
    }
}
