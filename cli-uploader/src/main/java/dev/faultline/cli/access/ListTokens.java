package dev.faultline.cli.access;

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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The tokens there are, without their secrets. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List tokens; their secrets are not kept.")
final class ListTokens implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    ListTokens(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.serverAsOwner(terminal);
        Listing tokens = Listing.of(server, "/api/v1/tokens", Map.of(), limit.value());
        if (json.wanted()) {
            tokens.items().forEach(terminal.out()::println);
            return ExitCode.OK;
        }
        var table = new Table("ID", "KIND", "LABEL", "PROJECT", "SCOPES", "EXPIRES", "LAST USED", "REVOKED");
        tokens.items()
                .forEach(token -> table.add(
                        Fields.text(token, "id"),
                        Fields.text(token, "kind"),
                        Fields.text(token, "label"),
                        Fields.text(token, "project"),
                        StreamSupport.stream(token.path("scopes").spliterator(), false)
                                .map(scope -> scope.asText())
                                .collect(Collectors.joining(",")),
                        Fields.text(token, "expiresAt"),
                        Fields.text(token, "lastUsedAt"),
                        Fields.text(token, "revokedAt")));
        table.print(terminal.out());
        limit.sayIfMore(tokens, terminal);
        return ExitCode.OK;
    }
}
