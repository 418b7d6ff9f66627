package dev.faultline.heartbeat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Heartbeats acknowledged and counted per second, in batches, against a running service:
 *
 * <pre>src/bench.sh dev.faultline.heartbeat.HeartbeatBenchmark [http://127.0.0.1:8080 [seconds [batch [connections [devices]]]]]</pre>
 */
public final class HeartbeatBenchmark {
    private static final String BOOT = Long.toString(System.currentTimeMillis());

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String project;
    private final int batch;
    private final int connections;
    private final int devices;
    private final AtomicLong next = new AtomicLong();
    private final double before;

    private HeartbeatBenchmark(String server, int batch, int connections, int devices) throws Exception {
        this.project = server + "/api/v1/projects/default/";
        this.batch = batch;
        this.connections = connections;
        this.devices = devices;
        this.before = hours();
    }

    public static void main(String... arguments) throws Exception {
        String server = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080";
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        int batch = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500;
        int connections = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4;
        int devices = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 100_000;
        var benchmark = new HeartbeatBenchmark(server, batch, connections, devices);
        // the first ones pay for class loading and the compiler
        benchmark.run("warm-up", seconds / 4);
        benchmark.run("measured", seconds);
    }

    private void run(String name, int seconds) throws Exception {
        var latencies = new ConcurrentLinkedQueue<Long>();
        long first = next.get();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        try (var senders = Executors.newFixedThreadPool(connections)) {
            List<Future<?>> sent = new ArrayList<>();
            for (int sender = 0; sender < connections; sender++) {
                sent.add(senders.submit(() -> {
                    while (System.nanoTime() < end) {
                        String body = body(next.getAndAdd(batch));
                        long before = System.nanoTime();
                        post(body);
                        latencies.add(System.nanoTime() - before);
                    }
                    return null;
                }));
            }
            for (var sender : sent) {
                sender.get();
            }
        }
        long beats = next.get() - first;
        double acknowledged = (System.nanoTime() - start) / 1e9;
        // a minute of operation each
        double wanted = before + next.get() / 60.0;
        while (Math.abs(hours() - wanted) > 1) {
            Thread.sleep(100);
        }
        double counted = (System.nanoTime() - start) / 1e9;
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%s: %d heartbeats of %d devices, %d in a batch, from %d connections: %.0f acknowledged/s"
                        + " (a batch p50 %.0f ms, p99 %.0f ms), %.0f counted/s from the first to the last hour of operation%n",
                name,
                beats,
                devices,
                batch,
                connections,
                beats / acknowledged,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                beats / counted);
    }

    /** Eight metrics each; devices of two revisions and three cohorts, which update from release to release. */
    private String body(long from) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var body = new StringBuilder("[");
        for (long beat = from; beat < from + batch; beat++) {
            long device = beat % devices;
            long round = beat / devices;
            body.append(beat == from ? "" : ",")
                    .append("{\"device\":\"SN-")
                    .append(device)
                    .append("\",\"hardware\":\"rev-")
                    .append(device % 2 == 0 ? 'a' : 'b')
                    .append("\",\"cohort\":\"c")
                    .append(device % 3)
                    .append("\",\"software\":\"bench-fw\",\"version\":\"2.")
                    .append(round % 10 == device % 10 ? 5 : 4)
                    .append("\",\"boot\":\"")
                    .append(BOOT)
                    .append("\",\"sequence\":")
                    .append(round)
                    .append(",\"at\":\"")
                    .append(now)
                    .append("\",\"interval\":60,\"uptime\":")
                    .append(3600 * (round + 1))
                    .append(beat % 50 == 0 ? ",\"reboots\":{\"watchdog\":1}" : "")
                    .append(",\"metrics\":{");
            for (int metric = 0; metric < 8; metric++) {
                body.append(metric == 0 ? "" : ",")
                        .append("\"metric_")
                        .append(metric)
                        .append("\":")
                        .append((beat * 31 + metric) % 1000 / 10.0);
            }
            body.append("}}");
        }
        return body.append(']').toString();
    }

    private void post(String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(project + "heartbeats"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202 || !answer.body().contains("\"accepted\":" + batch)) {
            throw new IOException("heartbeats answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private double hours() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(project + "exposure?software=bench-fw"))
                .build();
        String answer =
                client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return Arrays.stream(answer.split("[{,]"))
                .filter(member -> member.startsWith("\"deviceHours\":"))
                .findFirst()
                .map(member -> Double.parseDouble(member.substring(member.indexOf(':') + 1)))
                .orElseThrow(() -> new IllegalStateException(answer));
    }
}
