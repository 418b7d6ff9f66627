package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.Colours;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import dev.faultline.symbols.report.TextReport.Part;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One cluster: whom it hits, its variants with their numbers, and what people did with it. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show a cluster: its variants, and what happened to it.",
        footer = {"", "Of a cluster that was merged, the one that its crashes are in by now."})
final class ShowCluster implements Callable<Integer> {
    /** What happened, the newest of it. */
    private static final int ENTRIES = 20;

    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "CLUSTER", description = "As clusters list prints it, such as C-7.")
    private String id = "";

    ShowCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode cluster = server.get(server.inProject("clusters/" + Server.encode(id)), Map.of());
        JsonNode activity = server.get(
                        server.inProject("clusters/" + Server.encode(Fields.text(cluster, "id")) + "/activity"),
                        Map.of("limit", Integer.toString(ENTRIES)))
                .path("items");
        if (json.wanted()) {
            if (cluster instanceof ObjectNode document) {
                document.set("activity", activity);
            }
            terminal.out().println(cluster);
        } else {
            print(cluster, activity);
        }
        return ExitCode.OK;
    }

    private void print(JsonNode cluster, JsonNode activity) {
        PrintWriter out = terminal.out();
        var style = Colours.on(terminal);
        String shown = Fields.text(cluster, "id");
        if (!shown.equals(id)) {
            out.println(style.apply(Part.WARNING, "%s is a part of %s by now.".formatted(Text.onOneLine(id), shown)));
        }
        out.println(style.apply(Part.HEADING, shown) + ", " + Fields.text(cluster, "state") + ": "
                + style.apply(Part.FUNCTION, Fields.text(cluster, "signature")));
        if (cluster.path("title").isTextual()) {
            out.println(Fields.text(cluster, "title"));
        }
        out.println("%s devices, %s crashes, in %s from %s to %s"
                .formatted(
                        Fields.text(cluster, "devices"),
                        Fields.text(cluster, "crashes"),
                        Fields.text(cluster, "software"),
                        seen(cluster.path("firstSeen")),
                        seen(cluster.path("lastSeen"))));
        standing(cluster).forEach(line -> out.println(Text.onOneLine(line)));
        out.println(Fields.text(cluster.path("grouping"), "sentence"));
        out.println();
        var variants = new Table("VARIANT", "CRASHES", "DEVICES", "SIGNATURE", "BECAUSE");
        for (JsonNode variant : cluster.path("variants")) {
            variants.add(
                    Fields.text(variant, "id"),
                    Fields.text(variant, "crashes"),
                    Fields.text(variant, "devices"),
                    Fields.text(variant, "signature"),
                    Fields.text(variant, "because"));
        }
        variants.print(out);
        if (!activity.isEmpty()) {
            out.println();
            var table = new Table("EDIT", "AT", "BY", "WHAT");
            for (JsonNode entry : activity) {
                JsonNode edit = entry.path("edit");
                table.add(
                        edit.path("id").asText(),
                        Fields.text(entry, "at"),
                        Fields.text(entry, "actor"),
                        edit.isMissingNode()
                                ? said(entry)
                                : Edits.words(edit) + (edit.has("undoneBy") ? " (undone)" : ""));
            }
            table.print(out);
        }
    }

    /** What people and crashes said of its state. */
    private static List<String> standing(JsonNode cluster) {
        List<String> lines = new ArrayList<>();
        if (cluster.has("resolvedIn")) {
            lines.add("resolved in " + cluster.path("resolvedIn").asText());
        }
        if (cluster.has("regressedIn")) {
            lines.add("regressed in " + cluster.path("regressedIn").asText());
        }
        if (cluster.has("seenAgainIn")) {
            lines.add("seen again in " + cluster.path("seenAgainIn").asText());
        }
        if (cluster.has("mutedUntil")) {
            lines.add("muted until " + cluster.path("mutedUntil"));
        }
        if (cluster.has("assignee")) {
            lines.add("assigned to " + cluster.path("assignee").asText());
        }
        if (cluster.has("ticket")) {
            lines.add("ticket " + cluster.path("ticket").asText());
        }
        return lines;
    }

    private static String said(JsonNode entry) {
        String text = Text.onOneLine(entry.path("text").asText());
        return Fields.text(entry, "kind") + (text.isEmpty() ? "" : ": " + text);
    }

    /** {@code 1.2.0 (2026-03-01T12:00:00Z)}, without a release where the crash did not say. */
    private static String seen(JsonNode seen) {
        String at = Fields.text(seen, "at");
        return seen.path("release").isTextual() ? Fields.text(seen, "release") + " (" + at + ")" : at;
    }
}
