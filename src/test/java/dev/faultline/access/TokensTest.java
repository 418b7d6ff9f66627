package dev.faultline.access;

import static dev.faultline.access.Admin.admin;
import static dev.faultline.access.Admin.bearer;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AuthenticationOn.class)
@QuarkusTestResource(PostgresResource.class)
class TokensTest {

    @Inject
    Sql sql;

    @Test
    void theSecretOfTheMachineIsForItsOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Admin.file())))
                .isEqualTo("rw-------");
        admin().get("/api/v1/tokens").then().statusCode(200);
    }

    @Test
    void aSecretStandsInTheAnswerThatMadeItAndNowhereElse() {
        JsonPath made = Admin.token("default", Set.of(Scope.READ));
        String secret = made.getString("secret");
        assertThat(secret).matches("flt_[A-Za-z0-9_-]{43}");
        assertThat(admin().get("/api/v1/tokens?limit=500").asString()).doesNotContain(secret);
        assertThat(sql.list("select t::text as line from token t limit 1000", row -> row.getString("line")))
                .isNotEmpty()
                .noneMatch(line -> line.contains(secret))
                .noneMatch(line -> line.contains(secret.substring(4)));
    }

    @Test
    void aRevokedTokenOpensNothing() {
        JsonPath made = Admin.token("default", Set.of(Scope.READ));
        bearer(made.getString("secret")).get("/api/v1/projects").then().statusCode(200);
        admin().delete("/api/v1/tokens/" + made.getLong("id")).then().statusCode(204);
        admin().delete("/api/v1/tokens/" + made.getLong("id")).then().statusCode(204);
        bearer(made.getString("secret"))
                .get("/api/v1/projects")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:faultline:problem:no-credentials"));
    }

    @Test
    void anExpiredTokenOpensNothing() {
        JsonPath made = Admin.made(
                "/api/v1/tokens",
                Map.of(
                        "label",
                        "short",
                        "project",
                        "default",
                        "scopes",
                        List.of("read"),
                        "expires",
                        Instant.now().plus(1, ChronoUnit.HOURS).toString()));
        bearer(made.getString("secret")).get("/api/v1/projects").then().statusCode(200);
        sql.update("update token set expires_at = ? where id = ?", Instant.now().minusSeconds(1), made.getLong("id"));
        bearer(made.getString("secret")).get("/api/v1/projects").then().statusCode(401);
    }

    @Test
    void theLastUseIsWrittenAtMostOnceAMinute() {
        JsonPath made = Admin.token("default", Set.of(Scope.READ));
        long id = made.getLong("id");
        String secret = made.getString("secret");
        assertThat(lastUsed(id)).isNull();
        bearer(secret).get("/api/v1/projects").then().statusCode(200);
        Instant first = Objects.requireNonNull(lastUsed(id));
        bearer(secret).get("/api/v1/projects").then().statusCode(200);
        assertThat(lastUsed(id)).isEqualTo(first);
        sql.update("update token set last_used_at = ? where id = ?", first.minusSeconds(61), id);
        bearer(secret).get("/api/v1/projects").then().statusCode(200);
        assertThat(lastUsed(id)).isAfter(first);
    }

    @Test
    void aProjectKeyComesInItsOwnHeaderAndMayOnlyIngest() {
        JsonPath made =
                Admin.made("/api/v1/tokens", Map.of("kind", "project-key", "label", "firmware", "project", "default"));
        assertThat(made.getString("secret")).startsWith("flk_");
        assertThat(made.getList("scopes")).isEqualTo(List.of("ingest"));
        given().header("X-Faultline-Key", made.getString("secret"))
                .get("/api/v1/projects")
                .then()
                .statusCode(403)
                .body("detail", containsString("needs the scope read"));
        given().header("X-Faultline-Key", "flk_wrong")
                .get("/api/v1/projects")
                .then()
                .statusCode(401);
    }

    @Test
    void aTokenOfOneProjectSeesThatProjectInTheList() {
        String name = "walled-" + System.nanoTime();
        Admin.made("/api/v1/projects", Map.of("name", name));
        bearer(Admin.token(name, Set.of(Scope.READ)).getString("secret"))
                .get("/api/v1/projects")
                .then()
                .body("items.name", equalTo(List.of(name)));
        admin().get("/api/v1/projects?limit=500").then().body("items.name", hasItem("default"));
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsReason() {
        refused(Map.of("scopes", List.of("read"), "project", "default"), "label is missing");
        refused(
                Map.of("label", "x", "project", "default"),
                "scopes is missing: some of admin, ingest, read, symbols, write");
        refused(Map.of("label", "x", "scopes", List.of("reed")), "\"reed\" is not a scope");
        refused(Map.of("label", "x", "scopes", List.of("read")), "only the scope admin opens every project");
        refused(Map.of("label", "x", "scopes", List.of("admin"), "project", "default"), "leave project out, or admin");
        refused(
                Map.of("label", "x", "kind", "project-key", "project", "default", "scopes", List.of("read")),
                "A project key has the scope ingest and no other");
        refused(
                Map.of(
                        "label",
                        "x",
                        "project",
                        "default",
                        "scopes",
                        List.of("read"),
                        "expires",
                        "2020-01-01T00:00:00Z"),
                "which is not in the future");
        refused(Map.of("label", "x\u0000y", "project", "default", "scopes", List.of("read")), "a control character");
        admin().delete("/api/v1/tokens/0").then().statusCode(404);
    }

    @Test
    void credentialsThatAreNoTokenAreRefused() {
        for (String header : List.of("Basic YTpi", "Bearer ", "Bearer", "Bearer " + "x".repeat(5000), "flt_x")) {
            given().header("Authorization", header)
                    .get("/api/v1/projects")
                    .then()
                    .statusCode(401);
        }
    }

    @Test
    void theAuditLogSaysWhoMadeAndRevokedAToken() {
        JsonPath made = Admin.token("default", Set.of(Scope.READ));
        String subject = made.getLong("id") + " (a test's)";
        admin().delete("/api/v1/tokens/" + made.getLong("id")).then().statusCode(204);
        var entries = admin().get("/api/v1/audit?limit=500").jsonPath();
        assertThat(entries.getList("items.findAll { it.subject == '" + subject.replace("'", "\\'") + "' }.action"))
                .isEqualTo(List.of("token-revoked", "token-created"));
        assertThat(entries.getString("items[0].actor")).isEqualTo("admin-token");
        assertThat(entries.getString("items[0].address")).isEqualTo("127.0.0.1");
    }

    @Test
    void theListOfTokensComesInParts() {
        Admin.token("default", Set.of(Scope.READ));
        Admin.token("default", Set.of(Scope.READ));
        JsonPath first = admin().get("/api/v1/tokens?limit=1").jsonPath();
        assertThat(first.getList("items")).hasSize(1);
        JsonPath second = admin().get("/api/v1/tokens?limit=1&after=" + first.getString("next"))
                .jsonPath();
        assertThat(second.getLong("items[0].id")).isGreaterThan(first.getLong("items[0].id"));
        admin().get("/api/v1/tokens?limit=1&after=" + Long.MAX_VALUE).then().body("next", nullValue());
        admin().get("/api/v1/tokens?limit=100000").then().statusCode(400);
    }

    private static void refused(Map<String, ?> wanted, String reason) {
        admin().contentType(ContentType.JSON)
                .body(wanted)
                .post("/api/v1/tokens")
                .then()
                .statusCode(400)
                .body("detail", containsString(reason));
    }

    private @Nullable Instant lastUsed(long id) {
        String text = admin().get("/api/v1/tokens?limit=1&after=" + (id - 1))
                .jsonPath()
                .getString("items[0].lastUsedAt");
        return text == null ? null : Instant.parse(text);
    }
}
