package dev.faultline.cli.crash;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
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

/** Crashes, newest first. */
@Command(name = "list", description = "List crashes, newest first.")
final class ListCrashes implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ListOptions options = new ListOptions();

    @Option(
            names = "--query",
            paramLabel = "QUERY",
            description = "Only what this search finds, such as 'release:>=2.4 fn:radio_* device:SN-10* seen:<7d'.")
    private @Nullable String query;

    @Option(names = "--cluster", paramLabel = "ID", description = "Only of this cluster, such as C-17.")
    private @Nullable String cluster;

    @Option(names = "--version", paramLabel = "VERSION", description = "Only of this release.")
    private @Nullable String version;

    @Option(names = "--hardware", paramLabel = "REVISION", description = "Only of this hardware revision.")
    private @Nullable String hardware;

    @Option(names = "--reason", paramLabel = "FAMILY", description = "Only with this reason, such as null-deref.")
    private @Nullable String reason;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only queued, processed, needs-symbols or quarantined ones.")
    private @Nullable String state;

    ListCrashes(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        Map<String, String> filter = new Query()
                .with("q", query)
                .with("cluster", cluster)
                .with("release", version)
                .with("hardware", hardware)
                .with("reason", reason)
                .with("state", state)
                .parameters();
        options.print(
                Listing.of(server, server.inProject("crashes"), filter, options.limit()),
                terminal,
                "No crashes.",
                List.of(
                        Column.of("CRASH", "id"),
                        Column.of("STATE", "state"),
                        Column.of("DEVICE", "device"),
                        Column.of("HARDWARE", "hardware"),
                        Column.of("SOFTWARE", "software"),
                        Column.of("VERSION", "version"),
                        Column.of("REASON", "reason"),
                        new Column("CLUSTER", crash -> Fields.text(crash.path("cluster"), "id"))));
        return ExitCode.OK;
    }
}
