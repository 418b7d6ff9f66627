package dev.faultline.adoption;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.heartbeat.Beats;
import dev.faultline.heartbeat.Beats.Beat;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class AdoptionsTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    private final LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);

    @Inject
    Crashes crashes;

    @Inject
    Beats beats;

    @Inject
    Releases releases;

    @Inject
    Transactions transactions;

    private Crashes.TestProject project;

    @BeforeEach
    void threeReleasesOfOneLine() throws SQLException {
        project = crashes.project();
        register("1.0", null);
        register("1.1", "1.0");
        register("1.2", "1.1");
    }

    private void register(String version, @Nullable String parent) {
        releases.register(project.id(), new Registration(version, "main-fw", null, parent, null, null, null), now);
    }

    /** One word a day at noon, or just now, from a day to another. */
    private List<Beat> daily(String device, String version, int fromDaysAgo, int untilDaysAgo, String hardware) {
        List<Beat> words = new ArrayList<>();
        for (int ago = fromDaysAgo; ago >= untilDaysAgo; ago--) {
            Instant at = ago == 0 ? now : today.minusDays(ago).atTime(12, 0).toInstant(ZoneOffset.UTC);
            words.add(new Beat(device, version, at, hardware, "beta"));
        }
        return words;
    }

    private ValidatableResponse get(String what) {
        return given().get("/api/v1/projects/" + project.name() + "/" + what).then();
    }

    private static double number(ValidatableResponse response, String path) {
        return ((Number) response.extract().path(path)).doubleValue();
    }

    @Test
    void sharesByDayAndTheCurveOfEachReleaseFollowFromWhatDevicesReportedLast() {
        List<Beat> words = new ArrayList<>();
        words.addAll(daily("a", "1.0", 3, 3, "rev-a"));
        words.addAll(daily("a", "1.1", 2, 1, "rev-a"));
        words.addAll(daily("b", "1.0", 3, 2, "rev-a"));
        words.addAll(daily("b", "1.2", 1, 1, "rev-a"));
        words.addAll(daily("old-hardware", "1.0", 3, 1, "rev-0"));
        beats.arrive(project.id(), words);
        var adoption = get("adoption?software=main-fw&from=%s&until=%s"
                        .formatted(today.minusDays(3), today.minusDays(1)))
                .statusCode(200)
                .body("releases.version", equalTo(List.of("1.2", "1.1", "1.0")))
                .body("days.devices", equalTo(List.of(3, 3, 3)))
                .body("days[0].releases", hasSize(1))
                .body("days[1].releases.find { it.version == '1.1' }.devices", equalTo(1))
                .body("days[2].releases.version", equalTo(List.of("1.2", "1.1", "1.0")))
                .body(
                        "releases.find { it.version == '1.1' }.firstDay",
                        equalTo(today.minusDays(2).toString()))
                // one of two that could, then both: the one of 1.2 has what 1.1 has
                .body("curves.find { it.version == '1.1' }.points.adopted", equalTo(List.of(1, 2)))
                .body("curves.find { it.version == '1.1' }.points.eligible", equalTo(List.of(2, 2)))
                .body("curves.find { it.version == '1.2' }.points.adopted", equalTo(List.of(1)));
        assertThat(number(adoption, "curves.find { it.version == '1.1' }.share"))
                .isEqualTo(1, within(1e-9));
        assertThat(number(adoption, "matrix.find { it.hardware == 'rev-0' }.devices"))
                .isEqualTo(1, within(1e-9));
        assertThat(number(adoption, "releases.collect { it.share }.sum()")).isEqualTo(1, within(1e-6));
    }

    @Test
    void aFleetWithoutHeartbeatsIsEmptyAndBadDaysAreToldSo() {
        get("adoption?software=main-fw")
                .statusCode(200)
                .body("releases", hasSize(0))
                .body("days", hasSize(0));
        get("findings?software=main-fw").statusCode(200).body("items", hasSize(0));
        for (String query : List.of(
                "adoption",
                "adoption?software=main-fw&from=yesterday",
                "adoption?software=main-fw&from=2026-01-02&until=2026-01-01",
                "adoption?software=main-fw&from=2020-01-01",
                "findings",
                "findings/slow-adoption/devices?software=main-fw")) {
            get(query).statusCode(400);
        }
        get("findings/nothing/devices?software=main-fw").statusCode(404);
    }

    @Test
    void aReleaseThatHalfOfThoseWhoCouldDoNotTakeInTwoWeeksIsSlow() {
        List<Beat> words = new ArrayList<>();
        words.addAll(daily("early", "1.1", 15, 0, "rev-a"));
        for (int i = 0; i < 3; i++) {
            words.addAll(daily("late-" + i, "1.0", 6, 0, "rev-a"));
        }
        words.addAll(daily("other-hardware", "1.0", 6, 0, "rev-0"));
        beats.arrive(project.id(), words);
        get("findings?software=main-fw")
                .body("items", hasSize(1))
                .body("items[0].kind", equalTo("slow-adoption"))
                .body("items[0].version", equalTo("1.1"))
                .body("items[0].devices", equalTo(3))
                .body("items[0].groups[0].hardware", equalTo("rev-a"))
                .body("items[0].groups[0].cohort", equalTo("beta"))
                .body("items[0].text", containsString("25.0 % of the devices"));
        get("findings/slow-adoption/devices?software=main-fw&version=1.1&limit=2")
                .body("items.name", equalTo(List.of("late-0", "late-1")))
                .body("next", equalTo("late-1"));
        get("findings/slow-adoption/devices?software=main-fw&version=1.1&after=late-1")
                .body("items.name", equalTo(List.of("late-2", "other-hardware")))
                .body("next", nullValue());
    }

    @Test
    void aReleaseThatWasOvertakenIsNotSlow() {
        List<Beat> words = new ArrayList<>();
        words.addAll(daily("a", "1.1", 16, 16, "rev-a"));
        words.addAll(daily("a", "1.2", 15, 0, "rev-a"));
        words.addAll(daily("b", "1.2", 6, 0, "rev-a"));
        beats.arrive(project.id(), words);
        get("findings?software=main-fw").body("items", hasSize(0));
    }

    @Test
    void moreThanFiveReleasesInUseAreTooMany() {
        List<Beat> words = new ArrayList<>();
        for (int release = 0; release < 6; release++) {
            for (int device = 0; device < 5; device++) {
                words.addAll(daily("SN-%d-%d".formatted(release, device), "3.%d".formatted(release), 1, 0, "rev-a"));
            }
        }
        words.addAll(daily("single", "4.0", 1, 0, "rev-a"));
        beats.arrive(project.id(), words);
        get("findings?software=main-fw")
                .body("items.kind", equalTo(List.of("fragmentation")))
                .body("items[0].text", containsString("6 releases are in use"));
        get("findings/fragmentation/devices?software=main-fw").body("items", hasSize(26));
    }

    @Test
    void manyDevicesThatGoBackAreAStormAndFewAreNot() {
        List<Beat> words = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            words.addAll(daily("SN-%02d".formatted(i), "1.1", 3, 3, "rev-a"));
            words.addAll(daily("SN-%02d".formatted(i), i < 5 ? "1.0" : "1.1", 1, 0, "rev-a"));
        }
        beats.arrive(project.id(), words);
        get("findings?software=main-fw")
                .body("items.kind", equalTo(List.of("rollback-storm")))
                .body("items[0].devices", equalTo(5))
                .body("items[0].text", containsString("5 of the 12 devices"));
        get("findings/rollback-storm/devices?software=main-fw&version=1.1")
                .body("items", hasSize(5))
                .body("items[0].name", equalTo("SN-00"))
                .body("items[0].what", equalTo("went back to 1.0"));
        assertThat(WilsonBound.low(5, 12)).isEqualTo(0.1933, within(1e-4));
        assertThat(WilsonBound.low(1, 100)).isLessThan(0.01);
        assertThat(WilsonBound.low(0, 0)).isZero();
    }

    @Test
    void devicesThatCrashAtEachStartAreListed() throws SQLException {
        for (int i = 0; i < 3; i++) {
            for (String device : List.of("looping", "twice")) {
                if (i < 2 || device.equals("looping")) {
                    crashes.crash(
                            project.id(),
                            stack("a").of(device, "rev-a").release("1.0", "1.0"),
                            now.minus(Duration.ofMinutes(10 + i)));
                }
            }
        }
        transactions.durably(transaction ->
                Fragment.update(transaction, "update crash set at_start = true where project_id = ?", project.id()));
        get("findings?software=main-fw")
                .body("items.kind", equalTo(List.of("crash-loop")))
                .body("items[0].devices", equalTo(1));
        get("findings/crash-loop/devices?software=main-fw")
                .body("items.name", equalTo(List.of("looping")))
                .body("items[0].what", containsString("3 times"));
    }

    @Test
    void devicesThatFallSilentOnOneReleaseMoreThanOnTheOthersAreListed() {
        List<Beat> words = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            words.addAll(daily("old-" + i, "1.1", 6, 0, "rev-a"));
            words.addAll(daily("new-" + i, "1.2", 9, i < 16 ? 7 : 0, "rev-a"));
        }
        beats.arrive(project.id(), words);
        get("findings?software=main-fw")
                .body("items.kind", equalTo(List.of("silent-after-update")))
                .body("items[0].version", equalTo("1.2"))
                .body("items[0].devices", equalTo(16))
                .body("items[0].text", containsString("16 of 20 devices fell silent on 1.2"));
        get("findings/silent-after-update/devices?software=main-fw&version=1.2")
                .body("items", hasSize(16))
                .body("items[0].lastSeen", notNullValue());
    }
}
