package dev.faultline.triage;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class EscalationsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    Escalations escalations;

    @Inject
    Clusters clusters;

    @Inject
    Crashes crashes;

    private long project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project().id();
    }

    /** A crash on each of so many devices, so many days ago. */
    private ClusterId crashes(String function, int daysAgo, int devices) throws SQLException {
        ClusterId cluster = new ClusterId(1);
        for (int device = 0; device < devices; device++) {
            Instant at = NOW.minus(Duration.ofDays(daysAgo));
            cluster = crashes.crash(project, stack(function).of("d" + device, "rev-a"), at)
                    .cluster();
        }
        return cluster;
    }

    private boolean escalating(ClusterId cluster) {
        clusters.detail(project, cluster, NOW);
        escalations.look(project, NOW);
        return clusters.detail(project, cluster, NOW)
                .orElseThrow()
                .summary()
                .badges()
                .contains("escalating");
    }

    @Test
    void aClusterThatHitsManyMoreDevicesThanBeforeEscalatesForADay() throws SQLException {
        for (int day = 2; day <= 15; day++) {
            crashes("grows", day, 1);
        }
        var cluster = crashes("grows", 0, 12);
        assertThat(escalating(cluster)).isTrue();
        assertThat(clusters.detail(project, cluster, NOW.plus(Duration.ofHours(25)))
                        .orElseThrow()
                        .summary()
                        .badges())
                .doesNotContain("escalating");
    }

    @Test
    void whatGoesOnAsBeforeDoesNot() throws SQLException {
        for (int day = 0; day <= 15; day++) {
            crashes("steady", day, 3);
        }
        assertThat(escalating(crashes("steady", 0, 1))).isFalse();
    }

    @Test
    void oneDeviceThatCrashesAtEachStartDoesNot() throws SQLException {
        for (int day = 2; day <= 15; day++) {
            crashes("boot_loop", day, 1);
        }
        ClusterId cluster = new ClusterId(1);
        for (int i = 0; i < 30; i++) {
            cluster = crashes("boot_loop", 0, 1);
        }
        assertThat(escalating(cluster)).isFalse();
    }

    @Test
    void whatIsNewHasNoPastToCompareWith() throws SQLException {
        assertThat(escalating(crashes("new_one", 0, 20))).isFalse();
    }
}
