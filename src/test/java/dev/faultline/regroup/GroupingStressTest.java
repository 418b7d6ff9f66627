package dev.faultline.regroup;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Assignment;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterQuery;
import dev.faultline.cluster.ClusterRow;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.Reports;
import dev.faultline.http.Problem;
import dev.faultline.ops.PostgresResource;
import dev.faultline.rules.Rules;
import dev.faultline.triage.Triage;
import dev.faultline.triage.TriageChange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that groups crashes, at once: nothing waits for ever, nothing is lost, nothing is there twice. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class GroupingStressTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final int WORKERS = 8;

    /** How long all of it is mixed; {@code -Dfaultline.stress.seconds=60} for the long run. */
    private static final Duration STRESS = Duration.ofSeconds(Integer.getInteger("faultline.stress.seconds", 4));

    @Inject
    Crashes crashes;

    @Inject
    Clusters clusters;

    @Inject
    ClusterEdits edits;

    @Inject
    Triage triage;

    @Inject
    Rules rules;

    @Inject
    Regroups regroups;

    @Inject
    DataSource database;

    private Project project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
    }

    @Test
    void eightWorkersWithTheSameNewCrashMakeOneCluster() throws Exception {
        for (int round = 0; round < 20; round++) {
            var together = new CyclicBarrier(WORKERS);
            String innermost = "stampede" + round;
            List<Callable<Assignment>> work = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                Reports report = stack(innermost, "sb", "sc").of("SN-" + worker, "rev-a");
                var crash = crashes.received(project.id(), NOW);
                work.add(() -> {
                    together.await(1, TimeUnit.MINUTES);
                    return crashes.processed(project.id(), crash, report.report(), NOW);
                });
            }
            List<Assignment> done = new ArrayList<>();
            try (var workers = Executors.newFixedThreadPool(WORKERS)) {
                for (Future<Assignment> one : workers.invokeAll(work)) {
                    done.add(one.get());
                }
            }
            assertThat(done)
                    .extracting(Assignment::cluster)
                    .containsOnly(done.getFirst().cluster());
            assertThat(done)
                    .extracting(Assignment::variant)
                    .containsOnly(done.getFirst().variant());
            assertThat(done).filteredOn(Assignment::newCluster).hasSize(1);
        }
        assertThat(clusters.list(project.id(), ClusterQuery.all(100), NOW).items())
                .hasSize(20)
                .allMatch(row -> row.crashes() == WORKERS);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
    }

    @Test
    void ingestMergesSplitsUndoAndRegroupsNeverDeadlockAndLoseNoCrash() throws Exception {
        long deadlocks = deadlocks();
        Instant end = Instant.now().plus(STRESS);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            int seed = worker;
            work.add(() -> ingest(new Random(seed), end));
        }
        work.add(() -> edit(new Random(100), end));
        work.add(() -> edit(new Random(101), end));
        work.add(() -> regroup(end));
        int sent = 0;
        int edited;
        int regrouped;
        try (var workers = Executors.newFixedThreadPool(work.size())) {
            List<Future<Integer>> done = new ArrayList<>(workers.invokeAll(work));
            regrouped = done.removeLast().get();
            edited = done.removeLast().get() + done.removeLast().get();
            for (Future<Integer> worker : done) {
                sent += worker.get();
            }
        }
        System.out.printf("%d crashes, %d edits, %d regroups in %d s%n", sent, edited, regrouped, STRESS.toSeconds());
        assertThat(edited).isPositive();
        assertThat(regrouped).isPositive();
        assertThat(deadlocks()).isEqualTo(deadlocks);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        var found = clusters.list(project.id(), ClusterQuery.all(500), NOW).items();
        assertThat(found.stream().mapToLong(ClusterRow::crashes).sum()).isEqualTo(sent);
    }

    /** Crashes of few stacks; some come a second time, as when their symbols came, and are another stack then. */
    private int ingest(Random random, Instant end) throws SQLException {
        int done = 0;
        while (Instant.now().isBefore(end)) {
            var crash = crashes.received(project.id(), NOW);
            for (int time = random.nextInt(4) == 0 ? 2 : 1; time > 0; time--) {
                Reports report = stack(
                                "f" + random.nextInt(6), "g" + random.nextInt(4), "h", "deep" + random.nextInt(20))
                        .of("SN-" + random.nextInt(20), "rev-a");
                crashes.processed(project.id(), crash, report.report(), rules.of(project.id()), NOW);
            }
            done++;
        }
        return done;
    }

    private int edit(Random random, Instant end) {
        int done = 0;
        while (Instant.now().isBefore(end)) {
            List<ClusterId> ids = clusters.list(project.id(), ClusterQuery.all(50), NOW).items().stream()
                    .map(ClusterRow::id)
                    .toList();
            if (ids.size() < 2) {
                continue;
            }
            try {
                edit(random, ids);
                done++;
            } catch (Problem meanwhile) {
                assertThat(meanwhile.status()).isIn(400, 409);
            }
        }
        return done;
    }

    private void edit(Random random, List<ClusterId> ids) {
        ClusterId one = ids.get(random.nextInt(ids.size()));
        ClusterId other = ids.get(random.nextInt(ids.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                var merge = edits.merge(project, one, List.of(other), ANN);
                edits.unmerge(project, merge.id(), ANN);
            }
            case 1 -> edits.merge(project, one, List.of(other), ANN);
            case 2 -> edits.keepApart(project, one, other, ANN);
            case 4 ->
                triage.change(
                        project,
                        one,
                        random.nextBoolean() ? TriageChange.resolved("1.0.0") : TriageChange.opened(),
                        ANN);
            case 3 -> {
                for (var entry : triage.activity(project, one, null, 1).items()) {
                    var edit = entry.edit();
                    if (edit != null) {
                        edits.undo(project, edit.id(), ANN);
                    }
                }
            }
            default ->
                clusters.detail(project.id(), one, NOW)
                        .ifPresent(detail -> edits.split(
                                project,
                                one,
                                List.of(detail.variants().getFirst().id()),
                                ANN));
        }
    }

    /** New rules, and a job by them. */
    private int regroup(Instant end) throws InterruptedException {
        int done = 0;
        while (Instant.now().isBefore(end)) {
            int version = rules.of(project.id()).version();
            var skip = new ProjectRules.Rule("skip", FramePart.SKIP, "f" + version % 6, null, null, null, null);
            rules.save(project, new ProjectRules(version, List.of(skip)), new Actor("ann", null, NOW));
            Regroup job = regroups.ask(project, false, new Actor("ann", null, Instant.now()));
            while (!job.state().ended()) {
                Thread.sleep(10);
                job = regroups.job(project, job.id());
            }
            assertThat(job.state()).as(String.valueOf(job.error())).isEqualTo(Regroup.State.DONE);
            done++;
        }
        return done;
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
}
