package dev.faultline.examination;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.faultline.Fixtures;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Globals and memory of a real crash. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ExaminationTest {
    private static final String BUILD = "main-fw-1.0.0-rev-a";

    private final String project = "p-" + UUID.randomUUID();
    private String crash = "";

    @Inject
    Transactions transactions;

    @BeforeEach
    void uploadACrash() throws IOException {
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("insert into project (name) values (?)")) {
                insert.setString(1, project);
                return insert.executeUpdate();
            }
        });
        given().contentType("application/octet-stream")
                .body(Fixtures.elf(BUILD))
                .post(path("symbols"))
                .then()
                .statusCode(201);
        crash = given().contentType("application/octet-stream")
                .queryParam("device", "SN-1")
                .body(Fixtures.coredump(BUILD + "-unknown-channel"))
                .post(path("crashes"))
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
    }

    @Test
    void aGlobalIsFoundByItsName() {
        given().queryParam("name", "full_batches")
                .get(path("crashes/" + crash + "/globals"))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].address", equalTo("0x20000034"))
                .body("items[0].file", containsString("sensor.c"))
                .body("items[0].line", equalTo(32))
                .body("items[0].variable.name", equalTo("full_batches"))
                .body("items[0].variable.type", equalTo("struct queue"))
                .body("items[0].variable.state", equalTo("known"))
                .body("items[0].variable.value", containsString("item_size = 4"));
        given().queryParam("name", "no_such_global")
                .get(path("crashes/" + crash + "/globals"))
                .then()
                .statusCode(200)
                .body("items", empty());
    }

    @Test
    void allGlobalsComeInPagesThatFollowEachOther() {
        var first = given().queryParam("limit", 5)
                .get(path("crashes/" + crash + "/globals"))
                .jsonPath()
                .getList("items");
        var both = given().queryParam("limit", 10)
                .get(path("crashes/" + crash + "/globals"))
                .jsonPath()
                .getList("items");
        var second = given().queryParam("limit", 5)
                .queryParam("from", 5)
                .get(path("crashes/" + crash + "/globals"))
                .jsonPath()
                .getList("items");

        assertThat(first).hasSize(5);
        assertThat(both.subList(0, 5)).isEqualTo(first);
        assertThat(both.subList(5, 10)).isEqualTo(second);
    }

    @Test
    void memoryComesWithTheGlobalsThatLieThere() {
        given().queryParam("address", "0x20000030")
                .queryParam("size", 24)
                .get(path("crashes/" + crash + "/memory"))
                .then()
                .statusCode(200)
                .body("ranges", hasSize(1))
                .body("ranges[0].address", equalTo("0x20000030"))
                .body("ranges[0].size", equalTo(24))
                .body("ranges[0].bytes.length()", equalTo(48))
                .body("symbols[0].name", equalTo("period.0"))
                .body("symbols[1].name", equalTo("full_batches"))
                .body("symbols[1].address", equalTo("0x20000034"))
                .body("symbols[1].size", equalTo(20));
    }

    @Test
    void theCoredumpComesAsItWasUploadedOrAsAnElfCoreForADebugger() throws IOException {
        byte[] uploaded = Fixtures.coredump(BUILD + "-unknown-channel");

        assertThat(coredump("")).isEqualTo(uploaded);
        assertThat(coredump("?as=elf")).startsWith(0x7f, 'E', 'L', 'F');
        given().get(path("crashes/" + crash + "/coredump?as=pe"))
                .then()
                .statusCode(400)
                .body("detail", equalTo("as: found pe, wanted elf"));
    }

    private byte[] coredump(String query) {
        return given().get(path("crashes/" + crash + "/coredump" + query))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    @Test
    void whatTheDumpDoesNotHaveIsSaidToBeMissingAndIsNotZero() {
        given().queryParam("address", "0x20ffff00")
                .queryParam("size", 16)
                .get(path("crashes/" + crash + "/memory"))
                .then()
                .statusCode(200)
                .body("ranges", hasSize(1))
                .body("ranges[0].size", equalTo(16))
                .body("ranges[0].bytes", equalTo(null))
                .body("symbols", empty());
    }

    @Test
    void readOnlyMemoryComesOutOfTheDebugFile() {
        given().queryParam("address", "0x0")
                .queryParam("size", 8)
                .get(path("crashes/" + crash + "/memory"))
                .then()
                .statusCode(200)
                .body("ranges[0].bytes", notNullValue());
    }

    @ParameterizedTest
    @CsvSource({
        "memory?address=20000000, address: found 20000000",
        "memory?address=0xyz, address: found 0xyz",
        "memory, address: found null",
        "memory?address=0x20000000&size=0, 'size: found 0, wanted 1 to 65536'",
        "memory?address=0x20000000&size=65537, 'size: found 65537, wanted 1 to 65536'",
        "globals?limit=0, 'limit: found 0, wanted 1 to 200'",
        "globals?from=-1, 'from: found -1, wanted 0 or more'"
    })
    void whatCanNotBeMeantIsRefusedWithWhatIsWanted(String asked, String sentence) {
        given().get(path("crashes/" + crash + "/" + asked))
                .then()
                .statusCode(400)
                .body("detail", containsString(sentence));
    }

    @Test
    void aCrashOfAnotherProjectIsNotThere() {
        given().get("/api/v1/projects/default/crashes/" + crash + "/globals")
                .then()
                .statusCode(404);
    }

    private String path(String rest) {
        return "/api/v1/projects/" + project + "/" + rest;
    }
}
