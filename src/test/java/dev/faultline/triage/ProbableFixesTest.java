package dev.faultline.triage;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterRow;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.ProbableFix;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ProbableFixesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String BUILD = "cccccccc11111111222222223333333344444444";

    @Inject
    ProbableFixes fixes;

    @Inject
    Clusters clusters;

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    @Inject
    Triage triage;

    @Inject
    DataSource database;

    private Project project;

    /** 1.0, then 1.1, then 1.2. */
    @BeforeEach
    void aProjectWithThreeReleases() throws SQLException {
        var created = crashes.project();
        project = new Project(created.id(), created.name());
        registered("1.0", null);
        registered("1.1", "1.0");
        registered("1.2", "1.1");
    }

    private void registered(String version, @Nullable String parent) {
        releases.register(project.id(), Registration.of("main-fw", version, null, parent), NOW);
    }

    /** So many days on which some device of a revision ran a release. */
    private void ran(String version, String hardware, int days) throws SQLException {
        String insert = """
                insert into active_day (project_id, release_id, hardware, cohort, day, devices)
                select project_id, id, ?, '', '2026-06-01', ? from release where project_id = ? and version = ?
                """;
        try (var connection = database.getConnection()) {
            Fragment.update(connection, insert, hardware, days, project.id(), version);
        }
    }

    private ClusterId crashed(String function, String version, String hardware, int devices) throws SQLException {
        ClusterId cluster = new ClusterId(1);
        for (int device = 0; device < devices; device++) {
            cluster = crashes.crash(
                            project.id(),
                            stack(function, "task").release(version, BUILD).of(hardware + device, hardware),
                            NOW.minus(Duration.ofDays(10)))
                    .cluster();
        }
        return cluster;
    }

    private @Nullable ProbableFix fix(ClusterId cluster) {
        row(cluster);
        fixes.look();
        return row(cluster).probableFix();
    }

    private ClusterRow row(ClusterId cluster) {
        return clusters.detail(project.id(), cluster, NOW).orElseThrow().summary();
    }

    @Test
    void aClusterThatNewerReleasesWouldHaveShownIsProbablyFixed() throws SQLException {
        ran("1.0", "rev-a", 1000);
        ran("1.1", "rev-a", 600);
        ran("1.2", "rev-a", 400);
        var cluster = crashed("gone", "1.0", "rev-a", 5);

        var fix = Objects.requireNonNull(fix(cluster));

        assertThat(fix.since()).isEqualTo("1.1");
        // 1 - (1000 / 2000)^5.5
        assertThat(fix.confidence()).isEqualTo(0.9779, within(0.0001));
        assertThat(row(cluster).badges()).contains("probably-fixed");
    }

    @Test
    void whatTheNewestReleaseShowsIsNot() throws SQLException {
        ran("1.0", "rev-a", 100);
        ran("1.2", "rev-a", 10_000);
        crashed("stays", "1.0", "rev-a", 20);

        assertThat(fix(crashed("stays", "1.2", "rev-a", 1))).isNull();
    }

    @Test
    void aReleaseBetweenTwoThatCrashedCountsAsOneThatHasIt() throws SQLException {
        ran("1.0", "rev-a", 100);
        ran("1.1", "rev-a", 2000);
        ran("1.2", "rev-a", 100);
        registered("1.3", "1.2");
        ran("1.3", "rev-a", 800);
        crashed("rare", "1.0", "rev-a", 3);

        // in 2,200 days 6 times: in 800 more it may as well have been missed
        assertThat(fix(crashed("rare", "1.2", "rev-a", 3))).isNull();
    }

    @Test
    void aReleaseThatNobodyRunsOnTheHardwareWhereItCrashesSaysNothing() throws SQLException {
        ran("1.0", "rev-c", 100);
        ran("1.2", "rev-a", 100_000);
        ran("1.2", "rev-c", 3);

        assertThat(fix(crashed("only_c", "1.0", "rev-c", 20))).isNull();
    }

    @Test
    void aReleaseOfAnotherLineSaysNothing() throws SQLException {
        ran("1.0", "rev-a", 100);
        registered("9.0", null);
        ran("9.0", "rev-a", 100_000);

        assertThat(fix(crashed("elsewhere", "1.0", "rev-a", 20))).isNull();
    }

    @Test
    void whatComesBackLosesTheMark() throws SQLException {
        ran("1.0", "rev-a", 100);
        ran("1.1", "rev-a", 1000);
        ran("1.2", "rev-a", 1000);
        var cluster = crashed("back", "1.0", "rev-a", 20);
        assertThat(fix(cluster)).isNotNull();

        crashed("back", "1.2", "rev-a", 1);

        assertThat(fix(cluster)).isNull();
    }

    @Test
    void whatAPersonResolvedNeedsNoGuess() throws SQLException {
        ran("1.0", "rev-a", 100);
        ran("1.1", "rev-a", 1000);
        ran("1.2", "rev-a", 1000);
        var cluster = crashed("resolved", "1.0", "rev-a", 20);
        assertThat(fix(cluster)).isNotNull();

        triage.change(project, cluster, TriageChange.resolved("1.1"), new Actor("ann", null, NOW));

        assertThat(row(cluster).probableFix()).isNull();
    }

    /** Rates out of the prior, then counts at the rate of before: how often no more than the unknown ones are seen. */
    @Test
    void theConfidenceIsThatOfTheGammaPrior() {
        var random = new Random(7);
        int repeated = 0;
        int runs = 200_000;
        for (int run = 0; run < runs; run++) {
            double rate = gamma(random, 5.5) / 1000;
            if (poisson(random, rate * 800) <= 1) {
                repeated++;
            }
        }
        assertThat(ProbableFixes.confidence(5, 5 * 0.8, 1)).isEqualTo(1 - (double) repeated / runs, within(0.004));
        assertThat(ProbableFixes.confidence(5, 5, 0)).isEqualTo(1 - Math.pow(0.5, 5.5), within(1e-12));
    }

    /** Marsaglia and Tsang. */
    private static double gamma(Random random, double shape) {
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    private static int poisson(Random random, double mean) {
        int count = -1;
        for (double left = mean; left >= 0; count++) {
            left += Math.log(random.nextDouble());
        }
        return count;
    }
}
