package dev.faultline.ingest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Uploads acknowledged and crashes processed per second, against a running service. Needs nothing but a JDK:
 *
 * <pre>java src/test/java/dev/faultline/ingest/IngestBenchmark.java [http://127.0.0.1:8080 [uploads [connections]]]</pre>
 */
public final class IngestBenchmark {
    private static final int SIZE = 64 << 10;
    private static final String DUMP = "main-fw-1.0.0-rev-a-unknown-channel.core";
    private static final String ELF = "main-fw-1.0.0-rev-a.elf";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String project;

    private IngestBenchmark(String server) {
        this.project = server + "/api/v1/projects/default/";
    }

    public static void main(String... arguments) throws Exception {
        var benchmark = new IngestBenchmark(arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080");
        int uploads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4000;
        int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16;
        benchmark.send("symbols", Files.readAllBytes(fixture("elf/" + ELF)));
        byte[] dump = Files.readAllBytes(fixture("coredumps/" + DUMP));
        // the first ones pay for class loading and the compiler
        benchmark.run("warm-up", dump, uploads / 4, connections);
        benchmark.run("measured", dump, uploads, connections);
    }

    /** The benchmark is started in the repository's root or in the service's module. */
    private static Path fixture(String name) {
        Path here = Path.of("firmware-fixtures", name);
        return Files.exists(here) ? here : Path.of("..", "firmware-fixtures", name);
    }

    private void run(String name, byte[] dump, int uploads, int connections) throws Exception {
        var latencies = new ConcurrentLinkedQueue<Long>();
        var next = new AtomicInteger();
        long start = System.nanoTime();
        try (var senders = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                var random = new Random(start + i);
                senders.submit(() -> {
                    for (int n = next.getAndIncrement(); n < uploads; n = next.getAndIncrement()) {
                        // incompressible and different each time, as from as many devices
                        byte[] body = new byte[SIZE];
                        random.nextBytes(body);
                        System.arraycopy(dump, 0, body, 0, dump.length);
                        long sent = System.nanoTime();
                        send("crashes?device=bench-" + n % 1000, body);
                        latencies.add(System.nanoTime() - sent);
                    }
                    return null;
                });
            }
        }
        double acknowledged = (System.nanoTime() - start) / 1e9;
        if (latencies.size() != uploads) {
            throw new IllegalStateException("only " + latencies.size() + " of " + uploads + " uploads were acknowledged");
        }
        while (!get("crashes?state=queued&limit=1").contains("\"items\":[]")) {
            Thread.sleep(20);
        }
        double processed = (System.nanoTime() - start) / 1e9;
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%s: %d uploads of %d KiB from %d connections: %.0f acknowledged/s (p50 %.1f ms, p99 %.1f ms),"
                        + " %.0f processed/s from the first upload to the last report%n",
                name,
                uploads,
                SIZE >> 10,
                connections,
                uploads / acknowledged,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                uploads / processed);
    }

    private void send(String path, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(project + path))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (!Arrays.asList(200, 201, 202).contains(answer.statusCode())) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(project + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
