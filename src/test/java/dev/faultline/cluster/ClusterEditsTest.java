package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.access.Project;
import dev.faultline.fingerprint.Reports;
import dev.faultline.http.Problem;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterEditsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Editor ANN = new Editor("ann", null, NOW);
    /** How long merges and ingest are mixed; {@code -Dfaultline.stress.seconds=60} for the long run. */
    private static final Duration STRESS = Duration.ofSeconds(Integer.getInteger("faultline.stress.seconds", 4));

    @Inject
    ClusterEdits edits;

    @Inject
    Clusters clusters;

    @Inject
    Crashes crashes;

    @Inject
    DataSource database;

    private Project project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
    }

    private Assignment crash(String... frames) throws SQLException {
        return crashes.crash(project.id(), stack(frames), NOW);
    }

    /** Where each variant is and why, what it counts, and where emptied clusters lead. */
    private List<String> state() throws SQLException {
        String sql = """
                select 'v', v.id, v.cluster_id, v.joined_because, v.joined_by,
                    (select sum(crashes) from variant_day where variant_id = v.id),
                    (select sum(crashes) from variant_device where variant_id = v.id)
                from variant v where project_id = %1$d
                union all
                select 'k', id, moved_to, signature, null, null, null from cluster where project_id = %1$d
                order by 1, 2
                """.formatted(project.id());
        List<String> rows = new ArrayList<>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add("%s %s %s %s %s %s %s"
                        .formatted(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7)));
            }
        }
        return rows;
    }

    @Test
    void aMergedClusterLeadsToTheOneThatItIsIn() throws SQLException {
        var one = crash("ma", "mb", "mc");
        var other = crash("na", "nb", "nc");
        String path = "/api/v1/projects/" + project.name() + "/clusters/";
        given().contentType("application/json")
                .body(Map.of("clusters", List.of(other.cluster().toString())))
                .post(path + one.cluster() + "/merge")
                .then()
                .statusCode(200)
                .body("kind", equalTo("merge"))
                .body("variants", equalTo(1));
        given().redirects()
                .follow(false)
                .get(path + other.cluster())
                .then()
                .statusCode(307)
                .header("Location", endsWith(path + one.cluster()));
        given().redirects()
                .follow(false)
                .get("/projects/" + project.name() + "/clusters/" + other.cluster())
                .then()
                .statusCode(303)
                .header("Location", endsWith("/clusters/" + one.cluster()));
        given().get(path + one.cluster())
                .then()
                .body("crashes", equalTo(2))
                .body("signature", equalTo("bad-access | ma | mb | mc"))
                .body("variants[1].because", containsString("merged into this cluster by local, edit"));
        int edit = given().get(path + one.cluster() + "/activity")
                .then()
                .body("items[0].from[0]", equalTo(other.cluster().toString()))
                .extract()
                .path("items[0].id");
        String undo = "/api/v1/projects/" + project.name() + "/cluster-edits/" + edit + "/undo";
        given().post(undo).then().statusCode(200).body("undoes", equalTo(edit));
        given().post(undo).then().statusCode(409).body("type", containsString("edit-undone"));
        assertThat(clusters.detail(project.id(), other.cluster(), NOW)).isPresent();
    }

    @Test
    void newVariantsFollowTheOnesThatWereMerged() throws SQLException {
        var one = crash("fa", "fb", "fc");
        var other = crash("ga", "gb", "gc");
        var edit = edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        var later = crash("ga", "gb", "gc", "gd");
        assertThat(later.cluster()).isEqualTo(one.cluster());
        assertThat(later.because()).contains("edit " + edit.id());
        edits.unmerge(project, edit.id(), ANN);
        assertThat(crash("ga", "gb", "gc", "gd").cluster())
                .as("what came by the merge leaves with it")
                .isEqualTo(other.cluster());
        assertThat(crash("ga", "gb", "gc", "ge").cluster()).isEqualTo(other.cluster());
        assertThat(crash("fa", "fb", "fc", "fd").cluster()).isEqualTo(one.cluster());
    }

    @Test
    void whatAPersonTookApartIsNotJoinedByAnOlderMerge() throws SQLException {
        var one = crash("ta", "tb", "tc");
        var other = crash("ua", "ub", "uc");
        var stays = crash("ua", "ub", "uc", "ud");
        edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        var split = edits.split(project, one.cluster(), List.of(other.variant()), ANN);
        for (int i = 0; i < 5; i++) {
            var later = crash("ua", "ub", "uc", "u" + i);
            assertThat(later.cluster())
                    .isNotEqualTo(one.cluster())
                    .isNotEqualTo(split.to().getFirst());
        }
        assertThat(crash("ua", "ub", "uc", "ud").variant()).isEqualTo(stays.variant());
        edits.undo(project, split.id(), ANN);
        assertThat(crash("ua", "ub", "uc", "u9").cluster()).isEqualTo(one.cluster());
    }

    @Test
    void mergeThenUnmergeRestoresExactly() throws SQLException {
        var random = new Random(11);
        for (int round = 0; round < 15; round++) {
            aProjectOfItsOwn();
            var found = new TreeSet<ClusterId>();
            for (int i = 0; i < 12; i++) {
                found.add(crash("r" + random.nextInt(5), "rb", "rc", "rd" + random.nextInt(3))
                        .cluster());
            }
            List<ClusterId> ids = new ArrayList<>(found);
            Collections.shuffle(ids, random);
            List<String> before = state();
            ClusterId into = ids.removeFirst();
            if (ids.isEmpty()) {
                continue;
            }
            var merge = edits.merge(project, into, ids, ANN);
            assertThat(state()).isNotEqualTo(before);
            var back = random.nextBoolean()
                    ? edits.unmerge(project, merge.id(), ANN)
                    : edits.undo(project, merge.id(), ANN);
            assertThat(state()).isEqualTo(before);
            edits.undo(project, back.id(), ANN);
            assertThat(clusters.list(project.id(), ClusterQuery.all(10), NOW).items())
                    .hasSize(1);
            edits.undo(project, merge.id(), ANN);
            assertThat(state()).isEqualTo(before);
            assertThat(crashes.differencesToARecount(project.id())).isZero();
        }
    }

    @Test
    void theOrderOfArrivalAroundAMergeChangesNothing() throws SQLException {
        List<String[]> later = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            later.add(new String[] {"o" + i % 3, "ob", "oc", "od" + i % 7});
        }
        Set<Set<String>> partition = afterAMerge(later);
        for (int seed = 0; seed < 4; seed++) {
            aProjectOfItsOwn();
            Collections.shuffle(later, new Random(seed));
            assertThat(afterAMerge(later)).isEqualTo(partition);
        }
        assertThat(partition).hasSize(2);
    }

    private Set<Set<String>> afterAMerge(List<String[]> later) throws SQLException {
        var one = crash("o0", "ob", "oc");
        var other = crash("o1", "ob", "oc");
        edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        Map<ClusterId, Set<String>> found = new TreeMap<>();
        for (String[] frames : later) {
            found.computeIfAbsent(crash(frames).cluster(), _ -> new TreeSet<>()).add(String.join(" ", frames));
        }
        return Set.copyOf(found.values());
    }

    @Test
    void anEditThatALaterOneContradictsIsNotUndone() throws SQLException {
        var one = crash("ca", "cb", "cc");
        var other = crash("da", "db", "dc");
        var third = crash("ea", "eb", "ec");
        var merge = edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        var move = edits.move(project, one.cluster(), List.of(other.variant()), third.cluster(), ANN);
        assertThatThrownBy(() -> edits.undo(project, merge.id(), ANN))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is in %s by now", third.cluster());
        edits.undo(project, move.id(), ANN);
        edits.undo(project, merge.id(), ANN);
        assertThat(clusters.detail(project.id(), other.cluster(), NOW)).isPresent();
    }

    @Test
    void wrongEditsAreToldWhatIsWrong() throws SQLException {
        var one = crash("wa", "wb", "wc");
        var other = crash("xa", "xb", "xc");
        assertThatThrownBy(() -> edits.merge(project, one.cluster(), List.of(one.cluster()), ANN))
                .hasMessageContaining("into itself");
        assertThatThrownBy(() -> edits.merge(project, one.cluster(), List.of(), ANN))
                .hasMessage("clusters: found 0, wanted 1 to 100");
        assertThatThrownBy(() -> edits.split(project, one.cluster(), List.of(one.variant()), ANN))
                .hasMessageContaining("Nothing of %s would be left", one.cluster());
        assertThatThrownBy(() -> edits.split(project, one.cluster(), List.of(other.variant()), ANN))
                .hasMessageContaining("has 0 of these 1 variants");
        assertThatThrownBy(() -> edits.undo(project, 999_999_999, ANN)).hasMessageContaining("No edit");
        var elsewhere = new Project(crashes.project().id(), "elsewhere");
        assertThatThrownBy(() -> edits.merge(elsewhere, one.cluster(), List.of(other.cluster()), ANN))
                .hasMessageContaining("No cluster has the id");
    }

    @Test
    void eightWorkersAndMergesNeverDeadlockAndLoseNoCrash() throws Exception {
        long deadlocks = deadlocks();
        Instant end = Instant.now().plus(STRESS);
        List<ClusterId> roots = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            roots.add(crash("s" + i, "sb", "sc").cluster());
        }
        List<Callable<Integer>> work = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            int seed = worker;
            work.add(() -> {
                var random = new Random(seed);
                int done = 0;
                for (; Instant.now().isBefore(end); done++) {
                    Reports report = stack("s" + random.nextInt(4), "sb", "sc", "t" + random.nextInt(200))
                            .of("SN-" + random.nextInt(20), "rev-a");
                    crashes.crash(project.id(), report, NOW);
                }
                return done;
            });
        }
        work.add(() -> {
            int done = 0;
            for (; Instant.now().isBefore(end); done++) {
                var merge = edits.merge(project, roots.get(done % 4), List.of(roots.get((done + 1) % 4)), ANN);
                Thread.sleep(5);
                edits.undo(project, merge.id(), ANN);
            }
            return done;
        });
        int sent = roots.size();
        int merges;
        try (var workers = Executors.newFixedThreadPool(9)) {
            List<Future<Integer>> done = workers.invokeAll(work);
            merges = done.removeLast().get();
            for (Future<Integer> worker : done) {
                sent += worker.get();
            }
        }
        assertThat(merges).isPositive();
        assertThat(deadlocks()).isEqualTo(deadlocks);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        var found = clusters.list(project.id(), ClusterQuery.all(100), NOW).items();
        assertThat(found).extracting(ClusterRow::id).containsExactlyInAnyOrderElementsOf(roots);
        assertThat(found.stream().mapToLong(ClusterRow::crashes).sum()).isEqualTo(sent);
    }

    private long deadlocks() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select deadlocks from pg_stat_database where datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aThousandVariantsMoveWithinASecond() throws SQLException {
        var one = crash("ka", "kb", "kc");
        var other = crash("la", "lb", "lc");
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, cluster_key, signature, reason,
                        software, provisional, needs_symbols, frames, joined_because, created_at)
                    select project_id, cluster_id, algorithm, k1, k3 || i, k8 || i, k3 || i, signature, reason, software,
                        provisional, needs_symbols, frames, joined_because, created_at
                    from variant, generate_series(1, 999) i where id = %d
                    """.formatted(other.variant()));
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            var merge = edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
            long merged = System.nanoTime();
            edits.unmerge(project, merge.id(), ANN);
            long back = System.nanoTime();
            assertThat(merge.variants()).isEqualTo(1000);
            best = Math.min(best, back - start);
            System.out.printf(
                    "merge %d ms, un-merge %d ms%n", (merged - start) / 1_000_000, (back - merged) / 1_000_000);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
    }
}
