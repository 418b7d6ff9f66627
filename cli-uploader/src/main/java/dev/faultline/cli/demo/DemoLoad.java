package dev.faultline.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Registers a fleet's releases, sends its symbols and crashes, waits until the service has processed them, and says where to look. What the
 * service has already it recognises by its bytes, so that a second load changes nothing.
 *
 * @param list the file that lists the fleet; its paths are relative to it
 * @param now the moment that the fleet's {@code minutesAgo} count back from
 */
record DemoLoad(Server server, Terminal terminal, Path list, Instant now) {
    /** As many as the worker has use for on a small machine; more would only queue. */
    private static final int CONNECTIONS = 4;

    private static final Duration PROCESSING_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final int LISTED = 10_000;

    void run(Fleet fleet) throws IOException {
        for (Fleet.Release release : fleet.releases()) {
            server.post(server.inProject("releases"), json(release));
        }
        for (Fleet.DebugFile file : fleet.symbols()) {
            terminal.progress("demo fleet: symbols " + file.elf());
            Path elf = list.resolveSibling(file.elf());
            server.upload(
                    server.inProject("symbols"),
                    Map.of(
                            "software", file.software(),
                            "version", file.version(),
                            "fileName", String.valueOf(elf.getFileName())),
                    elf);
        }
        int added = upload(fleet.crashes());
        waitUntilProcessed();
        terminal.progressDone();
        say(fleet, added);
    }

    private static JsonNode json(Fleet.Release release) {
        var registration = JsonNodeFactory.instance
                .objectNode()
                .put("software", release.software())
                .put("version", release.version());
        if (release.parent() != null) {
            registration.put("parent", release.parent());
        }
        if (release.branch() != null) {
            registration.put("branch", release.branch());
        }
        return registration;
    }

    /** The number of crashes the service did not have. */
    private int upload(List<Fleet.Crash> crashes) throws IOException {
        int added = 0;
        try (var senders = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (Fleet.Crash crash : crashes) {
                outcomes.add(senders.submit(() -> upload(crash)));
            }
            try {
                for (Future<Boolean> outcome : outcomes) {
                    added += outcome.get() ? 1 : 0;
                }
            } catch (ExecutionException e) {
                senders.shutdownNow();
                throw failure(e);
            } catch (InterruptedException e) {
                senders.shutdownNow();
                Thread.currentThread().interrupt();
                throw CommandFailure.server("interrupted");
            }
        }
        return added;
    }

    private boolean upload(Fleet.Crash crash) throws IOException {
        JsonNode answer = server.upload(
                        server.inProject("crashes"),
                        Map.of(
                                "device", crash.device(),
                                "hardware", crash.hardware(),
                                "software", crash.software(),
                                "version", crash.version(),
                                "capturedAt",
                                        now.minus(Duration.ofMinutes(crash.minutesAgo()))
                                                .toString()),
                        list.resolveSibling(crash.dump()))
                .document();
        return !answer.path("disposition").asText().equals("duplicate");
    }

    private static IOException failure(ExecutionException of) {
        if (of.getCause() instanceof CommandFailure known) {
            throw known;
        }
        return of.getCause() instanceof IOException file ? file : new IOException(of);
    }

    private void waitUntilProcessed() {
        Instant deadline = Instant.now().plus(PROCESSING_LIMIT);
        while (!crashes("queued", 1).isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw CommandFailure.server("the service has not processed the demo fleet within "
                        + PROCESSING_LIMIT.toMinutes() + " minutes");
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.server("interrupted");
            }
        }
    }

    private List<JsonNode> crashes(String state, int limit) {
        return Listing.of(server, server.inProject("crashes"), Map.of("state", state), limit)
                .items();
    }

    private void say(Fleet fleet, int added) {
        long devices =
                fleet.crashes().stream().map(Fleet.Crash::device).distinct().count();
        int waiting = crashes("needs-symbols", LISTED).size();
        String address = server.address().toString().replaceAll("/+$", "");
        String pages = address + "/projects/" + Server.encode(server.project()) + "/";
        var out = terminal.out();
        out.println();
        out.printf(
                "Demo fleet: %d crashes of %d devices, %s%s.%n",
                fleet.crashes().size(),
                devices,
                added == 0 ? "already loaded" : "processed",
                waiting == 0 ? "" : "; " + waiting + " wait for symbols");
        out.println("  Clusters        " + pages + "clusters");
        out.println("  Missing symbols " + pages + "symbols");
        out.println("  API             " + address + "/q/openapi");
        if (fleet.releases().size() >= 2) {
            // the newest one is a candidate without symbols; the two before it have a story
            var releases = fleet.releases();
            int candidate = Math.max(1, releases.size() - 2);
            out.printf(
                    "  Compare         %scompare?software=%s&baseline=%s&candidate=%s%n",
                    pages,
                    Server.encode(releases.get(candidate).software()),
                    Server.encode(releases.get(candidate - 1).version()),
                    Server.encode(releases.get(candidate).version()));
        }
        out.println("Ctrl-C stops the service.");
        out.flush();
    }
}
