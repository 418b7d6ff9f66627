package dev.faultline.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.Fixtures;
import dev.faultline.ops.DataDirectory;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.store.BlobStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which bytes are deleted, and which never. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class SweepTest {
    private static final String PROJECT = "/api/v1/projects/default/";

    @Inject
    Transactions transactions;

    @Inject
    BlobStore blobs;

    @Inject
    Verifier verifier;

    @Inject
    DataDirectory directory;

    @Test
    void aDebugFileThatWasRefusedGoesAfterAnHour() throws Exception {
        byte[] broken = unique(new byte[] {0x7f, 'E', 'L', 'F'});
        given().contentType("application/octet-stream")
                .body(broken)
                .post(PROJECT + "symbols")
                .then()
                .statusCode(422);
        assertThat(blobs.path(sha256(broken))).isPresent();

        verifier.sweep(Instant.now());
        assertThat(blobs.path(sha256(broken))).isPresent();

        assertThat(verifier.sweep(inTwoHours())).isPositive();
        assertThat(blobs.path(sha256(broken))).isEmpty();
    }

    @Test
    void theLogOfACoredumpThatWasRefusedGoesAndThatOfOneThatWasTakenStays() throws Exception {
        byte[] refused = unique("log of a refused one ".getBytes(StandardCharsets.UTF_8));
        given().multiPart("coredump", "a.core", "no coredump".getBytes(StandardCharsets.UTF_8))
                .multiPart("log", "a.log", refused)
                .post(PROJECT + "crashes")
                .then()
                .statusCode(415);
        byte[] taken = unique("log of a taken one ".getBytes(StandardCharsets.UTF_8));
        given().multiPart("coredump", "a.core", unique(Fixtures.coredump("main-fw-1.0.0-rev-a-brownout")))
                .multiPart("log", "a.log", taken)
                .post(PROJECT + "crashes")
                .then()
                .statusCode(202);
        assertThat(blobs.path(sha256(refused))).isPresent();

        verifier.sweep(inTwoHours());

        assertThat(blobs.path(sha256(refused))).isEmpty();
        assertThat(blobs.path(sha256(taken))).isPresent();
    }

    @Test
    void whatAnOlderDatabaseDoesNotKnowIsKeptAndCounted() throws Exception {
        byte[] dump = unique(Fixtures.hostile("core-truncated-in-elf-header.core"));
        String crash = given().contentType("application/octet-stream")
                .body(dump)
                .post(PROJECT + "crashes")
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
        int part = Integer.parseInt(sha256(dump).substring(0, 2), 16);
        int before = verifier.unexplained(part, inTwoHours());

        // as a restored database is that was saved before the crash
        transactions.durable(connection -> {
            try (var delete = connection.prepareStatement("delete from crash where id = ?")) {
                delete.setObject(1, UUID.fromString(crash));
                return delete.executeUpdate();
            }
        });
        verifier.sweep(inTwoHours());

        assertThat(blobs.path(sha256(dump))).isPresent();
        assertThat(verifier.unexplained(part, inTwoHours())).isEqualTo(before + 1);
    }

    @Test
    void aFileThatOthersMayReferToStays() throws Exception {
        byte[] packed = unique(Files.readAllBytes(Fixtures.symbols("elf/packed-gcc-dwarf4.elf.dwp")));
        upload(packed).then().statusCode(201);

        verifier.sweep(inTwoHours());

        assertThat(blobs.path(sha256(packed))).isPresent();
    }

    @Test
    void aFileThatABetterOneReplacedGoesWithItsIndex() throws Exception {
        byte[] stripped = unique(Files.readAllBytes(Fixtures.symbols("images/library-ppc.stripped.so")));
        byte[] whole = unique(Files.readAllBytes(Fixtures.symbols("images/library-ppc.so")));
        upload(stripped).then().statusCode(201).body("role", equalTo("image"));
        assertThat(index(stripped)).isTrue();

        upload(whole).then().statusCode(201).body("role", equalTo("whole")).body("state", equalTo("usable"));

        verifier.sweep(inTwoHours());
        assertThat(blobs.path(sha256(stripped))).isEmpty();
        assertThat(index(stripped)).isFalse();
        assertThat(blobs.path(sha256(whole))).isPresent();
        assertThat(index(whole)).isTrue();
    }

    private boolean index(byte[] debugFile) throws IOException, NoSuchAlgorithmException {
        String name = sha256(debugFile) + ".idx";
        try (var files = Files.walk(directory.path().resolve("indexes"))) {
            return files.anyMatch(file -> file.endsWith(name));
        }
    }

    private static Response upload(byte[] debugFile) {
        return given().contentType("application/octet-stream").body(debugFile).post(PROJECT + "symbols");
    }

    private static Instant inTwoHours() {
        return Instant.now().plus(Duration.ofHours(2));
    }

    /** Those bytes and some that no other test has. */
    private static byte[] unique(byte[] bytes) {
        byte[] more = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        byte[] both = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, both, bytes.length, more.length);
        return both;
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
