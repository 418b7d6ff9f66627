package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fingerprint.Reports;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import dev.faultline.search.SearchQuery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class RollUpsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String BUILD = "cccccccc11111111222222223333333344444444";
    private static final Actor ANN = new Actor("ann", null, NOW);

    @Inject
    Clusters clusters;

    @Inject
    ClusterEdits edits;

    @Inject
    Crashes crashes;

    @Inject
    RollUps rollUps;

    @Inject
    DataSource database;

    private TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    @Test
    void whateverHappensTheRollUpsEqualARecount() throws SQLException {
        for (int seed = 0; seed < 4; seed++) {
            aProjectOfItsOwn();
            var random = new Random(seed);
            List<UUID> ids = new ArrayList<>();
            List<Instant> times = new ArrayList<>();
            for (int step = 0; step < 150; step++) {
                int what = random.nextInt(20);
                if (what < 12 || ids.isEmpty()) {
                    times.add(NOW.minus(Duration.ofHours(random.nextInt(200))));
                    ids.add(crashes.received(project.id(), times.getLast()));
                    crashes.processed(
                            project.id(), ids.getLast(), anyReport(random).report(), times.getLast());
                } else if (what < 15) {
                    int again = random.nextInt(ids.size());
                    crashes.processed(
                            project.id(), ids.get(again), anyReport(random).report(), times.get(again));
                } else if (what == 15) {
                    int gone = random.nextInt(ids.size());
                    forget(ids.remove(gone));
                    times.remove(gone);
                } else if (what == 16) {
                    rollUps.catchUp(project.id());
                } else {
                    edit(random);
                }
            }
            assertThat(crashes.differencesToARecount(project.id()))
                    .as("seed %d", seed)
                    .isZero();
        }
    }

    @Test
    void anEditOfMoreCrashesThanItMayWaitForIsFollowedByTheCountsLater() throws SQLException {
        var named = new Project(project.id(), project.name());
        ClusterId large = null;
        for (int i = 0; i <= RollUp.MOVED_AT_ONCE; i++) {
            large = crashes.crash(project.id(), large(i), NOW.minus(Duration.ofHours(i % 300)))
                    .cluster();
        }
        ClusterId other = crashes.crash(
                        project.id(),
                        stack("other", "b", "c").release("1.0", BUILD).of("SN-1", "rev-a"),
                        NOW)
                .cluster();
        crashes.rolledUp(project.id());

        ClusterEdit merge;
        try (var busy = database.getConnection()) {
            busy.setAutoCommit(false);
            try (var lock = Fragment.prepare(busy, RollUp.LOCK, List.of(project.id()))) {
                lock.execute();
            }
            merge = edits.merge(named, other, List.of(Objects.requireNonNull(large)), ANN);
            assertThat(rollUps.behind(project.id())).isTrue();
            // one that comes meanwhile, of a variant that is counted elsewhere still
            crashes.crash(project.id(), large(0), NOW);
            assertThat(crashesOf(other)).isEqualTo(1);
            busy.rollback();
            busy.setAutoCommit(true);
        }
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        assertThat(rollUps.behind(project.id())).isFalse();
        assertThat(crashesOf(other)).isEqualTo(RollUp.MOVED_AT_ONCE + 3);

        edits.undo(named, merge.id(), ANN);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        assertThat(crashesOf(other)).isEqualTo(1);
    }

    private static Reports large(int i) {
        return stack("large", "b", "c", "d" + i % 3).release("1.0", BUILD).of("SN-" + i % 50, "rev-a");
    }

    private long crashesOf(ClusterId cluster) {
        return clusters.list(project.id(), ClusterQuery.all(20), NOW).items().stream()
                .filter(row -> row.id().equals(cluster))
                .mapToLong(ClusterRow::crashes)
                .sum();
    }

    private static Reports anyReport(Random random) {
        return stack("a" + random.nextInt(3), "b", "c", "d" + random.nextInt(3))
                .release(random.nextInt(5) == 0 ? null : "1." + random.nextInt(3), BUILD)
                .of(random.nextInt(5) == 0 ? null : "SN-" + random.nextInt(4), random.nextInt(5) == 0 ? null : "rev-a");
    }

    private void forget(UUID crash) throws SQLException {
        try (var connection = database.getConnection();
                var delete = connection.prepareStatement("delete from crash where id = ?")) {
            clusters.forget(connection, project.id(), crash);
            delete.setObject(1, crash);
            delete.executeUpdate();
        }
    }

    private void edit(Random random) {
        var named = new Project(project.id(), project.name());
        List<ClusterRow> rows =
                clusters.list(project.id(), ClusterQuery.all(20), NOW).items();
        if (rows.isEmpty()) {
            return;
        }
        ClusterId one = rows.get(random.nextInt(rows.size())).id();
        ClusterId other = rows.get(random.nextInt(rows.size())).id();
        List<Long> variants = clusters.detail(project.id(), one, NOW).orElseThrow().variants().stream()
                .map(ClusterDetail.VariantRow::id)
                .toList();
        if (!one.equals(other)) {
            var merge = edits.merge(named, one, List.of(other), ANN);
            if (random.nextBoolean()) {
                edits.undo(named, merge.id(), ANN);
            }
        } else if (variants.size() > 1) {
            edits.split(named, one, variants.subList(0, 1), ANN);
        }
    }

    @Test
    void devicesSinceADayAreExact() throws SQLException {
        for (int day = 0; day < 10; day++) {
            for (int device = 0; device <= day % 4; device++) {
                crashes.crash(
                        project.id(),
                        stack("since").of("SN-" + device, "rev-a").release("2." + day % 2, BUILD),
                        NOW.minus(Duration.ofDays(day)));
            }
        }
        assertThat(counted(null, null)).containsExactly(23L, 4L);
        assertThat(counted(null, 0)).containsExactly(1L, 1L);
        assertThat(counted(null, 1)).containsExactly(3L, 2L);
        assertThat(counted(null, 4)).containsExactly(11L, 4L);
        assertThat(counted("2.0", 2)).as("one on day 0, three on day 2").containsExactly(4L, 3L);
        assertThat(counted("2.1", 2)).containsExactly(2L, 2L);
    }

    private List<Long> counted(@Nullable String release, @Nullable Integer days) {
        var query = new ClusterQuery(
                null,
                release,
                null,
                null,
                days == null ? null : NOW.minus(Duration.ofDays(days)),
                null,
                null,
                SearchQuery.everything(),
                ClusterSort.IMPACT,
                10,
                null);
        var row = clusters.list(project.id(), query, NOW).items().getFirst();
        return List.of(row.crashes(), row.devices());
    }
}
