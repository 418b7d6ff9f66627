package dev.faultline.cli.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            required = true,
            split = ",",
            paramLabel = "SCOPE",
            description = "ingest, symbols, read, write, admin; several with commas.")
    private List<String> scopes = List.of();

    @Option(names = "--expires", paramLabel = "DATE", description = "The last day it works, such as 2027-03-31 (UTC).")
    private @Nullable LocalDate expires;

    @Option(names = "--all-projects", description = "Not bound to --project; only with the scope admin.")
    private boolean allProjects;

    CreateToken(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("label", label);
        scopes.forEach(wanted.putArray("scopes")::add);
        if (!allProjects) {
            wanted.put("project", server.project());
        }
        if (expires != null) {
            wanted.put("expiresAt", endOf(expires).toString());
        }
        JsonNode token = server.post("/api/v1/tokens", wanted);
        terminal.out().println(json.wanted() ? token.toString() : Fields.text(token, "token"));
        return ExitCode.OK;
    }

    private static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
