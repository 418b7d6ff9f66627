package dev.faultline.cli.cluster;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Clusters, ranked. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List clusters, most impact first.")
final class ListClusters implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    @Option(
            names = "--query",
            paramLabel = "QUERY",
            description = "Only what this search finds, such as 'release:2.4.* hw:rev-c fn:radio_* -state:resolved'.")
    private @Nullable String query;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            description = "impact (the default), devices, crashes, firstSeen or lastSeen.")
    private @Nullable String sort;

    ListClusters(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        Map<String, String> filter =
                new Query().with("q", query).with("sort", sort).parameters();
        options.print(
                Listing.of(server, server.inProject("clusters"), filter, options.limit()),
                terminal,
                "No clusters.",
                List.of(
                        Column.of("CLUSTER", "id"),
                        Column.of("STATE", "state"),
                        Column.of("DEVICES", "devices"),
                        Column.of("CRASHES", "crashes"),
                        new Column("FIRST SEEN IN", cluster -> Fields.text(cluster.path("firstSeen"), "release")),
                        new Column("LAST SEEN IN", cluster -> Fields.text(cluster.path("lastSeen"), "release")),
                        Column.of("SIGNATURE", "signature")));
        return ExitCode.OK;
    }
}
