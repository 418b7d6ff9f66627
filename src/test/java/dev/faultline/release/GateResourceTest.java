package dev.faultline.release;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class GateResourceTest {
    private static final int DAYS = 4;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    @Inject
    Transactions transactions;

    private TestProject project;
    private String gates = "";

    @BeforeEach
    void twoReleasesOnAFleetOfAThousand() throws SQLException {
        project = crashes.project();
        gates = "/api/v1/projects/" + project.name() + "/gates/default/";
        release("2.3.0", null);
        release("2.4.0", "2.3.0");
        hours("2.3.0", 900);
        hours("2.4.0", 100);
    }

    private void release(String version, @Nullable String parent) {
        releases.register(project.id(), new Registration(version, "main-fw", null, parent, null, null, null), now);
    }

    /** Hours as heartbeats leave them: so many devices, four days long. */
    private void hours(String version, int devices) {
        transactions.durably(transaction -> {
            Fragment.update(
                    transaction, """
                    insert into exposure_hour (project_id, release_id, hardware, cohort, hour, operated_ms, crash_free_ms)
                    select r.project_id, r.id, 'rev-a', '', h, ?::bigint * 3600000, ?::bigint * 3600000
                    from release r, generate_series(?::timestamptz, ?::timestamptz, '1 hour') h
                    where r.project_id = ? and r.version = ?
                    """, devices, devices, now.minus(Duration.ofDays(DAYS)), now, project.id(), version);
            Fragment.update(transaction, """
                    insert into active_day (project_id, release_id, hardware, cohort, day, devices)
                    select r.project_id, r.id, 'rev-a', '', (?::timestamptz at time zone 'UTC')::date - d, ?
                    from release r, generate_series(0, ?) d
                    where r.project_id = ? and r.version = ?
                    """, now, devices, DAYS, project.id(), version);
            Fragment.update(transaction, """
                    insert into device_history (device_id, software, since, release_id, hardware, cohort)
                    select r.id * 1000000 + d, 'main-fw', ?, r.id, 'rev-a', ''
                    from release r, generate_series(1, ?) d
                    where r.project_id = ? and r.version = ?
                    """, now.minus(Duration.ofDays(DAYS)), devices, project.id(), version);
        });
    }

    /** So many crashes, each of another device, spread over the days. */
    private void crashes(String version, String function, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            Instant at = now.minus(Duration.ofHours(1 + 24L * (i % DAYS)));
            crashes.crash(
                    project.id(), stack(function).release(version, version).of(version + "-" + i, "rev-a"), at);
        }
    }

    private static RequestSpecification yaml() {
        return given().config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("application/yaml", ContentType.TEXT)))
                .contentType("application/yaml");
    }

    private ValidatableResponse asked() {
        return given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "2.4.0"))
                .post(gates + "evaluate")
                .then();
    }

    @Test
    void aReleaseAsGoodAsItsParentGoesAndTheRunIsKept() throws SQLException {
        crashes("2.3.0", "known", 180);
        crashes("2.4.0", "known", 20);
        yaml().body("crashRate: {goUpperBound: 2.5}\naffectedDevicesMax: {overall: 0.2}\n")
                .put(gates + "policy")
                .then()
                .statusCode(200)
                .body(containsString("goUpperBound: 2.5"));
        int run = asked().statusCode(200)
                .body("verdict", equalTo("GO"))
                .body("exitCode", equalTo(0))
                .body("baseline", equalTo("2.3.0"))
                .body("decision.crashRate.candidatePer1000h", greaterThan(1f))
                .body("policy", containsString("minDevices: 50"))
                .extract()
                .path("id");
        given().get(gates + "runs/" + run).then().body("verdict", equalTo("GO"));
        given().get(gates + "runs").then().body("items", hasSize(1)).body("next", nullValue());
        given().get(gates + "runs/" + run + "/junit")
                .then()
                .statusCode(200)
                .body("testsuite.@failures", equalTo("0"))
                .body("testsuite.testcase.find { it.@name == 'crash-rate' }.@classname", equalTo("gate.default"));
    }

    @Test
    void aReleaseThatCrashesThreeTimesAsOftenIsStoppedUntilAPersonOverridesIt() throws SQLException {
        crashes("2.3.0", "known", 90);
        crashes("2.4.0", "known", 40);
        int run = asked().statusCode(200)
                .body("verdict", equalTo("NO_GO"))
                .body("exitCode", equalTo(10))
                .body("decision.reasons[0].rule", equalTo("crash-rate"))
                .extract()
                .path("id");
        given().get(gates + "runs/" + run + "/junit").then().body("testsuite.@failures", equalTo("2"));
        given().contentType("application/json")
                .body(Map.of())
                .post(gates + "runs/" + run + "/override")
                .then()
                .statusCode(400);
        given().contentType("application/json")
                .body(Map.of("because", "The crash is of a test rig"))
                .post(gates + "runs/" + run + "/override")
                .then()
                .statusCode(200)
                .body("verdict", equalTo("GO"))
                .body("decision.verdict", equalTo("NO_GO"))
                .body("override.because", equalTo("The crash is of a test rig"));
        given().contentType("application/json")
                .body(Map.of("because", "again"))
                .post(gates + "runs/" + run + "/override")
                .then()
                .statusCode(409);
    }

    @Test
    void aClusterThatOnlyTheCandidateHasIsNewBeyondDoubt() throws SQLException {
        crashes("2.3.0", "known", 90);
        crashes("2.4.0", "known", 10);
        crashes("2.4.0", "brand_new", 8);
        asked().body("verdict", equalTo("NO_GO"))
                .body("decision.reasons.find { it.rule == 'new-clusters' }.text", containsString("brand_new"));
    }

    @Test
    void oneDeviceThatCrashesAllDayCountsOnce() throws SQLException {
        crashes("2.3.0", "known", 90);
        for (int i = 0; i < 60; i++) {
            crashes.crash(
                    project.id(),
                    stack("known").release("2.4.0", "2.4.0").of("loops", "rev-a"),
                    now.minus(Duration.ofMinutes(i)));
        }
        asked().body("decision.reasons.findAll { it.verdict == 'NO_GO' || it.verdict == 'PAUSE' }", hasSize(0));
    }

    @Test
    void withoutHeartbeatsOfTheCandidateNothingIsSaid() throws SQLException {
        release("2.5.0", "2.4.0");
        crashes("2.4.0", "known", 3);
        given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "2.5.0"))
                .post(gates + "evaluate")
                .then()
                .body("verdict", equalTo("INSUFFICIENT"))
                .body("exitCode", equalTo(12))
                .body("baseline", equalTo("2.4.0"))
                .body("decision.needed.text", containsString("nothing can be compared yet"));
    }

    @Test
    void wrongQuestionsAreToldWhatIsWrong() {
        given().contentType("application/json")
                .body(Map.of("software", "main-fw"))
                .post(gates + "evaluate")
                .then()
                .statusCode(400);
        given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "9.9.9"))
                .post(gates + "evaluate")
                .then()
                .statusCode(404);
        given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "2.3.0"))
                .post(gates + "evaluate")
                .then()
                .statusCode(409)
                .body("detail", containsString("register its parent"));
        yaml().body("minDevices: 0").put(gates + "policy").then().statusCode(400);
        given().get(gates + "runs/1").then().statusCode(404);
        given().get("/api/v1/projects/" + project.name() + "/gates/No Name/policy")
                .then()
                .statusCode(404);
        assertThat(given().get(gates + "policy").asString()).contains("previous-stable");
        given().get(gates + "runs").then().body("items.id", not(hasItem(1)));
    }

    @Test
    void aRunTellsWhereItsHoursAreFromAndWhatTheCandidateContains() {
        asked().body("exposureSource", equalTo("heartbeats"))
                .body("containment.answer", equalTo("yes"))
                .body("containment.rule", equalTo("parents"))
                .body("later.crashes", equalTo(0))
                .body("later.deviceHours", equalTo(0f));
    }

    @Test
    void whatArrivesLaterForTheTimeOfARunIsToldBesideIt() throws SQLException {
        int run = asked().extract().path("id");
        crashes("2.4.0", "known", 3);
        transactions.durably(transaction -> Fragment.update(
                transaction,
                "update exposure_hour set operated_ms = operated_ms + 7200000 where project_id = ? and hour = ?",
                project.id(),
                now.minus(Duration.ofHours(30))));
        given().get(gates + "runs/" + run)
                .then()
                .body("verdict", equalTo("INSUFFICIENT"))
                .body("later.crashes", equalTo(3))
                .body("later.deviceHours", equalTo(4f));
        asked().body("later.crashes", equalTo(0));
    }

    @Test
    void withoutIntervalsInHeartbeatsTheTimeBetweenThemIsTheExposure() {
        release("3.0", null);
        release("3.1", "3.0");
        for (String version : new String[] {"3.0", "3.1"}) {
            for (int hour = 30; hour > 20; hour--) {
                given().body("""
                                {"device": "of-%s", "software": "main-fw", "version": "%s", "boot": "b", "sequence": %d, "at": "%s"}
                                """.formatted(version, version, hour, now.minus(Duration.ofHours(hour))))
                        .post("/api/v1/projects/" + project.name() + "/heartbeats")
                        .then()
                        .statusCode(202);
            }
        }
        given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "3.1"))
                .post(gates + "evaluate")
                .then()
                .statusCode(200)
                .body("exposureSource", equalTo("contacts"))
                .body("decision.crashRate.candidateHours", equalTo(9f));
    }
}
