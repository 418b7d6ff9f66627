package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Releases, those of one software type along the graph. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "List releases: those of one software type newest first along the graph, else as they became known.")
final class ListReleases implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    @Option(names = "--software", paramLabel = "TYPE", description = "Only of this software type.")
    private @Nullable String software;

    ListReleases(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        var query = new Query().with("software", software).with("order", software == null ? null : "lineage");
        options.print(
                Listing.of(server, server.inProject("releases"), query.parameters(), options.limit()),
                terminal,
                "No releases.",
                List.of(
                        Column.of("SOFTWARE", "software"),
                        Column.of("VERSION", "version"),
                        new Column(
                                "MADE FROM",
                                release -> release.path("registered").asBoolean() ? parents(release) : "unregistered"),
                        Column.of("BRANCH", "branch"),
                        Column.of("DEVICES", "devices"),
                        Column.of("CRASHES", "crashes"),
                        Column.of("COMMIT", "commit")));
        return ExitCode.OK;
    }

    private static String parents(JsonNode release) {
        String parents = release.path("parents")
                .valueStream()
                .map(parent -> Text.onOneLine(parent.asText()))
                .collect(Collectors.joining(", "));
        return parents.isEmpty() ? "-" : parents;
    }
}
