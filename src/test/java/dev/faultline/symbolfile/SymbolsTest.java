package dev.faultline.symbolfile;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import dev.faultline.Fixtures;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class SymbolsTest {
    private static final String BUILD = "main-fw-1.0.0-rev-a";
    private static final String OTHER = "main-fw-1.1.0-rev-b";

    private final String symbols = "/api/v1/projects/s-" + UUID.randomUUID() + "/symbols";

    @Inject
    Transactions transactions;

    @BeforeEach
    void createProject() {
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("insert into project (name) values (?)")) {
                insert.setString(1, symbols.split("/", -1)[4]);
                return insert.executeUpdate();
            }
        });
    }

    @Test
    void anUploadSaysWhatTheFileIsGoodFor() throws IOException {
        given().contentType("application/octet-stream")
                .queryParam("software", "main-fw")
                .queryParam("version", "1.0.0")
                .body(Fixtures.elf(BUILD))
                .post(symbols)
                .then()
                .statusCode(201)
                .body("state", equalTo("usable"))
                .body("architecture", equalTo("arm"))
                .body("software", equalTo("main-fw"))
                .body("size", equalTo(Fixtures.elf(BUILD).length))
                .body("released", equalTo(0))
                .body("quality.functions", greaterThan(20))
                .body("quality.dwarfVersions", equalTo(List.of(5)));
    }

    @Test
    void theSameFileAgainIsNoNews() throws IOException {
        String buildId =
                upload(Fixtures.elf(BUILD)).then().statusCode(201).extract().path("buildId");

        upload(Fixtures.elf(BUILD)).then().statusCode(200).body("buildId", equalTo(buildId));

        given().get(symbols).then().body("items", hasSize(1)).body("items[0].buildId", equalTo(buildId));
        given().get(symbols + "/" + buildId).then().statusCode(200);
        given().head(symbols + "/" + buildId).then().statusCode(200);
        given().head(symbols + "/00000000").then().statusCode(404);
    }

    @Test
    void aPackedFileIsTheFileInside() throws IOException {
        upload(gzip(Fixtures.elf(BUILD))).then().statusCode(201).body("size", equalTo(Fixtures.elf(BUILD).length));
    }

    @Test
    void aZipBringsEachDebugFileInIt() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String build : List.of(BUILD, OTHER)) {
                zip.putNextEntry(new ZipEntry("out/" + build + ".elf"));
                zip.write(Fixtures.elf(build));
            }
            zip.putNextEntry(new ZipEntry("out/README.txt"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("out/broken.elf"));
            zip.write(Fixtures.hostile("elf-truncated-in-section-headers.elf"), 0, 40);
        }

        upload(bytes.toByteArray())
                .then()
                .statusCode(201)
                .body("files", hasSize(2))
                .body("files.fileName", equalTo(List.of(BUILD + ".elf", OTHER + ".elf")))
                .body("skipped", hasSize(1))
                .body("skipped[0].name", equalTo("broken.elf"));
    }

    @Test
    void aPackedTarBringsEachDebugFileInIt() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (String build : List.of(BUILD, OTHER)) {
                var entry = new TarArchiveEntry("../" + build + ".elf");
                entry.setSize(Fixtures.elf(build).length);
                tar.putArchiveEntry(entry);
                tar.write(Fixtures.elf(build));
                tar.closeArchiveEntry();
            }
        }

        upload(bytes.toByteArray()).then().statusCode(201).body("files", hasSize(2));
    }

    @Test
    void anArchiveThatIsCutOffIsTheSendersTrouble() throws IOException {
        var whole = new ByteArrayOutputStream();
        try (var out = new TarArchiveOutputStream(whole)) {
            var entry = new TarArchiveEntry("notes.txt");
            entry.setSize(4096);
            out.putArchiveEntry(entry);
            out.write(new byte[4096]);
            out.closeArchiveEntry();
        }
        byte[] tar = Arrays.copyOf(whole.toByteArray(), 1024);

        upload(tar).then().statusCode(422).body("detail", containsString("tar archive"));
        upload(new byte[] {'P', 'K', 3, 4, 0, 0}).then().statusCode(422).body("detail", containsString("zip archive"));
    }

    @Test
    void aBrokenFileIsRefusedWithThePlaceThatIsBroken() throws IOException {
        byte[] cut = Arrays.copyOf(Fixtures.elf(BUILD), 40);

        upload(cut)
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("detail", containsString("0x"))
                .body("detail", containsString("left"));
    }

    @Test
    void whatIsNoElfFileIsRefusedWithWhatWasFound() {
        upload("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(422)
                .body("detail", containsString("begins with 23 21 2f 62 69 6e 2f 73"));
        upload(new byte[0]).then().statusCode(422).body("detail", containsString("it is empty"));
    }

    @Test
    void anAddressIsAnsweredInnermostFirst() throws IOException {
        String buildId = upload(Fixtures.elf(BUILD)).then().extract().path("buildId");

        given().queryParam("address", "0x8e0", "0x0000099a", "0xfffffffffffffff0")
                .get(symbols + "/" + buildId + "/lookup")
                .then()
                .statusCode(200)
                .body("results.address", equalTo(List.of("0x8e0", "0x0000099a", "0xfffffffffffffff0")))
                .body("results[0].frames.function", equalTo(List.of("apply", "update_reading")))
                .body("results[0].frames.inlined", equalTo(List.of(true, false)))
                .body("results[0].frames.line", equalTo(List.of(30, 52)))
                .body("results[0].frames[0].file", containsString("filter.c"))
                .body("results[2].frames", empty());
    }

    @Test
    void manyAddressesAreAnsweredAtOnceButNotTooMany() throws IOException {
        String buildId = upload(Fixtures.elf(BUILD)).then().extract().path("buildId");
        var most = IntStream.range(0, SymbolResource.ADDRESSES)
                .mapToObj("0x%x"::formatted)
                .toList();

        lookup(buildId, most).then().statusCode(200).body("results", hasSize(SymbolResource.ADDRESSES));

        lookup(
                        buildId,
                        IntStream.rangeClosed(0, SymbolResource.ADDRESSES)
                                .mapToObj("0x%x"::formatted)
                                .toList())
                .then()
                .statusCode(413)
                .body("detail", containsString("100001 addresses"));
    }

    @Test
    void whatIsNoAddressIsNamed() throws IOException {
        String buildId = upload(Fixtures.elf(BUILD)).then().extract().path("buildId");

        for (String bad : List.of("123", "0x", "0x12g", "0x11111111111111111", "")) {
            lookup(buildId, List.of(bad))
                    .then()
                    .statusCode(400)
                    .body("detail", containsString("found " + bad + ", wanted hexadecimal"));
        }
        given().get(symbols + "/" + buildId + "/lookup").then().statusCode(400);
        given().get(symbols + "/xyz/lookup?address=0x1").then().statusCode(400);
        given().get(symbols + "/abcd/lookup?address=0x1").then().statusCode(404);
    }

    @Test
    void aBodyBeyondTheOrdinaryLimitIsRefused() throws IOException {
        String buildId = upload(Fixtures.elf(BUILD)).then().extract().path("buildId");

        given().contentType("application/json")
                .body("{\"addresses\":[\"" + "0".repeat(5 << 20) + "\"]}")
                .post(symbols + "/" + buildId + "/lookup")
                .then()
                .statusCode(413);
    }

    private Response lookup(String buildId, List<String> addresses) {
        return given().contentType("application/json")
                .body(Map.of("addresses", addresses))
                .post(symbols + "/" + buildId + "/lookup");
    }

    private Response upload(byte[] body) {
        return given().contentType("application/octet-stream").body(body).post(symbols);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
