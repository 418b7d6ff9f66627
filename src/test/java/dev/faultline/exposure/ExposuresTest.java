package dev.faultline.exposure;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.cluster.Crashes;
import dev.faultline.fingerprint.Reports;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ExposuresTest {
    /** Noon, three days ago. */
    private final Instant noon = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC)
            .minusDays(3)
            .atTime(12, 0)
            .toInstant(ZoneOffset.UTC);

    @Inject
    Crashes crashes;

    private Crashes.TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    private void beat(String device, String version, Instant at, String more) {
        given().body("""
                        {"device": "%s", "software": "main-fw", "version": "%s", "boot": "b", "sequence": %d, "at": "%s"%s}
                        """.formatted(device, version, at.getEpochSecond(), at, more))
                .post("/api/v1/projects/" + project.name() + "/heartbeats")
                .then()
                .statusCode(202);
    }

    private ValidatableResponse exposure(String query) {
        return given().get("/api/v1/projects/" + project.name() + "/exposure" + query)
                .then();
    }

    @Test
    void hoursOfHeartbeatsAreSpreadOverTheHoursThatTheyCover() {
        beat(
                "SN-1",
                "1.0",
                noon.plusSeconds(1800),
                ", \"interval\": 7200, \"hardware\": \"rev-b\", \"cohort\": \"beta\"");
        exposure("?software=main-fw&version=1.0")
                .statusCode(200)
                .body("deviceHours", equalTo(2.0f))
                .body("source", equalTo("heartbeats"))
                .body("estimated", equalTo(false))
                .body("devices", equalTo(1));
        exposure("?from=" + noon.minusSeconds(3600) + "&until=" + noon).body("deviceHours", equalTo(1.0f));
        exposure("?from=" + noon + "&until=" + noon.plusSeconds(3600)).body("deviceHours", equalTo(0.5f));
        exposure("?hardware=rev-b&cohort=beta").body("deviceHours", equalTo(2.0f));
        exposure("?hardware=rev-a").body("deviceHours", equalTo(0.0f));
    }

    @Test
    void withoutIntervalsTheTimeBetweenContactsCountsUpToTwoHeartbeats() {
        beat("SN-1", "1.0", noon, "");
        beat("SN-1", "1.0", noon.plus(Duration.ofMinutes(45)), "");
        beat("SN-1", "1.1", noon.plus(Duration.ofHours(9)), "");
        exposure("?software=main-fw&version=1.0")
                .body("source", equalTo("contacts"))
                .body("deviceHours", equalTo(0.75f))
                .body("crashFreeHours", nullValue());
        exposure("?software=main-fw&version=1.1").body("deviceHours", equalTo(2.0f));
        exposure("?software=main-fw").body("deviceHours", equalTo(2.75f)).body("devices", equalTo(1));
    }

    @Test
    void withoutHeartbeatsDaysWithACrashAreTheEstimate() throws SQLException {
        for (int day = 0; day < 2; day++) {
            Instant at = noon.minus(Duration.ofDays(day));
            crashes.crash(project.id(), stack("a", "b", "c").of("SN-1", "rev-b").release("2.0", Reports.BUILD), at);
        }
        exposure("?software=main-fw&version=2.0")
                .body("source", equalTo("estimated from days with a crash or a heartbeat"))
                .body("estimated", equalTo(true))
                .body("deviceHours", equalTo(48.0f))
                .body("devices", equalTo(1))
                .body("days.devices", equalTo(List.of(1, 1)));
        exposure("?software=main-fw&version=2.0&cohort=beta").body("deviceHours", equalTo(0.0f));
    }

    @Test
    void aDeviceThatUpdatesWithinADayIsOneOfTheReleaseThatItReportedLast() {
        beat("SN-1", "1.1", noon.plusSeconds(7200), ", \"interval\": 3600");
        beat("SN-1", "1.0", noon, ", \"interval\": 3600");
        exposure("?software=main-fw&version=1.0")
                .body("deviceHours", equalTo(1.0f))
                .body("devices", equalTo(0));
        exposure("?software=main-fw&version=1.1").body("devices", equalTo(1)).body("days.devices", equalTo(List.of(1)));
        exposure("").body("devices", equalTo(1)).body("deviceHours", equalTo(2.0f));
    }

    @Test
    void aTimeThatIsNoneAndAVersionWithoutSoftwareAreBadRequests() {
        for (String query : List.of(
                "?from=yesterday",
                "?until=0000-01-01T00:00:00Z",
                "?until=+999999999-12-31T23:59:59Z",
                "?from=" + noon + "&until=" + noon.minusSeconds(7200),
                "?from=2020-01-01T00:00:00Z",
                "?version=1.0")) {
            exposure(query).statusCode(400);
        }
        exposure("?software=\u0000").statusCode(200).body("devices", equalTo(0));
    }
}
