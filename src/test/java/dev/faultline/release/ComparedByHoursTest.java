package dev.faultline.release;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices send a heartbeat for each day, all of it in operation. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ComparedByHoursTest {
    private static final String OLD = "aaaaaaaa00000000000000000000000000000000";
    private static final String NEW = "bbbbbbbb00000000000000000000000000000000";

    @Inject
    Comparisons comparisons;

    @Inject
    Crashes crashes;

    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final List<String> beats = new ArrayList<>();
    private TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        beats.clear();
    }

    /** So many devices run a release for so many days, the last one {@code daysAgo}. */
    private void ran(String version, String hardware, int first, int devices, int daysAgo, int days, double current) {
        for (int device = first; device < first + devices; device++) {
            for (int day = daysAgo; day < daysAgo + days; day++) {
                beats.add(String.format(
                        Locale.ROOT,
                        """
                        {"device": "SN-%d", "hardware": "%s", "software": "main-fw", "version": "%s", "boot": 1, "sequence": %d,
                         "at": %d, "interval": 86400, "metrics": {"battery.current_ma": %f}}""",
                        device,
                        hardware,
                        version,
                        1000 - day,
                        today.minus(Duration.ofDays(day)).getEpochSecond(),
                        current + device % 3));
            }
        }
    }

    /** One crash of each of so many devices, spread evenly over so many days, the last one {@code daysAgo}. */
    private void crash(String version, String function, String hardware, int first, int devices, int daysAgo, int days)
            throws SQLException {
        for (int i = 0; i < devices; i++) {
            crashes.crash(
                    project.id(),
                    stack(function, "main_task")
                            .release(version, version.equals("1.0.0") ? OLD : NEW)
                            .of("SN-" + (first + i), hardware),
                    today.minus(Duration.ofDays(daysAgo + i % days)).minus(Duration.ofHours(3)));
        }
    }

    private Comparison compared() {
        given().contentType("application/json")
                .body(beats.stream().collect(Collectors.joining(",", "[", "]")))
                .post("/api/v1/projects/" + project.name() + "/heartbeats")
                .then()
                .statusCode(202);
        return comparisons.of(project.id(), "main-fw", "1.0.0", "1.1.0");
    }

    @Test
    void ratesAreCrashesPerThousandDeviceHours() throws SQLException {
        ran("1.0.0", "rev-a", 0, 100, 10, 10, 10);
        ran("1.1.0", "rev-a", 100, 50, 1, 5, 10);
        crash("1.0.0", "some_bug", "rev-a", 0, 24, 10, 10);
        crash("1.1.0", "some_bug", "rev-a", 100, 18, 1, 5);
        var comparison = compared();
        assertThat(comparison.exposure().kind()).isEqualTo("heartbeats");
        assertThat(comparison.exposure().baseline()).isEqualTo(24_000, within(1e-6));
        var rate = requireNonNull(comparison.crashRate());
        assertThat(rate.unit()).isEqualTo("1,000 device-hours");
        assertThat(rate.baseline().value()).isEqualTo(1, within(1e-9));
        assertThat(rate.candidate().value()).isEqualTo(3, within(1e-9));
        // 18 in 6,000 hours against 24 in 24,000: the odds of Beta(18.5, 24.5), times four
        assertThat(rate.ratio().ratio()).isEqualTo(3, within(1e-9));
        assertThat(rate.ratio().low()).isEqualTo(1.62, within(0.02));
        assertThat(rate.ratio().high()).isEqualTo(5.51, within(0.05));
        var affected = requireNonNull(comparison.affectedDevices());
        assertThat(affected.baseline().value()).isEqualTo(0.24, within(1e-9));
        assertThat(affected.candidate().value()).isEqualTo(0.36, within(1e-9));
        var free = requireNonNull(comparison.crashFreeHours());
        // heartbeats said that nothing was lost, crashes that something may have been
        assertThat(free.candidate().value()).isEqualTo(1, within(1e-9));
        assertThat(free.candidate().low()).isLessThan(1);
        assertThat(comparison.clusters().worse()).hasSize(1);
        assertThat(comparison.needed()).isNull();
    }

    /** The devices of both crash as often; of the baseline many more ran well. */
    @Test
    void whatRanWellCountsWhereOnlyDevicesThatCrashedWouldNotTell() throws SQLException {
        ran("1.0.0", "rev-a", 0, 200, 10, 10, 10);
        ran("1.1.0", "rev-a", 1000, 20, 1, 10, 10);
        crash("1.0.0", "same", "rev-a", 0, 15, 10, 10);
        crash("1.1.0", "same", "rev-a", 1000, 15, 1, 5);
        assertThat(requireNonNull(compared().crashRate()).ratio().ratio()).isEqualTo(10, within(1e-9));
    }

    @Test
    void aRolloutToTheWorseHardwareIsNoWorseRate() throws SQLException {
        // rev-c crashes five times as often; most of the candidate's devices are rev-c
        ran("1.0.0", "rev-b", 0, 80, 10, 10, 10);
        ran("1.0.0", "rev-c", 100, 20, 10, 10, 10);
        ran("1.1.0", "rev-b", 200, 40, 1, 5, 10);
        ran("1.1.0", "rev-c", 300, 60, 1, 5, 10);
        crash("1.0.0", "of_hardware", "rev-b", 0, 16, 10, 10);
        crash("1.0.0", "of_hardware", "rev-c", 100, 20, 10, 10);
        crash("1.1.0", "of_hardware", "rev-b", 200, 4, 1, 5);
        crash("1.1.0", "of_hardware", "rev-c", 300, 30, 1, 5);
        var comparison = compared();
        var rate = requireNonNull(comparison.crashRate());
        assertThat(rate.stratifiedBy()).isEqualTo("hardware");
        assertThat(rate.crude().low()).isGreaterThan(1);
        assertThat(rate.ratio().ratio()).isEqualTo(1, within(1e-9));
        assertThat(comparison.clusters().worse()).isEmpty();
        assertThat(comparison.clusters().unchanged())
                .singleElement()
                .satisfies(change -> assertThat(change.hardwareFindings())
                        .singleElement()
                        .satisfies(found -> {
                            assertThat(found.hardware()).isEqualTo("rev-c");
                            // 50 in 12,000 hours against 20 in 24,000
                            assertThat(found.ratio().ratio()).isEqualTo(5, within(1e-9));
                            assertThat(found.attributable()).isEqualTo(50 / 70.0 * (1 - 1 / 5.0), within(1e-9));
                        }));
    }

    @Test
    void aMetricThatGrewByMoreThanHalfIsFlagged() throws SQLException {
        ran("1.0.0", "rev-a", 0, 30, 10, 5, 10);
        ran("1.1.0", "rev-a", 100, 30, 1, 5, 17.6);
        var comparison = compared();
        assertThat(comparison.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.name()).isEqualTo("battery.current_ma");
            assertThat(metric.baseline().value()).isEqualTo(11, within(1e-6));
            assertThat(requireNonNull(metric.change()).value()).isEqualTo(0.69, within(0.01));
            assertThat(metric.change().low()).isGreaterThan(0.5);
            assertThat(metric.flagged()).isTrue();
        });
    }

    @Test
    void tooLittleOfTheCandidateSaysHowMuchMore() throws SQLException {
        ran("1.0.0", "rev-a", 0, 100, 10, 10, 10);
        ran("1.1.0", "rev-a", 100, 10, 1, 2, 10);
        crash("1.0.0", "some_bug", "rev-a", 0, 48, 10, 10);
        crash("1.1.0", "some_bug", "rev-a", 100, 1, 2, 1);
        var needed = requireNonNull(compared().needed());
        // 23.4 · (1 + E/24,000) = E · 48/24,000 for E = 22,800 hours; 480 are there
        assertThat(needed.deviceHours()).isEqualTo(22_300, within(400.0));
        assertThat(requireNonNull(needed.hours())).isGreaterThan(100);
        assertThat(needed.text()).contains("more device-hours").contains("at the present fleet");
    }

    @Test
    void devicesThatWereUpdatedAreComparedWithThemselves() throws SQLException {
        ran("1.0.0", "rev-a", 0, 40, 11, 10, 10);
        ran("1.1.0", "rev-a", 0, 40, 1, 10, 10);
        for (int day = 12; day < 20; day++) {
            crash("1.0.0", "some_bug", "rev-a", 0, 2, day, 1);
        }
        for (int day = 2; day < 10; day++) {
            crash("1.1.0", "some_bug", "rev-a", 0, 6, day, 1);
        }
        var self = requireNonNull(compared().selfControlled());
        assertThat(self.devices()).isEqualTo(40);
        assertThat(self.baselineCrashDays()).isEqualTo(16);
        assertThat(self.candidateCrashDays()).isEqualTo(48);
        assertThat(requireNonNull(self.ratio()).ratio()).isBetween(2.0, 4.0);
        assertThat(self.agrees()).isTrue();
    }
}
