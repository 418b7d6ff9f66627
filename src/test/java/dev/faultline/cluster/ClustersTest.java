package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterRow.HardwareShare;
import dev.faultline.fingerprint.Reports;
import dev.faultline.http.Problem;
import dev.faultline.ops.PostgresResource;
import dev.faultline.search.SearchQuery;
import dev.faultline.symbols.report.ReasonFamily;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClustersTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String OTHER_BUILD = "bbbbbbbb11111111222222223333333344444444";

    @Inject
    Clusters clusters;

    @Inject
    ClusterEdits edits;

    @Inject
    Crashes crashes;

    @Inject
    DataSource database;

    private long project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project().id();
    }

    private static Instant daysAgo(int days) {
        return NOW.minus(Duration.ofDays(days));
    }

    private List<ClusterRow> list() {
        return clusters.list(project, ClusterQuery.all(100), NOW).items();
    }

    @Test
    void crashesAtTheSamePlaceAreOneClusterOfTwoVariants() throws SQLException {
        var first = crashes.crash(project, stack("fa", "fb", "fc", "fd"), NOW);
        var second = crashes.crash(project, stack("fa", "fb", "fc", "fe").of("SN-2", "rev-b"), NOW);
        var third = crashes.crash(project, stack("fa", "fx", "fc", "fd").of("SN-3", "rev-b"), NOW);
        assertThat(first.newCluster()).isTrue();
        assertThat(second.cluster()).isEqualTo(first.cluster());
        assertThat(second.variant()).isNotEqualTo(first.variant());
        assertThat(second.because()).isEqualTo("the same frames say where it crashed");
        assertThat(third.cluster()).isNotEqualTo(first.cluster());

        ClusterRow row = list().stream()
                .filter(r -> r.id().equals(first.cluster()))
                .findFirst()
                .orElseThrow();
        assertThat(row.signature()).isEqualTo("bad-access | fa | fb | fc");
        assertThat(row.devices()).isEqualTo(2);
        assertThat(row.crashes()).isEqualTo(2);
        assertThat(row.hardware())
                .containsExactly(new HardwareShare("rev-a", 1, 0.5, null), new HardwareShare("rev-b", 1, 0.5, null));
        assertThat(row.days()).hasSize(30).endsWith(2);
        assertThat(row.badges()).containsExactly("new");
        assertThat(row.place()).isEqualTo("fa.c:10");
    }

    @Test
    void aStampedeOfEightWorkersMakesOneClusterAndCountsEveryCrash() throws Exception {
        List<Callable<Assignment>> work = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            int n = i;
            UUID crash = crashes.received(project, NOW);
            var report = stack("sa", "sb", "sc", "tail_" + n % 5)
                    .of("SN-" + n % 40, "rev-a")
                    .report();
            work.add(() -> crashes.processed(project, crash, report, NOW));
        }
        Set<ClusterId> found = new HashSet<>();
        try (var workers = Executors.newFixedThreadPool(8)) {
            for (Future<Assignment> done : workers.invokeAll(work)) {
                found.add(done.get().cluster());
            }
        }
        assertThat(found).hasSize(1);
        assertThat(list()).singleElement().satisfies(row -> {
            assertThat(row.crashes()).isEqualTo(160);
            assertThat(row.devices()).isEqualTo(40);
        });
        assertThat(crashes.differencesToARecount(project)).isZero();
    }

    @Test
    void theOrderOfArrivalChangesNeitherVariantsNorClusters() throws SQLException {
        Random random = new Random(7);
        List<Reports> reports = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String[] whole = {
                "oa_" + random.nextInt(4), "ob_" + random.nextInt(2), "oc", "od_" + random.nextInt(3),
            };
            // one in three was cut short, some of them to the innermost function
            int frames = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : whole.length;
            reports.add(stack(Arrays.copyOf(whole, frames)).of("SN-" + i, "rev-" + i % 2));
        }
        Set<Set<Integer>> partition = partition(reports, reports);
        for (int round = 0; round < 5; round++) {
            List<Reports> shuffled = new ArrayList<>(reports);
            Collections.shuffle(shuffled, random);
            project = crashes.project().id();
            assertThat(partition(reports, shuffled)).isEqualTo(partition);
        }
        assertThat(partition).hasSizeGreaterThan(5);
    }

    private Set<Set<Integer>> partition(List<Reports> named, List<Reports> order) throws SQLException {
        Map<Integer, Assignment> assignments = new HashMap<>();
        for (Reports report : order) {
            assignments.put(named.indexOf(report), crashes.crash(project, report, NOW));
        }
        Map<Long, Set<Integer>> groups = new HashMap<>();
        for (var assignment : assignments.entrySet()) {
            groups.computeIfAbsent(clusterNow(assignment.getValue()), none -> new HashSet<>())
                    .add(assignment.getKey());
        }
        return new HashSet<>(groups.values());
    }

    private long clusterNow(Assignment assignment) throws SQLException {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement("select cluster_id from variant where id = ?")) {
            query.setLong(1, assignment.variant());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void aStackThatWasCutShortIsWhereAllWholeOnesWithItsInnermostFunctionAre() throws SQLException {
        var whole = crashes.crash(project, stack("ia", "ib", "ic"), NOW);
        var cut = crashes.crash(project, stack("ia"), NOW);
        assertThat(cut.newCluster()).isFalse();
        assertThat(cut.cluster()).isEqualTo(whole.cluster());
        assertThat(cut.because())
                .isEqualTo(
                        "its stack is incomplete, and every complete one with the same innermost function is in this cluster");
    }

    @Test
    void aStackThatWasCutShortFollowsTheFirstWholeOneAndLeavesWhenThereIsAnother() throws SQLException {
        var cut = crashes.crash(project, stack("ia"), NOW);
        var whole = crashes.crash(project, stack("ia", "ib", "ic"), NOW);
        assertThat(clusterNow(cut)).isEqualTo(whole.cluster().number());
        assertThat(clusters.movedTo(project, cut.cluster())).contains(whole.cluster());

        var other = crashes.crash(project, stack("ia", "jb", "jc"), NOW);
        assertThat(clusterNow(cut))
                .isNotIn(whole.cluster().number(), other.cluster().number());
        assertThat(list()).hasSize(3);
        assertThat(crashes.differencesToARecount(project)).isZero();
    }

    @Test
    void withoutLinesTheFunctionsOfTheImageTellWhichClusterItIs() throws SQLException {
        var lines = crashes.crash(
                project, new Reports().inlined("pa").frame("pb").frame("pc").frame("pd"), NOW);
        var names = crashes.crash(
                project,
                new Reports().frameWithoutFile("pb").frameWithoutFile("pc").frameWithoutFile("pd"),
                NOW);
        assertThat(names.cluster()).isEqualTo(lines.cluster());
        assertThat(names.because()).contains("in the same two functions of the image");
    }

    @Test
    void whatAPersonMovedDoesNotFollowByItself() throws SQLException {
        var cut = crashes.crash(project, stack("ia"), NOW);
        var elsewhere = crashes.crash(project, stack("za", "zb", "zc"), NOW);
        edits.merge(
                new Project(project, "any"),
                elsewhere.cluster(),
                List.of(cut.cluster()),
                new Actor("ada", "127.0.0.1", NOW));
        crashes.crash(project, stack("ia", "ib", "ic"), NOW);
        assertThat(clusterNow(cut)).isEqualTo(elsewhere.cluster().number());
    }

    @Test
    void whoComesFirstOfEightWorkersMakesNoDifferenceToStacksThatWereCutShort() throws Exception {
        List<Callable<Assignment>> work = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            String function = "ya_" + i % 6;
            var report = (i / 6 % 3 == 0 ? stack(function) : stack(function, "yb", "yc", "tail_" + i)).report();
            UUID crash = crashes.received(project, NOW);
            work.add(() -> crashes.processed(project, crash, report, NOW));
        }
        Collections.shuffle(work, new Random(3));
        Set<Long> found = new HashSet<>();
        try (var workers = Executors.newFixedThreadPool(8)) {
            for (Future<Assignment> done : workers.invokeAll(work)) {
                found.add(done.get().variant());
            }
        }
        assertThat(list())
                .hasSize(6)
                .allSatisfy(row -> assertThat(row.crashes()).isEqualTo(20));
        assertThat(found).hasSize(6 + 6 * 13);
    }

    @Test
    void aCrashThatIsProcessedAgainMovesExactly() throws SQLException {
        UUID crash = crashes.received(project, NOW);
        var blind = new Reports().unnamed(0x100).unnamed(0x200).withoutSymbols();
        var before = crashes.processed(project, crash, blind.report(), NOW);
        assertThat(list())
                .singleElement()
                .satisfies(row -> assertThat(row.badges()).contains("needs-symbols", "provisional"));

        var after = crashes.processed(project, crash, stack("ma", "mb", "mc").report(), NOW);
        assertThat(after.cluster()).isNotEqualTo(before.cluster());
        assertThat(list()).extracting(ClusterRow::id).containsExactly(after.cluster());
        assertThat(clusters.detail(project, before.cluster(), NOW)).isEmpty();
        assertThat(clusters.movedTo(project, before.cluster())).contains(after.cluster());
        assertThat(crashes.differencesToARecount(project)).isZero();

        crashes.processed(project, crash, stack("ma", "mb", "mc").report(), NOW);
        assertThat(list())
                .singleElement()
                .satisfies(row -> assertThat(row.crashes()).isEqualTo(1));
    }

    @Test
    void aCrashThatTurnsOutToBeOfAnotherReleaseIsCountedThere() throws SQLException {
        UUID crash = crashes.received(project, NOW);
        var assignment = crashes.processed(project, crash, stack("ra", "rb").report(), NOW);
        crashes.processed(
                project,
                crash,
                stack("ra", "rb")
                        .release("9.9.9", OTHER_BUILD)
                        .of("SN-8", "rev-z")
                        .report(),
                NOW);
        var detail = clusters.detail(project, assignment.cluster(), NOW).orElseThrow();
        assertThat(detail.breakdown()).containsExactly(new ClusterDetail.BreakdownRow("9.9.9", "rev-z", 1, 1));
        assertThat(crashes.differencesToARecount(project)).isZero();
    }

    @Test
    void anEmptiedClusterLivesAgainWhenACrashComesBack() throws SQLException {
        UUID crash = crashes.received(project, NOW);
        var one = crashes.processed(project, crash, stack("ea", "eb").report(), NOW);
        var other = crashes.processed(project, crash, stack("ga", "gb").report(), NOW);
        crashes.crash(project, stack("ea", "eb"), NOW);
        assertThat(clusters.detail(project, one.cluster(), NOW)).isPresent();
        assertThat(clusters.movedTo(project, one.cluster())).isEmpty();
        crashes.processed(project, crash, stack("ea", "eb").report(), NOW);
        assertThat(clusters.movedTo(project, other.cluster())).contains(one.cluster());
    }

    @Test
    void manyWorkersMovingTheSameCrashesToAndFroLeaveExactCounters() throws Exception {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            ids.add(crashes.received(project, NOW));
        }
        List<Callable<Assignment>> work = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < ids.size(); i++) {
                UUID crash = ids.get(i);
                var report = stack("to_" + (i + round) % 3, "fro", "x" + (i + round) % 2)
                        .of("SN-" + i % 4, "rev-a")
                        .report();
                work.add(() -> crashes.processed(project, crash, report, NOW));
            }
        }
        try (var workers = Executors.newFixedThreadPool(8)) {
            for (Future<Assignment> done : workers.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(crashes.differencesToARecount(project)).isZero();
        assertThat(list().stream().mapToLong(ClusterRow::crashes).sum()).isEqualTo(ids.size());
    }

    @Test
    void aForgottenCrashIsInNoCount() throws SQLException {
        UUID crash = crashes.received(project, NOW);
        crashes.processed(project, crash, stack("fo", "go").report(), NOW);
        try (var connection = database.getConnection()) {
            clusters.forget(connection, project, crash);
        }
        assertThat(list()).isEmpty();
        assertThat(crashes.differencesToARecount(project)).isZero();
    }

    @Test
    void crashesOfNobodyKnownAreCountedWithoutADevice() throws SQLException {
        crashes.crash(project, stack("na", "nb").of(null, null).release(null, OTHER_BUILD), NOW);
        assertThat(list()).singleElement().satisfies(row -> {
            assertThat(row.crashes()).isEqualTo(1);
            assertThat(row.devices()).isZero();
            assertThat(row.firstSeen().release()).isNull();
        });
        assertThat(crashes.differencesToARecount(project)).isZero();
    }

    @Test
    void impactIsDevicesBySeverityAndHowLongAgo() throws SQLException {
        for (int i = 0; i < 3; i++) {
            crashes.crash(project, stack("old_bug").of("SN-" + i, "rev-a"), daysAgo(28));
        }
        crashes.crash(project, stack("fresh_bug"), NOW);
        for (int i = 0; i < 5; i++) {
            crashes.crash(project, stack("loop_bug").of("SN-7", "rev-a"), daysAgo(1));
        }
        crashes.crash(
                project, stack("dead_battery").reason(ReasonFamily.BROWNOUT).of("SN-7", "rev-a"), daysAgo(14));
        assertThat(list())
                .extracting(ClusterRow::signature)
                .containsExactly(
                        "bad-access | fresh_bug",
                        "bad-access | loop_bug",
                        "bad-access | old_bug",
                        "brownout | dead_battery");
        assertThat(list().get(2).impact()).as("3 devices × 2 × 2^(-28/14)").isEqualTo(1.5);
        assertThat(list().getLast().impact()).as("1 device × 0.5 × 2^(-14/14)").isEqualTo(0.25);
        assertThat(sorted(ClusterSort.DEVICES)).first().isEqualTo("bad-access | old_bug");
        assertThat(sorted(ClusterSort.CRASHES)).first().isEqualTo("bad-access | loop_bug");
        assertThat(sorted(ClusterSort.FIRST_SEEN)).last().isEqualTo("bad-access | old_bug");
        assertThat(sorted(ClusterSort.LAST_SEEN)).first().isEqualTo("bad-access | fresh_bug");
    }

    private List<String> sorted(ClusterSort sort) {
        var query =
                new ClusterQuery(null, null, null, null, null, null, null, SearchQuery.everything(), sort, 100, null);
        return clusters.list(project, query, NOW).items().stream()
                .map(ClusterRow::signature)
                .toList();
    }

    @Test
    void pagesNeitherRepeatNorLoseAClusterInAnyOrder() throws SQLException {
        for (int i = 0; i < 23; i++) {
            for (int n = 0; n <= i % 4; n++) {
                crashes.crash(project, stack("page_" + i).of("SN-" + n, "rev-a"), daysAgo(i % 6));
            }
        }
        for (ClusterSort sort : ClusterSort.values()) {
            List<String> paged = new ArrayList<>();
            String after = null;
            do {
                var page = clusters.list(
                        project,
                        new ClusterQuery(
                                null, null, null, null, null, null, null, SearchQuery.everything(), sort, 4, after),
                        NOW);
                page.items().forEach(row -> paged.add(row.signature()));
                after = page.next();
            } while (after != null);
            assertThat(paged).isEqualTo(sorted(sort)).hasSize(23).doesNotHaveDuplicates();
        }
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() {
        String impact = new ClusterCursor(ClusterSort.IMPACT, 1, 2).text();
        var query = new ClusterQuery(
                null, null, null, null, null, null, null, SearchQuery.everything(), ClusterSort.DEVICES, 4, impact);
        assertThatThrownBy(() -> clusters.list(project, query, NOW))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("sorted by devices");
    }

    @Test
    void filtersRestrictTheCrashesThatAreCounted() throws SQLException {
        crashes.crash(project, stack("filter_me"), daysAgo(10));
        crashes.crash(project, stack("filter_me").release("2.0.0", OTHER_BUILD).of("SN-2", "rev-b"), NOW);
        crashes.crash(project, stack("Other_One").reason(ReasonFamily.DIV0).software("bootloader"), NOW);
        assertThat(only(null, "2.0.0", null, null, null, null)).singleElement().satisfies(row -> {
            assertThat(row.crashes()).isEqualTo(1);
            assertThat(row.hardware()).extracting(HardwareShare::revision).containsExactly("rev-b");
            assertThat(row.firstSeen().at()).isEqualTo(daysAgo(10));
            assertThat(row.firstSeen().release()).isEqualTo("1.0.0");
        });
        assertThat(only(null, null, "rev-b", null, null, null))
                .singleElement()
                .extracting(ClusterRow::crashes)
                .isEqualTo(1L);
        assertThat(only("bootloader", null, null, null, null, null))
                .extracting(ClusterRow::signature)
                .containsExactly("div0 | Other_One");
        assertThat(only(null, null, null, "div0", null, null)).hasSize(1);
        assertThat(only(null, null, null, null, daysAgo(2), null))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.crashes()).isEqualTo(1));
        assertThat(only(null, null, null, null, null, "other_o")).hasSize(1);
        assertThat(only(null, null, null, null, null, "%_%")).isEmpty();
        assertThat(only(null, "no such", null, null, null, null)).isEmpty();
    }

    private List<ClusterRow> only(
            @Nullable String software,
            @Nullable String release,
            @Nullable String hardware,
            @Nullable String reason,
            @Nullable Instant since,
            @Nullable String text) {
        var query = new ClusterQuery(
                software,
                release,
                hardware,
                reason,
                since,
                text,
                null,
                SearchQuery.everything(),
                ClusterSort.IMPACT,
                50,
                null);
        return clusters.list(project, query, NOW).items();
    }

    @Test
    void aDetailTellsVariantsBreakdownTrendAndWhy() throws SQLException {
        var first = crashes.crash(project, stack("da", "db", "dc", "dd"), daysAgo(3));
        crashes.crash(project, stack("da", "db", "dc", "de").of("SN-2", "rev-b").release("2.0.0", OTHER_BUILD), NOW);
        crashes.crash(project, stack("da", "db", "dc", "de").of("SN-2", "rev-b").release("2.0.0", OTHER_BUILD), NOW);
        var detail = clusters.detail(project, first.cluster(), NOW).orElseThrow();
        assertThat(detail.variants())
                .extracting(ClusterDetail.VariantRow::crashes)
                .containsExactly(2L, 1L);
        assertThat(detail.variants().getFirst().frames())
                .extracting(frame -> frame.name())
                .containsExactly("da", "db", "dc", "de");
        assertThat(detail.breakdown())
                .containsExactly(
                        new ClusterDetail.BreakdownRow("2.0.0", "rev-b", 2, 1),
                        new ClusterDetail.BreakdownRow("1.0.0", "rev-a", 1, 1));
        assertThat(detail.trend()).extracting(ClusterDetail.TrendRow::crashes).containsExactly(1L, 2L);
        assertThat(detail.latestCrashes())
                .hasSize(3)
                .extracting(ClusterDetail.CrashRow::device)
                .containsExactly("SN-2", "SN-2", "SN-1");
        assertThat(detail.grouping().sentence())
                .contains("the same frames that say where")
                .contains("2 ways");
        assertThat(detail.summary().lastSeen().release()).isEqualTo("2.0.0");
    }

    @Test
    void projectsDoNotSeeEachOthersClusters() throws SQLException {
        var mine = crashes.crash(project, stack("mine_only"), NOW);
        long other = crashes.project().id();
        assertThat(clusters.detail(other, mine.cluster(), NOW)).isEmpty();
        assertThat(clusters.list(other, ClusterQuery.all(10), NOW).items()).isEmpty();
        assertThat(crashes.crash(other, stack("mine_only"), NOW).cluster()).isNotEqualTo(mine.cluster());
    }
}
