package dev.faultline.cli.crash;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.LimitOption;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Crashes, newest first. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List crashes, newest first.")
final class ListCrashes implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

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
        Server server = options.server(terminal);
        Map<String, String> filter = new Query()
                .with("cluster", cluster)
                .with("release", version)
                .with("hardware", hardware)
                .with("reason", reason)
                .with("state", state)
                .parameters();
        Listing crashes = Listing.of(server, server.inProject("crashes"), filter, limit.value());
        if (json.wanted()) {
            crashes.items().forEach(terminal.out()::println);
            return ExitCode.OK;
        }
        if (crashes.items().isEmpty()) {
            terminal.out().println("No crashes.");
            return ExitCode.OK;
        }
        var table = new Table("CRASH", "STATE", "DEVICE", "HARDWARE", "SOFTWARE", "VERSION", "REASON", "CLUSTER");
        crashes.items()
                .forEach(crash -> table.add(
                        Fields.text(crash, "id"),
                        Fields.text(crash, "state"),
                        Fields.text(crash, "device"),
                        Fields.text(crash, "hardware"),
                        Fields.text(crash, "software"),
                        Fields.text(crash, "version"),
                        Fields.text(crash, "reason"),
                        Fields.text(crash.path("cluster"), "id")));
        table.print(terminal.out());
        limit.sayIfMore(crashes, terminal);
        return ExitCode.OK;
    }
}
