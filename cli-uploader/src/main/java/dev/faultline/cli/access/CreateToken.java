package dev.faultline.cli.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a token; its secret is shown this once. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Create a token and print it: the service keeps only a hash, so it can not be shown again.")
final class CreateToken implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--label",
            required = true,
            paramLabel = "TEXT",
            description = "What it is for, such as \"CI of main-fw\".")
    private String label = "";

    @Option(
            names = "--scopes",
            split = ",",
            paramLabel = "SCOPE",
            description = "ingest, symbols, read, write or admin; several with commas. Admin opens every project.")
    private List<String> scopes = List.of();

    @Option(names = "--project-key", description = "A key for devices: it may post crashes and nothing else.")
    private boolean projectKey;

    @Option(names = "--expires", paramLabel = "DATE", description = "The last day it works, such as 2027-03-31 (UTC).")
    private @Nullable LocalDate expires;

    CreateToken(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (projectKey != scopes.isEmpty()) {
            throw CommandFailure.usage("tokens create wants either --scopes or --project-key");
        }
        Server server = options.serverAsOwner(terminal);
        ObjectNode wanted = JsonNodeFactory.instance
                .objectNode()
                .put("kind", projectKey ? "project-key" : "api-token")
                .put("label", label);
        if (!projectKey) {
            scopes.forEach(wanted.putArray("scopes")::add);
        }
        if (!scopes.contains("admin")) {
            wanted.put("project", server.project());
        }
        if (expires != null) {
            wanted.put("expires", endOf(expires).toString());
        }
        JsonNode token = server.post("/api/v1/tokens", wanted);
        terminal.out().println(json.wanted() ? token.toString() : Fields.text(token, "secret"));
        return ExitCode.OK;
    }

    private static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
