package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which releases devices run. */
@Command(
        name = "adoption",
        mixinStandardHelpOptions = true,
        description = "Which releases devices run: share of the active ones, and how far each release spread.")
final class AdoptionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--software", required = true, paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private String software = "";

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "First day, such as 2026-11-01 (default: 30 days back).")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "DAY", description = "Last day (default: today).")
    private @Nullable String until;

    AdoptionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode adoption = server.get(
                server.inProject("adoption"),
                new Query()
                        .with("software", software)
                        .with("from", from)
                        .with("until", until)
                        .parameters());
        if (json.wanted()) {
            terminal.out().println(adoption);
        } else if (adoption.path("releases").isEmpty()) {
            terminal.out().println("No device sent a heartbeat of " + software + " in this time.");
        } else {
            print(adoption);
        }
        return ExitCode.OK;
    }

    private void print(JsonNode adoption) {
        Map<String, JsonNode> curves = new HashMap<>();
        adoption.path("curves").forEach(curve -> curves.put(Fields.text(curve, "version"), curve));
        var table = new Table("VERSION", "FIRST DAY", "DEVICES A DAY", "SHARE", "IT OR LATER");
        for (JsonNode release : adoption.path("releases")) {
            JsonNode curve = curves.get(Fields.text(release, "version"));
            table.add(
                    Fields.text(release, "version"),
                    Fields.text(release, "firstDay"),
                    String.format(Locale.ROOT, "%.1f", release.path("devices").asDouble()),
                    percent(release.path("share")),
                    curve == null ? "-" : percent(curve.path("share")));
        }
        table.print(terminal.out());
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble()) : "-";
    }
}
