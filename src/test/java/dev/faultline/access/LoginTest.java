package dev.faultline.access;

import static dev.faultline.access.Admin.admin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.faultline.ops.PostgresResource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AuthenticationOn.class)
@QuarkusTestResource(PostgresResource.class)
class LoginTest {
    private static final String PASSWORD = "correct horse battery staple";

    @Inject
    Sql sql;

    @Inject
    MeterRegistry metrics;

    private final String name = "user-" + System.nanoTime();

    @BeforeEach
    void anAdminIsThere() {
        sql.update("delete from login_attempt");
        Admin.made("/api/v1/users", Map.of("name", name, "password", PASSWORD, "scopes", List.of("admin")));
    }

    @Test
    void thePageAsksForNameAndPassword() {
        given().get("/login?next=/projects/default/clusters")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body(containsString("value=\"/projects/default/clusters\""))
                .body(not(containsString("<script")));
    }

    @Test
    void whoKnowsThePasswordGetsASessionThatScriptsCanNotRead() {
        Response answer = logIn(name.toUpperCase(java.util.Locale.ROOT), PASSWORD, "/projects/default/symbols");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/projects/default/symbols");
        assertThat(answer.header("Set-Cookie"))
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .contains("Path=/")
                .doesNotContain("Secure");
        session(answer).get("/api/v1/users").then().statusCode(200);
        assertThat(sql.list("select s::text as line from session s limit 100", row -> row.getString("line")))
                .noneMatch(line -> line.contains(answer.cookie(SessionCookie.NAME)));
    }

    @Test
    void neitherAWrongPasswordNorAnUnknownNameTellsWhichItWas() {
        String wrong = logIn(name, "wrong horse battery staple", "/")
                .then()
                .statusCode(401)
                .extract()
                .asString();
        String unknown = logIn("nobody-" + name, PASSWORD, "/")
                .then()
                .statusCode(401)
                .extract()
                .asString();
        assertThat(unknown.replace("nobody-", "")).isEqualTo(wrong);
        assertThat(wrong).contains("Name or password is wrong.");
        var entries = admin().get("/api/v1/audit?limit=2").jsonPath();
        assertThat(entries.getList("items.action")).isEqualTo(List.of("login-failed", "login-failed"));
        assertThat(entries.getList("items.actor")).isEqualTo(List.of("nobody-" + name, name));
    }

    @Test
    void anUnknownNameCostsTheWorkOfAKnownOne() {
        var checked = metrics.counter("faultline.passwords.checked");
        double before = checked.count();
        logIn(name, "wrong horse battery staple", "/").then().statusCode(401);
        assertThat(checked.count()).isEqualTo(before + 1);
        logIn("nobody-" + name, "wrong horse battery staple", "/").then().statusCode(401);
        assertThat(checked.count()).isEqualTo(before + 2);

        // and the two hashes are as hard: method and cost are their first seven characters
        var passwords = new Passwords(new SimpleMeterRegistry());
        assertThat(passwords.nobody).startsWith(passwords.hash(PASSWORD).substring(0, 7));
    }

    @Test
    void aLoggedInBrowserChangesThingsOnlyWithItsToken() {
        Response answer = logIn(name, PASSWORD, "/");
        Map<String, String> project = Map.of("name", "p-" + System.nanoTime());
        session(answer)
                .contentType(ContentType.JSON)
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:faultline:problem:csrf-token-missing"));
        session(answer)
                .contentType(ContentType.JSON)
                .header("X-CSRF-Token", "wrong")
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(403);
        session(answer)
                .contentType(ContentType.JSON)
                .header("X-CSRF-Token", csrf(answer))
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
    }

    @Test
    void theTokenOfAFormIsNoTokenForWhatIsNoForm() {
        Response answer = logIn(name, PASSWORD, "/");
        session(answer)
                .formParam("csrf", csrf(answer))
                .delete("/api/v1/users/" + name)
                .then()
                .statusCode(403);
    }

    @Test
    void logOutIsAFormWithAToken() {
        Response answer = logIn(name, PASSWORD, "/");
        session(answer).contentType(ContentType.URLENC).post("/logout").then().statusCode(403);
        session(answer).formParam("csrf", "wrong").post("/logout").then().statusCode(403);
        session(answer).get("/api/v1/users").then().statusCode(200);
        session(answer)
                .formParam("csrf", csrf(answer))
                .post("/logout")
                .then()
                .statusCode(303)
                .header("Location", containsString("/login"))
                .header("Set-Cookie", containsString("Max-Age=0"));
        session(answer).get("/api/v1/users").then().statusCode(401);
    }

    @Test
    void whatAnotherSiteSendsIsRefusedThoughTheCookieCameAlong() {
        Response answer = logIn(name, PASSWORD, "/");
        for (String site : List.of("cross-site", "same-site")) {
            session(answer)
                    .header("Sec-Fetch-Site", site)
                    .formParam("csrf", csrf(answer))
                    .post("/logout")
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("urn:faultline:problem:cross-site"));
        }
        given().header("Origin", "https://evil.example")
                .formParam("name", name)
                .formParam("password", PASSWORD)
                .post("/login")
                .then()
                .statusCode(403);
    }

    @Test
    void aSessionEndsWhenNobodyUsesItAndInAnyCaseOneDay() {
        Response idle = logIn(name, PASSWORD, "/");
        Response old = logIn(name, PASSWORD, "/");
        Response fresh = logIn(name, PASSWORD, "/");
        Instant now = Instant.now();
        age(idle, "last_seen_at", now.minus(Duration.ofHours(12)));
        age(old, "created_at", now.minus(Duration.ofDays(14)));
        session(idle).get("/api/v1/users").then().statusCode(401);
        session(old).get("/api/v1/users").then().statusCode(401);
        session(fresh).get("/api/v1/users").then().statusCode(200);
        session(idle).get("/").then().statusCode(303).header("Location", containsString("/login"));
    }

    @Test
    void logInGivesANewSessionAndEndsTheOldOne() {
        Response first = logIn(name, PASSWORD, "/");
        Response second = session(first)
                .formParam("name", name)
                .formParam("password", PASSWORD)
                .post("/login");
        assertThat(second.cookie(SessionCookie.NAME)).isNotEqualTo(first.cookie(SessionCookie.NAME));
        session(first).get("/api/v1/users").then().statusCode(401);
        session(second).get("/api/v1/users").then().statusCode(200);
    }

    @Test
    void aNewPasswordAndTheEndOfTheAccountEndItsSessions() {
        Response before = logIn(name, PASSWORD, "/");
        admin().contentType(ContentType.JSON)
                .body(Map.of("password", "another good password"))
                .put("/api/v1/users/" + name + "/password")
                .then()
                .statusCode(204);
        session(before).get("/api/v1/users").then().statusCode(401);
        logIn(name, PASSWORD, "/").then().statusCode(401);
        Response after = logIn(name, "another good password", "/");
        session(after).get("/api/v1/users").then().statusCode(200);
        admin().delete("/api/v1/users/" + name).then().statusCode(204);
        session(after).get("/api/v1/users").then().statusCode(401);
        admin().delete("/api/v1/users/" + name).then().statusCode(404);
    }

    @Test
    void guessingEndsAfterTenTriesEvenWhenTheyComeAtOnce() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> tries = IntStream.range(0, 14)
                    .mapToObj(i -> threads.submit(() -> logIn("nobody-" + i, "wrong horse battery staple", "/")
                            .statusCode()))
                    .toList();
            int looked = 0;
            for (Future<Integer> one : tries) {
                assertThat(one.get()).isIn(401, 429);
                looked += one.get() == 401 ? 1 : 0;
            }
            assertThat(looked).isLessThanOrEqualTo(LoginAttempts.MOST_BY_NETWORK);
        }
        while (logIn(name, "wrong horse battery staple", "/").statusCode() == 401) {
            assertThat(attempts()).isLessThanOrEqualTo(LoginAttempts.MOST_BY_NETWORK);
        }
        logIn(name, PASSWORD, "/").then().statusCode(429).header("Retry-After", "900");
        sql.update("update login_attempt set at = ?", Instant.now().minus(LoginAttempts.WINDOW));
        logIn(name, PASSWORD, "/").then().statusCode(303);
    }

    @Test
    void passwordsAndNamesThatWillNotDoAreRefusedWithTheReason() {
        refused(Map.of("name", "x-" + name, "password", "short"), "shorter than 12 characters");
        refused(Map.of("name", "x-" + name, "password", "ä".repeat(37)), "longer than 72 bytes");
        refused(Map.of("name", "Bad Name", "password", PASSWORD), "name is \"bad name\"");
        refused(Map.of("name", "x-" + name, "password", PASSWORD, "scopes", List.of("root")), "is not a scope");
        admin().contentType(ContentType.JSON)
                .body(Map.of("name", name, "password", PASSWORD))
                .post("/api/v1/users")
                .then()
                .statusCode(409);
    }

    @Test
    void aUserWithoutTheScopeIsToldOnAPage() {
        String reader = "reader-" + System.nanoTime();
        Admin.made("/api/v1/users", Map.of("name", reader, "password", PASSWORD, "scopes", List.of("symbols")));
        Response answer = logIn(reader, PASSWORD, "/");
        session(answer).formParam("csrf", csrf(answer)).post("/logout").then().statusCode(303); // everybody may leave
        Response again = logIn(reader, PASSWORD, "/");
        session(again)
                .get("/api/v1/projects")
                .then()
                .statusCode(403)
                .body("detail", equalTo("This needs the scope read; " + reader + " has symbols"));
    }

    @Test
    void pagesRunNoForeignScriptAndStandInNoFrame() {
        given().get("/login")
                .then()
                .header("Content-Security-Policy", containsString("default-src 'none'; script-src 'self'"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin");
    }

    @Test
    void aPartOfAPageSendsTheWholeBrowserToTheLogIn() {
        given().header("HX-Request", "true")
                .get("/projects/default/clusters")
                .then()
                .statusCode(401)
                .header("HX-Redirect", "/login");
        given().redirects()
                .follow(false)
                .get("/projects/default/clusters?state=open")
                .then()
                .statusCode(303)
                .header("Location", "/login?next=%2Fprojects%2Fdefault%2Fclusters%3Fstate%3Dopen");
    }

    private static Response logIn(String name, String password, String next) {
        return given().redirects()
                .follow(false)
                .formParam("name", name)
                .formParam("password", password)
                .formParam("next", next)
                .post("/login");
    }

    private static RequestSpecification session(Response login) {
        return given().redirects().follow(false).cookie(SessionCookie.NAME, login.cookie(SessionCookie.NAME));
    }

    private static String csrf(Response login) {
        return new Secret(login.cookie(SessionCookie.NAME)).derived("csrf");
    }

    private void age(Response login, String column, Instant time) {
        String hash = new Secret(login.cookie(SessionCookie.NAME)).sha256();
        assertThat(sql.update("update session set " + column + " = ? where sha256 = ?", time, hash))
                .isEqualTo(1);
    }

    private long attempts() {
        return sql.first("select count(*) from login_attempt", row -> row.getLong(1))
                .orElseThrow();
    }

    private static void refused(Map<String, ?> wanted, String reason) {
        admin().contentType(ContentType.JSON)
                .body(wanted)
                .post("/api/v1/users")
                .then()
                .statusCode(400)
                .body("detail", containsString(reason));
    }
}
