package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;

/** What every command that changes clusters has: the service, and the edit that it answers with, as JSON or in words. */
final class Edits {
    @Mixin
    private final ServerOptions service = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    /** Asks for a change of a cluster, and prints what it became. */
    int change(Terminal terminal, String cluster, String what, JsonNode wish) {
        return ask(terminal, "clusters/" + Server.encode(cluster) + "/" + what, wish);
    }

    /** Takes an edit back, and prints what that became. */
    int back(Terminal terminal, long edit, String how, JsonNode wish) {
        return ask(terminal, "cluster-edits/" + edit + "/" + how, wish);
    }

    private int ask(Terminal terminal, String path, JsonNode wish) {
        Server server = service.server(terminal);
        JsonNode edit = server.post(server.inProject(path), wish);
        terminal.out().println(json.wanted() ? edit : "Edit %s: %s".formatted(Fields.text(edit, "id"), words(edit)));
        return ExitCode.OK;
    }

    /** An edit in words; one of a kind that this command does not know yet by its kind. */
    static String words(JsonNode edit) {
        String kind = Fields.text(edit, "kind");
        long count = edit.path("variants").asLong();
        String variants = count == 1 ? "1 variant" : count + " variants";
        String from = names(edit.path("from"));
        String to = names(edit.path("to"));
        return switch (kind) {
            case "merge" -> "merged %s into %s".formatted(from, to);
            case "split" -> "split %s off %s, into %s".formatted(variants, from, to);
            case "move" -> "moved %s from %s to %s".formatted(variants, from, to);
            case "apart" -> "said that %s are not the same".formatted(from);
            case "unmerge" ->
                "took merge %s apart for good: %s back to %s".formatted(Fields.text(edit, "undoes"), variants, to);
            case "undo" -> "undid edit %s".formatted(Fields.text(edit, "undoes"));
            default -> kind;
        };
    }

    private static String names(JsonNode clusters) {
        return clusters.valueStream()
                .map(cluster -> Text.onOneLine(cluster.asText()))
                .collect(Collectors.joining(", "));
    }
}
