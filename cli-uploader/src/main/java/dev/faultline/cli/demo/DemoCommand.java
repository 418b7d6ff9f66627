package dev.faultline.cli.demo;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code serve --demo} runs beside the service. */
@Command(
        name = "demo",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Load a demo fleet into a service once it is ready; nothing is loaded twice.")
public final class DemoCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Option(names = "--service-pid", paramLabel = "PID", description = "The service's process: ends when that ends.")
    private @Nullable Long servicePid;

    @Parameters(paramLabel = "FLEET", description = "A fleet.json.")
    private Path fleet = Path.of("");

    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Server server = options.server(terminal);
        if (servicePid != null) {
            // this process starts first: whoever answers now is not the service it was started for
            if (server.answers("/q/health/live")) {
                throw CommandFailure.server(
                        "something else answers at " + server.address() + " already; the demo fleet is not loaded");
            }
            ProcessHandle service = ProcessHandle.of(servicePid)
                    .orElseThrow(() -> CommandFailure.server("the service ended before it was ready"));
            Thread.ofVirtual().start(() -> endWith(service));
        }
        waitUntilReady(server);
        new DemoLoad(options.serverAsOwner(terminal), terminal, fleet, Instant.now()).run(Fleet.read(fleet));
        return ExitCode.OK;
    }

    /** Without the service there is nothing left to do, not even to explain: it said itself why it ended. */
    private static void endWith(ProcessHandle service) {
        service.onExit().join();
        Runtime.getRuntime().halt(ExitCode.SERVER);
    }

    private void waitUntilReady(Server server) {
        Instant deadline = Instant.now().plus(START_LIMIT);
        while (!server.answers("/q/health/ready")) {
            if (Instant.now().isAfter(deadline)) {
                throw CommandFailure.server("the service at " + server.address() + " was not ready within "
                        + START_LIMIT.toMinutes() + " minutes; the demo fleet is not loaded");
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.server("interrupted");
            }
        }
    }
}
