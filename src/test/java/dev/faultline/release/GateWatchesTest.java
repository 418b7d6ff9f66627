package dev.faultline.release;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import dev.faultline.outbox.Quiet;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Quiet.class)
@QuarkusTestResource(PostgresResource.class)
class GateWatchesTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    @Inject
    Transactions transactions;

    @Inject
    GateWatches watches;

    private Crashes.TestProject project;
    private String gate = "";

    @BeforeEach
    void twoReleasesOnAFleet() throws SQLException {
        transactions.durably(transaction -> Fragment.update(transaction, "delete from gate_watch"));
        project = crashes.project();
        gate = "/api/v1/projects/" + project.name() + "/gates/default/";
        release("2.3.0", null);
        release("2.4.0", "2.3.0");
        hours("2.3.0", 900);
        hours("2.4.0", 100);
        crash("2.3.0", 90);
    }

    private void release(String version, @Nullable String parent) {
        releases.register(project.id(), new Registration(version, "main-fw", null, parent, null, null, null), now);
    }

    /** Four days of so many devices. */
    private void hours(String version, int devices) {
        transactions.durably(transaction -> Fragment.update(
                transaction, """
                insert into exposure_hour (project_id, release_id, hardware, cohort, hour, operated_ms, crash_free_ms)
                select r.project_id, r.id, 'rev-a', '', h, ?::bigint * 3600000, ?::bigint * 3600000
                from release r, generate_series(?::timestamptz, ?::timestamptz, '1 hour') h
                where r.project_id = ? and r.version = ?
                """, devices, devices, now.minus(Duration.ofDays(4)), now, project.id(), version));
    }

    private void crash(String version, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            crashes.crash(
                    project.id(),
                    stack("known").release(version, version).of(version + "-" + i, "rev-a"),
                    now.minus(Duration.ofHours(1 + 24L * (i % 4))));
        }
    }

    private void watch(Map<String, String> body) {
        given().contentType("application/json")
                .body(body)
                .put(gate + "watch")
                .then()
                .statusCode(200);
    }

    private List<String> said() {
        return given().get(gate + "runs").then().statusCode(200).extract().path("items.verdict");
    }

    @Test
    void aRunIsKeptWhenTheVerdictChangesAndOnceADay() throws SQLException {
        watch(Map.of("software", "main-fw", "candidate", "2.4.0"));
        watches.look(now);
        assertThat(said()).containsExactly("INSUFFICIENT");
        watches.look(now.plusSeconds(10));
        watches.look(now.plus(Duration.ofMinutes(6)));
        assertThat(said()).as("the same again").hasSize(1);
        crash("2.4.0", 40);
        watches.look(now.plus(Duration.ofMinutes(12)));
        assertThat(said()).containsExactly("NO_GO", "INSUFFICIENT");
        given().get(gate + "runs").then().body("items[0].askedBy", equalTo("watch"));
        watches.look(now.plus(Duration.ofHours(23)));
        assertThat(said()).hasSize(2);
        watches.look(now.plus(Duration.ofHours(25)));
        assertThat(said()).containsExactly("NO_GO", "NO_GO", "INSUFFICIENT");
    }

    @Test
    void whatAPersonOverrodeIsNotSaidAgain() throws SQLException {
        crash("2.4.0", 40);
        watch(Map.of("software", "main-fw", "candidate", "2.4.0"));
        watches.look(now);
        int run = given().get(gate + "runs").path("items[0].id");
        given().contentType("application/json")
                .body(Map.of("because", "test rigs"))
                .post(gate + "runs/" + run + "/override")
                .then()
                .statusCode(200);
        watches.look(now.plus(Duration.ofMinutes(6)));
        assertThat(said()).containsExactly("GO");
        given().get("/api/v1/projects/" + project.name() + "/gates")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].gate", equalTo("default"))
                .body("items[0].candidate", equalTo("2.4.0"))
                .body("items[0].verdict", equalTo("GO"))
                .body("items[0].exitCode", equalTo(0));
    }

    @Test
    void theNewestReleaseIsTheLastOfTheGraphThatADeviceRan() {
        release("2.5.0", "2.4.0");
        watch(Map.of("software", "main-fw"));
        watches.look(now);
        given().get(gate + "runs").then().body("items", hasSize(1)).body("items[0].candidate", equalTo("2.4.0"));
        hours("2.5.0", 10);
        watches.look(now.plus(Duration.ofMinutes(6)));
        given().get(gate + "runs").then().body("items[0].candidate", equalTo("2.5.0"));
    }

    @Test
    void aWatchSaysWhyItHasNoAnswerAndEnds() {
        watch(Map.of("software", "bootloader"));
        given().get(gate + "watch").then().body("items[0].askedAt", nullValue());
        watches.look(now);
        given().get(gate + "watch")
                .then()
                .body("items", hasSize(1))
                .body("items[0].askedAt", notNullValue())
                .body("items[0].problem", containsString("No registered release of bootloader"));
        given().delete(gate + "watch?software=bootloader").then().statusCode(204);
        given().delete(gate + "watch?software=bootloader").then().statusCode(404);
        given().contentType("application/json")
                .body(Map.of())
                .put(gate + "watch")
                .then()
                .statusCode(400);
    }

    @Test
    void aProjectWatchesNoMoreThanFifty() {
        for (int i = 0; i < 50; i++) {
            watch(Map.of("software", "fw-" + i));
        }
        given().contentType("application/json")
                .body(Map.of("software", "fw-50"))
                .put(gate + "watch")
                .then()
                .statusCode(409);
        watch(Map.of("software", "fw-49", "candidate", "1.0"));
    }
}
