package dev.faultline.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class LocalModeTest {

    @Test
    void theOwnerOfTheMachineMayDoEverythingWithoutAPassword() {
        given().get("/api/v1/tokens").then().statusCode(200);
        create("p-" + System.nanoTime(), Map.of()).then().statusCode(201);
        given().redirects().follow(false).get("/login").then().statusCode(303);
    }

    @Test
    void credentialsThatDevicesSendAnywayDoNotMatter() {
        given().header("X-Faultline-Key", "flk_any")
                .get("/api/v1/tokens")
                .then()
                .statusCode(200);
        given().header("Authorization", "Bearer flt_any")
                .get("/api/v1/tokens")
                .then()
                .statusCode(200);
    }

    @Test
    void thereIsNoAdminTokenThatCouldLieAround() {
        assertThat(Admin.file()).doesNotExist();
    }

    @Test
    void aForeignNameThatPointsToThisMachineGetsNothing() {
        for (String host :
                List.of("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example")) {
            given().header("Host", host)
                    .get("/api/v1/projects")
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("urn:faultline:problem:foreign-host"));
        }
        for (String host : List.of("localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080")) {
            given().header("Host", host).get("/api/v1/projects").then().statusCode(200);
        }
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() {
        String own = "http://localhost:" + RestAssured.port;
        String name = "p-" + System.nanoTime();
        for (Map<String, String> foreign : List.of(
                Map.of("Sec-Fetch-Site", "cross-site"),
                Map.of("Sec-Fetch-Site", "same-site"),
                Map.of("Sec-Fetch-Site", "cross-site", "Origin", own),
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "http://localhost:1"),
                Map.of("Origin", "null"),
                Map.of("Origin", "http://localhost:" + RestAssured.port + "@evil.example"))) {
            create(name, foreign).then().statusCode(403).body("type", equalTo("urn:faultline:problem:cross-site"));
        }
        create(name, Map.of("Sec-Fetch-Site", "same-origin", "Origin", own))
                .then()
                .statusCode(201);
        create(name + "-2", Map.of("Origin", own)).then().statusCode(201);
    }

    private static io.restassured.response.Response create(String name, Map<String, String> headers) {
        return given().baseUri("http://localhost")
                .headers(headers)
                .contentType(ContentType.JSON)
                .body(Map.of("name", name))
                .post("/api/v1/projects");
    }
}
