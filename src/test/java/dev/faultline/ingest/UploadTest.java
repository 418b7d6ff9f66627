package dev.faultline.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.faultline.Fixtures;
import dev.faultline.ops.PostgresResource;
import dev.faultline.symbols.store.BlobStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class UploadTest {
    private static final String CRASHES = "/api/v1/projects/default/crashes";
    private static final String BROWNOUT = "main-fw-1.0.0-rev-a-brownout";

    @Inject
    BlobStore blobs;

    @TestHTTPResource
    URI service;

    @Test
    void aCoredumpIsAcceptedAndItsBytesComeBack() throws IOException {
        byte[] dump = Fixtures.coredump(BROWNOUT);

        String id = upload("accept-1", dump)
                .then()
                .statusCode(202)
                .body("disposition", equalTo("queued"))
                .extract()
                .path("crashId");

        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        byte[] back = given().get(CRASHES + "/" + id + "/coredump")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(back).isEqualTo(dump);
    }

    @Test
    void aBodyWithoutAContentTypeIsACoredump() throws Exception {
        var request = HttpRequest.newBuilder(service.resolve(CRASHES + "?device=untyped-1"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(Fixtures.coredump(BROWNOUT)))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void theSameBytesOfTheSameDeviceAreTheSameCrash() throws IOException {
        byte[] dump = Fixtures.coredump(BROWNOUT);
        String id = upload("again-1", dump).then().statusCode(202).extract().path("crashId");

        upload("again-1", dump)
                .then()
                .statusCode(200)
                .body("disposition", equalTo("duplicate"))
                .body("crashId", equalTo(id));
    }

    @Test
    void theSameBytesOfAnotherDeviceAreAnotherCrash() throws IOException {
        byte[] dump = Fixtures.coredump(BROWNOUT);
        String one = upload("two-1", dump).then().statusCode(202).extract().path("crashId");

        String other = upload("two-2", dump).then().statusCode(202).extract().path("crashId");

        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void sixteenReplaysAtOnceBecomeOneCrash() throws Exception {
        byte[] dump = Fixtures.coredump(BROWNOUT);
        List<Future<Response>> answers;
        try (var senders = Executors.newFixedThreadPool(16)) {
            List<Callable<Response>> replays = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                replays.add(() -> upload("stampede-1", dump));
            }
            answers = senders.invokeAll(replays);
        }

        int queued = 0;
        List<String> ids = new ArrayList<>();
        for (var answer : answers) {
            var response = answer.get();
            assertThat(response.statusCode()).isIn(200, 202);
            queued += response.statusCode() == 202 ? 1 : 0;
            ids.add(response.path("crashId"));
        }
        assertThat(queued).isEqualTo(1);
        assertThat(ids).containsOnly(ids.getFirst());
    }

    @Test
    void aDuplicateRestoresBytesThatAreGone() throws IOException {
        byte[] dump = withTail(Fixtures.coredump(BROWNOUT), "restore");
        String id = upload("restore-1", dump).then().statusCode(202).extract().path("crashId");
        String sha256 = given().get(CRASHES + "/" + id).path("upload.sha256");
        assertThat(blobs.delete(sha256)).isTrue();
        given().get(CRASHES + "/" + id + "/coredump").then().statusCode(410);

        upload("restore-1", dump).then().statusCode(200).body("crashId", equalTo(id));

        byte[] back = given().get(CRASHES + "/" + id + "/coredump")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(back).isEqualTo(dump);
    }

    @Test
    void aContentEncodingIsTakenOff() throws IOException {
        byte[] dump = Fixtures.coredump(BROWNOUT);

        String id = post(gzip(dump))
                .queryParam("device", "encoded-1")
                .header("Content-Encoding", "gzip")
                .post(CRASHES)
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");

        byte[] back =
                given().get(CRASHES + "/" + id + "/coredump").then().extract().asByteArray();
        assertThat(back).isEqualTo(dump);
    }

    @Test
    void aCoredumpThatIsPackedItselfIsKeptAsItIs() throws IOException {
        byte[] packed = gzip(Fixtures.coredump(BROWNOUT));

        String id = upload("packed-1", packed).then().statusCode(202).extract().path("crashId");

        byte[] back =
                given().get(CRASHES + "/" + id + "/coredump").then().extract().asByteArray();
        assertThat(back).isEqualTo(packed);
    }

    @Test
    void whatCurlSendsByItselfIsTaken() throws IOException {
        given().urlEncodingEnabled(false)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT)))
                .queryParam("device", "curl-1")
                .body(Fixtures.coredump(BROWNOUT))
                .post(CRASHES)
                .then()
                .statusCode(202);
    }

    @Test
    void aFormBringsALogAndAnAttachment() throws IOException {
        String id = given().multiPart("coredump", "core", Fixtures.coredump(BROWNOUT))
                .multiPart("log", "log.txt", "last words".getBytes(StandardCharsets.UTF_8))
                .multiPart("attachment", "photo.jpg", new byte[] {1, 2, 3})
                .queryParam("device", "form-1")
                .post(CRASHES)
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");

        String log = given().get(CRASHES + "/" + id).path("upload.logSha256");
        assertThat(blobs.path(log)).hasValueSatisfying(path -> assertThat(path).hasContent("last words"));
    }

    @Test
    void aLogAloneIsReadForTheCrashesInIt() throws IOException {
        given().multiPart("log", "console.log", Fixtures.format("main-fw-1.2.0-rev-b-two-crashes.zephyr-log"))
                .queryParam("device", "form-2")
                .post(CRASHES)
                .then()
                .statusCode(202);
        given().multiPart("log", "console.log", "nothing happened".getBytes(StandardCharsets.UTF_8))
                .post(CRASHES)
                .then()
                .statusCode(415);
    }

    @Test
    void aFormWithoutACoredumpSaysSo() {
        given().multiPart("attachment", "photo.jpg", new byte[] {1})
                .post(CRASHES)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", containsString("no part coredump"));
    }

    @Test
    void anEmptyBodyIsRefused() {
        upload("empty-1", new byte[0])
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:faultline:problem:empty-coredump"));
    }

    @Test
    void whatIsNoCoredumpIsRefusedWithWhatWasFound() {
        upload("text-1", "{\"hello\": 1}".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(415)
                .body("type", equalTo("urn:faultline:problem:coredump-not-known"))
                .body("detail", containsString("begins with 7b 22 68 65 6c 6c 6f 22"));
    }

    @Test
    void aCoredumpBeyondTheLimitIsRefusedWithTheSettingsName() {
        byte[] large = new byte[(64 << 20) + 1];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, large, 0, 4);

        upload("large-1", large)
                .then()
                .statusCode(413)
                .body("limit", is(64 << 20))
                .body("detail", containsString("faultline.limits.coredump"));
    }

    @Test
    void anEncodingThatIsNotKnownIsNamed() throws IOException {
        post(Fixtures.coredump(BROWNOUT))
                .header("Content-Encoding", "br")
                .post(CRASHES)
                .then()
                .statusCode(415)
                .body("detail", containsString("found br"));
    }

    @Test
    void aBodyThatIsNotWhatItsEncodingSaysIsRefused() throws IOException {
        post(Fixtures.coredump(BROWNOUT))
                .header("Content-Encoding", "gzip")
                .post(CRASHES)
                .then()
                .statusCode(400);
    }

    @Test
    void aClockThatIsBelievableIsBelieved() throws IOException {
        var captured = Instant.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);

        var crash = uploadCapturedAt("clock-1", captured.toString());

        assertThat(crash.<String>path("effectiveAt")).isEqualTo(captured.toString());
    }

    @Test
    void aClockThatIsNotBelievableIsKeptButNotCountedBy() throws IOException {
        var crash = uploadCapturedAt("clock-2", "1970-01-01T00:00:07Z");

        assertThat(crash.<String>path("capturedAt")).isEqualTo("1970-01-01T00:00:07Z");
        assertThat(crash.<String>path("effectiveAt")).isEqualTo(crash.<String>path("receivedAt"));
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws IOException {
        post(Fixtures.coredump(BROWNOUT))
                .queryParam("capturedAt", "yesterday")
                .post(CRASHES)
                .then()
                .statusCode(400)
                .body("detail", containsString("capturedAt: found yesterday"));
    }

    @Test
    void anUnknownProjectIsNamed() throws IOException {
        post(Fixtures.coredump(BROWNOUT))
                .post("/api/v1/projects/nowhere/crashes")
                .then()
                .statusCode(404)
                .body("detail", containsString("nowhere"));
    }

    @Test
    void anUnknownCrashIsA404() {
        given().get(CRASHES + "/" + UUID.randomUUID()).then().statusCode(404);
        given().get(CRASHES + "/nonsense").then().statusCode(404);
    }

    private static Response uploadCapturedAt(String device, String time) throws IOException {
        String id = post(Fixtures.coredump(BROWNOUT))
                .queryParam("device", device)
                .queryParam("capturedAt", time)
                .post(CRASHES)
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
        return given().get(CRASHES + "/" + id);
    }

    private static Response upload(String device, byte[] dump) {
        return post(dump).queryParam("device", device).post(CRASHES);
    }

    private static RequestSpecification post(byte[] body) {
        return given().contentType("application/octet-stream").body(body);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] withTail(byte[] dump, String tail) {
        byte[] bytes = Arrays.copyOf(dump, dump.length + tail.length());
        System.arraycopy(tail.getBytes(StandardCharsets.US_ASCII), 0, bytes, dump.length, tail.length());
        return bytes;
    }
}
