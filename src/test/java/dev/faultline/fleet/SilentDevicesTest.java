package dev.faultline.fleet;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.SilentDevices.Silent;
import dev.faultline.heartbeat.Beats;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class SilentDevicesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG_AGO = Duration.ofDays(20);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Inject
    Crashes crashes;

    @Inject
    Beats beats;

    @Inject
    Transactions transactions;

    @Inject
    Releases releases;

    @Inject
    SilentDevices silentDevices;

    private Crashes.TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    private void beat(String device, String version, int fromHoursAgo, int untilHoursAgo, Duration every) {
        beats.arrive(
                project.id(),
                Beats.of(device, version, now, Duration.ofHours(fromHoursAgo), Duration.ofHours(untilHoursAgo), every));
    }

    private long id(String version) {
        return releases.find(project.id(), "main-fw", version).orElseThrow().id();
    }

    private Part count(String version, Duration ago) {
        return transactions.snapshot(connection -> silentDevices.count(connection, id(version), now.minus(ago), now));
    }

    private List<String> names(String version, Duration ago) {
        return transactions.snapshot(
                connection -> silentDevices.list(connection, id(version), now.minus(ago), now, "", 10).stream()
                        .map(Silent::name)
                        .toList());
    }

    @Test
    void aDeviceWhoseLastWordIsOlderThanThreeOfItsPausesIsSilent() {
        beat("bricked", "2.0", 30, 4, HOUR);
        beat("within-its-time", "2.0", 30, 3, HOUR);
        beat("well", "2.0", 30, 0, HOUR);
        assertThat(names("2.0", LONG_AGO)).containsExactly("bricked");
        assertThat(count("2.0", LONG_AGO)).isEqualTo(new Part(3, 1));
    }

    @Test
    void aDeviceThatReportsOnceADayHasThreeDays() {
        beat("daily", "2.0", 24 * 10 + 50, 50, DAY);
        beat("daily-bricked", "2.0", 24 * 10 + 80, 80, DAY);
        assertThat(names("2.0", LONG_AGO)).containsExactly("daily-bricked");
    }

    @Test
    void hoursThatArriveOnceADayAreThePausesOfADay() {
        for (int day = 8; day >= 2; day--) {
            List<Beats.Beat> oneDay = new ArrayList<>();
            oneDay.addAll(
                    Beats.of("bulk", "2.0", now, DAY.multipliedBy(day).plusHours(23), DAY.multipliedBy(day), HOUR));
            beats.arriveAt(project.id(), oneDay, now.minus(DAY.multipliedBy(day)));
        }
        assertThat(count("2.0", LONG_AGO)).isEqualTo(new Part(1, 0));
    }

    @Test
    void aDeviceThatTookItAMomentAgoIsNotJudged() {
        beat("first-hours", "2.0", 2, 2, HOUR);
        beat("one-word-long-ago", "2.0", 40, 40, HOUR);
        assertThat(count("2.0", LONG_AGO)).isEqualTo(new Part(1, 1));
    }

    @Test
    void aDeviceThatMovedOnIsNotSilentOnWhatItLeft() {
        beat("moved", "2.0", 60, 40, HOUR);
        beat("moved", "2.1", 39, 20, HOUR);
        assertThat(count("2.0", LONG_AGO)).isEqualTo(new Part(1, 0));
        assertThat(count("2.1", LONG_AGO)).isEqualTo(new Part(1, 1));
    }

    @Test
    void aDeviceThatWasSilentBeforeIsOfNobodysTime() {
        beat("gone-long-ago", "2.0", 300, 200, HOUR);
        beat("gone-since", "2.0", 300, 20, HOUR);
        assertThat(count("2.0", Duration.ofHours(100))).isEqualTo(new Part(1, 1));
    }

    @Test
    void aDeviceThatStillCrashesIsNotSilent() throws SQLException {
        beat("crashing", "2.0", 60, 20, HOUR);
        crashes.crash(project.id(), stack("a", "b").of("crashing", "rev-a").release("2.0", "2.0"), now.minus(HOUR));
        assertThat(count("2.0", LONG_AGO)).isEqualTo(new Part(1, 0));
    }

    @Test
    void theListGoesOnBehindAName() {
        for (int i = 0; i < 5; i++) {
            beat("SN-" + i, "2.0", 30, 20, HOUR);
        }
        List<Silent> page = transactions.snapshot(
                connection -> silentDevices.list(connection, id("2.0"), now.minus(LONG_AGO), now, "SN-1", 2));
        assertThat(page).extracting(Silent::name).containsExactly("SN-2", "SN-3");
        assertThat(page.getFirst().lastHeard()).isEqualTo(now.minus(Duration.ofHours(20)));
        assertThat(page.getFirst().usualPauseSeconds()).isEqualTo(3600);
    }
}
