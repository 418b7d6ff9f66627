package dev.faultline.cli.access;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a token at once. */
@Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a token; it stops working at once.")
final class RevokeToken implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "As tokens list prints it.")
    private String id = "";

    RevokeToken(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        options.serverAsOwner(terminal).delete("/api/v1/tokens/" + Server.encode(id));
        terminal.out().println("Revoked " + id);
        return ExitCode.OK;
    }
}
