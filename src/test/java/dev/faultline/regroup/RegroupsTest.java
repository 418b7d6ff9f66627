package dev.faultline.regroup;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Assignment;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterState;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.Reports;
import dev.faultline.http.Problem;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import dev.faultline.rules.Rules;
import dev.faultline.triage.Triage;
import dev.faultline.triage.TriageChange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class RegroupsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    RegroupJobs jobs;

    @Inject
    Transactions transactions;

    private Project project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
        path = "/api/v1/projects/" + project.name();
    }

    private Assignment crash(String... frames) throws SQLException {
        return crashes.processed(
                project.id(), crashes.received(project.id(), NOW), stack(frames).report(), rules.of(project.id()), NOW);
    }

    private void skip(String function) {
        int version = rules.of(project.id()).version();
        rules.save(
                project,
                new ProjectRules(
                        version,
                        List.of(new ProjectRules.Rule(
                                "skip-" + version, FramePart.SKIP, function, null, null, null, null))),
                new Actor("ann", null, NOW));
    }

    private Regroup regroup(boolean dryRun) throws InterruptedException {
        Regroup job = regroups.ask(project, dryRun, new Actor("ann", null, Instant.now()));
        Instant end = Instant.now().plus(PATIENCE);
        while (!job.state().ended() && Instant.now().isBefore(end)) {
            Thread.sleep(20);
            job = regroups.job(project, job.id());
        }
        assertThat(job.state()).as(String.valueOf(job.error())).isEqualTo(Regroup.State.DONE);
        return job;
    }

    private static Regroup.Result result(Regroup job) {
        return Objects.requireNonNull(job.result());
    }

    private long crashesOf(Assignment of) {
        return clusters.detail(project.id(), of.cluster(), NOW)
                .map(detail -> detail.summary().crashes())
                .orElse(0L);
    }

    @Test
    void aDryRunTellsWhatWouldChangeAndChangesNothing() throws Exception {
        var one = crash("lock", "save", "run");
        var other = crash("save", "run");
        crash("other", "run");
        skip("lock");

        Regroup job = regroup(true);

        assertThat(job.result()).isEqualTo(new Regroup.Result(3, 1, 3, 2, 3, 2, 0, 1, 0, 1));
        assertThat(crashesOf(one)).isEqualTo(1);
        given().get(path + "/regroups/" + job.id())
                .then()
                .statusCode(200)
                .body("state", equalTo("done"))
                .body("dryRun", equalTo(true))
                .body("rules", endsWith("project 1"));
        given().get(path + "/regroups/" + job.id() + "/changes")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].kind", equalTo("join"))
                .body("items[0].of.crashes", equalTo(2))
                .body("items[0].of.after", contains("bad-access | save | run@run.c"))
                .body(
                        "items[0].of.from",
                        contains(one.cluster().toString(), other.cluster().toString()))
                .body("next", nullValue());
        given().get(path + "/regroups").then().body("items", hasSize(1));
    }

    @Test
    void clustersThatComeTogetherGoOnAsTheLargerOneAndTheOthersLeadThere() throws Exception {
        var small = crash("lock", "save", "run");
        var large = crash("save", "run");
        crash("save", "run");
        triage.change(project, large.cluster(), new TriageChange("Saving", "resolved", null, null, null, null), ANN);
        skip("lock");

        regroup(false);

        var detail = clusters.detail(project.id(), large.cluster(), NOW).orElseThrow();
        assertThat(detail.summary().crashes()).isEqualTo(3);
        assertThat(detail.summary().title()).isEqualTo("Saving");
        assertThat(detail.summary().standing().state()).isEqualTo(ClusterState.RESOLVED);
        assertThat(clusters.movedTo(project.id(), small.cluster())).contains(large.cluster());
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        assertThat(crash("lock", "save", "run").cluster()).isEqualTo(large.cluster());
    }

    @Test
    void aClusterThatFallsApartGoesOnAsItsLargerPart() throws Exception {
        skip("first|second");
        var together = crash("first", "common", "run");
        crash("first", "common", "run");
        crash("second", "common", "run");
        skip("nothing");

        Regroup job = regroup(false);

        assertThat(result(job).splits()).isEqualTo(1);
        assertThat(crashesOf(together)).isEqualTo(2);
        var signature = clusters.detail(project.id(), together.cluster(), NOW)
                .orElseThrow()
                .summary()
                .signature();
        assertThat(signature).isEqualTo("bad-access | first | common | run@run.c");
        var apart = crash("second", "common", "run");
        assertThat(apart.cluster()).isNotEqualTo(together.cluster());
        assertThat(crashesOf(apart)).isEqualTo(2);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
    }

    @Test
    void whatWasMergedStaysMergedAndCanStillBeTakenApart() throws Exception {
        var one = crash("lock", "save", "run", "main", "start");
        var other = crash("lock", "load", "run", "main", "start");
        var merge = edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        skip("lock");

        regroup(false);

        assertThat(crash("save", "run", "main", "start").cluster()).isEqualTo(one.cluster());
        assertThat(crash("load", "run", "main", "start").cluster()).isEqualTo(one.cluster());
        assertThat(crash("load", "run", "main", "deeper").cluster())
                .as("the merge teaches the frames of now as well")
                .isEqualTo(one.cluster());
        edits.unmerge(project, merge.id(), ANN);
        assertThat(crash("load", "run", "main", "start").cluster()).isEqualTo(other.cluster());
        assertThat(crash("save", "run", "main", "start").cluster()).isEqualTo(one.cluster());
        assertThat(crashes.differencesToARecount(project.id())).isZero();
    }

    @Test
    void whatWasTakenApartIsNotJoinedByRulesThatMakeItAlike() throws Exception {
        var one = crash("save", "first", "run");
        var other = crash("save", "first", "run", "deeper");
        edits.split(project, one.cluster(), List.of(other.variant()), ANN);
        ClusterId apart = crash("save", "first", "run", "deeper").cluster();
        skip("deeper");

        regroup(false);

        assertThat(crashesOf(one)).isEqualTo(1);
        assertThat(clusters.detail(project.id(), apart, NOW)
                        .orElseThrow()
                        .summary()
                        .crashes())
                .as("their stacks are one now, so these keep the one of before")
                .isEqualTo(2);
    }

    @Test
    void rulesThatAreTakenBackGiveTheClustersOfBefore() throws Exception {
        var small = crash("lock", "save", "run");
        var large = crash("save", "run");
        crash("save", "run");
        skip("lock");
        regroup(false);
        assertThat(crashesOf(small)).isZero();
        skip("nothing");

        regroup(false);

        assertThat(crashesOf(small)).isEqualTo(1);
        assertThat(crashesOf(large)).isEqualTo(2);
    }

    @Test
    void crashesOfBeforeThereWereStacksAreRead() throws Exception {
        var one = crash("lock", "save", "run");
        var id = clusters.detail(project.id(), one.cluster(), NOW)
                .orElseThrow()
                .latestCrashes()
                .getFirst()
                .id();
        transactions.durable(connection -> {
            try (var update = connection.prepareStatement(
                    "update crash set stack_id = null, report = (select input from stack where id = stack_id) where id = ?")) {
                update.setObject(1, id);
                return update.executeUpdate();
            }
        });
        skip("lock");

        assertThat(result(regroup(false)).changed()).isEqualTo(1);

        assertThat(crash("save", "run").cluster()).isEqualTo(one.cluster());
    }

    @Test
    void aProjectHasOneJobAtATime() throws Exception {
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("""
                    insert into regroup (project_id, dry_run, state, asked_at, asked_by, lease, leased_until)
                    values (?, true, 'running', now(), 'ann', gen_random_uuid(), now() + interval '1 hour')
                    """)) {
                insert.setLong(1, project.id());
                return insert.executeUpdate();
            }
        });
        assertThatThrownBy(() -> regroups.ask(project, false, new Actor("ann", null, NOW)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("one at a time");
        given().contentType("application/json")
                .body("{\"dryRun\":true}")
                .post(path + "/regroups")
                .then()
                .statusCode(409);
    }

    @Test
    void aJobWhoseRunnerWasKilledStartsOver() throws Exception {
        crash("lock", "save", "run");
        skip("lock");
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("""
                    insert into regroup (project_id, dry_run, state, asked_at, asked_by, lease, leased_until)
                    values (?, false, 'running', now(), 'ann', gen_random_uuid(), now() - interval '1 second')
                    """)) {
                insert.setLong(1, project.id());
                return insert.executeUpdate();
            }
        });
        Regroup job = regroups.list(project, Long.MAX_VALUE, 1).items().getFirst();
        Instant end = Instant.now().plus(PATIENCE);
        while (!job.state().ended() && Instant.now().isBefore(end)) {
            regroups.ask(new Project(crashes.project().id(), "nudge"), true, new Actor("ann", null, Instant.now()));
            Thread.sleep(50);
            job = regroups.job(project, job.id());
        }
        assertThat(job.state()).isEqualTo(Regroup.State.DONE);
        assertThat(result(job).changed()).isEqualTo(1);
    }

    @Test
    void whatIsAskedForIsToldWhatIsWrong() {
        given().contentType("application/json")
                .body("{}")
                .post(path + "/regroups")
                .then()
                .statusCode(400);
        given().get(path + "/regroups/999999999").then().statusCode(404);
        given().contentType("application/json")
                .body("{\"dryRun\":true}")
                .post(path + "/regroups")
                .then()
                .statusCode(202)
                .body("state", equalTo("queued"));
    }

    @Test
    void aCrashThatComesWhileAJobRunsFindsItsPlaceByEitherKeys() throws Exception {
        for (int i = 0; i < 30; i++) {
            crash("lock", "save", "run", "main", "deep" + i);
        }
        ProjectRules before = rules.of(project.id());
        var one = crash("lock", "save", "run", "main");
        skip("lock");
        Regroup job = regroups.ask(project, false, new Actor("ann", null, Instant.now()));
        for (int i = 0; i < 30; i++) {
            ProjectRules which = i % 2 == 0 ? before : rules.of(project.id());
            Reports report = stack("lock", "save", "run", "main", "deep" + i);
            crashes.processed(project.id(), crashes.received(project.id(), NOW), report.report(), which, NOW);
        }
        while (!regroups.job(project, job.id()).state().ended()) {
            Thread.sleep(20);
        }
        regroup(false);
        assertThat(crashesOf(one)).isEqualTo(61);
        assertThat(crashes.differencesToARecount(project.id())).isZero();
    }
}
