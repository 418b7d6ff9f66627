package dev.faultline.cli.release;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.ListOptions;
import dev.faultline.cli.server.ListOptions.Column;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What about the releases that a fleet runs somebody should look at. */
@Command(
        name = "findings",
        mixinStandardHelpOptions = true,
        description =
                "What about the fleet's releases needs a look: slow adoption, rollbacks, crash loops, silent devices.")
public final class FindingsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ListOptions options = new ListOptions();

    @Option(names = "--software", required = true, paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private String software = "";

    @Option(
            names = "--devices",
            paramLabel = "KIND",
            description = "List the devices behind a finding, such as silent-after-update.")
    private @Nullable String devices;

    @Option(names = "--release", paramLabel = "VERSION", description = "The release that the finding is about.")
    private @Nullable String version;

    public FindingsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.service().server(terminal);
        var query = new Query().with("software", software);
        if (devices == null) {
            options.print(
                    Listing.of(server, server.inProject("findings"), query.parameters(), options.limit()),
                    terminal,
                    "Nothing was found.",
                    List.of(
                            Column.of("FINDING", "kind"),
                            Column.of("RELEASE", "version"),
                            Column.of("DEVICES", "devices"),
                            Column.of("WHAT", "text")));
        } else {
            options.print(
                    Listing.of(
                            server,
                            server.inProject("findings/" + Server.encode(devices) + "/devices"),
                            query.with("version", version).parameters(),
                            options.limit()),
                    terminal,
                    "No devices.",
                    List.of(
                            Column.of("DEVICE", "name"),
                            Column.of("HARDWARE", "hardware"),
                            Column.of("COHORT", "cohort"),
                            Column.of("RUNS", "version"),
                            Column.of("LAST SEEN", "lastSeen"),
                            Column.of("WHAT", "what")));
        }
        return ExitCode.OK;
    }
}
