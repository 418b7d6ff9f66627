package dev.faultline.cli.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import java.util.List;
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
    private final ListOptions options = new ListOptions();

    ListTokens(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().serverAsOwner(terminal);
        Listing tokens = Listing.of(server, "/api/v1/tokens", Map.of(), options.limit());
        options.print(
                tokens,
                terminal,
                "No tokens.",
                List.of(
                        Column.of("ID", "id"),
                        Column.of("KIND", "kind"),
                        Column.of("LABEL", "label"),
                        Column.of("PROJECT", "project"),
                        new Column("SCOPES", ListTokens::scopes),
                        Column.of("EXPIRES", "expiresAt"),
                        Column.of("LAST USED", "lastUsedAt"),
                        Column.of("REVOKED", "revokedAt")));
        return ExitCode.OK;
    }

    private static String scopes(JsonNode token) {
        return StreamSupport.stream(token.path("scopes").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }
}
