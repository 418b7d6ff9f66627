package dev.faultline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.Fixtures;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An acknowledged crash is never lost, whatever is killed and when. */
class KillIT {
    private static final int UPLOADS = 1_000;
    private static final int CONNECTIONS = 16;
    private static final String CRASHES = "/api/v1/projects/default/crashes";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path data;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    /** Which upload each acknowledged crash id was. */
    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();

    private byte[] dump;
    private ServiceProcess service;

    @BeforeEach
    void start() throws Exception {
        dump = Fixtures.coredump("main-fw-1.0.0-rev-a-brownout");
        service = ServiceProcess.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @Test
    void killingServiceAndDatabaseInTheMiddleLosesNothingThatWasAcknowledged() throws Exception {
        var next = new AtomicInteger();
        try (var devices = Executors.newFixedThreadPool(CONNECTIONS)) {
            var senders = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> devices.submit(() -> sendAll(next)))
                    .toList();

            awaitAcknowledged(250);
            service.kill();
            service.startAgain();

            awaitAcknowledged(500);
            // the service stays and brings its database back
            service.killDatabase();

            awaitAcknowledged(750);
            service.killDatabase();
            service.kill();
            service.startAgain();

            for (Future<?> sender : senders) {
                sender.get();
            }
        }

        assertThat(acknowledged).hasSize(UPLOADS);
        assertThat(new HashSet<>(acknowledged.values())).hasSize(UPLOADS);
        for (var crash : acknowledged.entrySet()) {
            var bytes = get(CRASHES + "/" + crash.getKey() + "/coredump");
            assertThat(bytes.statusCode()).isEqualTo(200);
            assertThat(bytes.body()).isEqualTo(upload(crash.getValue()));
        }
        awaitProcessed();
        // without waiting for the leases of the workers that were killed
        assertThat(service.log()).contains("crashes were being processed when the service ended");
        assertThat(listed()).isEqualTo(acknowledged.keySet());
    }

    /** Sends what nobody has sent yet, each until it is acknowledged, as a device does. */
    private Void sendAll(AtomicInteger next) throws InterruptedException {
        for (int number = next.getAndIncrement(); number < UPLOADS; number = next.getAndIncrement()) {
            var end = Instant.now().plus(PATIENCE);
            while (!send(number)) {
                assertThat(Instant.now()).as("upload " + number + " is taken").isBefore(end);
                Thread.sleep(50);
            }
        }
        return null;
    }

    private boolean send(int number) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(service.uri(CRASHES + "?device=SN-" + number % 50))
                    .timeout(Duration.ofSeconds(30))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(upload(number)))
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 202 && answer.statusCode() != 200) {
                assertThat(answer.statusCode())
                        .as(new String(answer.body(), StandardCharsets.UTF_8))
                        .isEqualTo(503);
                return false;
            }
            acknowledged.put(json.readTree(answer.body()).get("crashId").asText(), number);
            return true;
        } catch (IOException killed) {
            return false;
        }
    }

    /** A coredump that no other upload has the bytes of. */
    private byte[] upload(int number) {
        return ByteBuffer.wrap(Arrays.copyOf(dump, dump.length + Integer.BYTES))
                .putInt(dump.length, number)
                .array();
    }

    private void awaitAcknowledged(int count) throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (acknowledged.size() < count) {
            assertThat(Instant.now()).as(count + " uploads are acknowledged").isBefore(end);
            Thread.sleep(1);
        }
    }

    private void awaitProcessed() throws Exception {
        var end = Instant.now().plus(PATIENCE);
        while (!document(CRASHES + "?state=queued&limit=1").get("items").isEmpty()) {
            assertThat(Instant.now()).as("every crash is processed").isBefore(end);
            Thread.sleep(200);
        }
        assertThat(document(CRASHES + "?state=quarantined&limit=1").get("items"))
                .isEmpty();
    }

    private Set<String> listed() throws Exception {
        var ids = new HashSet<String>();
        String after = "";
        while (true) {
            var page = document(CRASHES + "?limit=500" + after);
            page.get("items").forEach(crash -> ids.add(crash.get("id").asText()));
            if (!page.hasNonNull("next")) {
                return ids;
            }
            after = "&after=" + page.get("next").asText();
        }
    }

    private JsonNode document(String path) throws Exception {
        return json.readTree(get(path).body());
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(service.uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
