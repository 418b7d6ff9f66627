package dev.faultline.triage;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterRow;
import dev.faultline.cluster.ClusterState;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Muting;
import dev.faultline.cluster.Standing;
import dev.faultline.fingerprint.Reports;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class TriageTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Actor ann = new Actor("ann", null, now);

    @Inject
    Triage triage;

    @Inject
    TriageWatch watch;

    @Inject
    Clusters clusters;

    @Inject
    ClusterEdits edits;

    @Inject
    Releases releases;

    @Inject
    Crashes crashes;

    private Project project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
    }

    private ClusterId crash(Reports report) throws SQLException {
        return crash(report, now);
    }

    private ClusterId crash(Reports report, Instant at) throws SQLException {
        return crashes.crash(project.id(), report, at).cluster();
    }

    private void release(String version, @Nullable String parent) {
        releases.register(project.id(), Registration.of("main-fw", version, null, parent), now);
    }

    /** After the service looked at what arrived so far. */
    private Standing standing(ClusterId cluster) {
        clusters.detail(project.id(), cluster, now);
        watch.look(Instant.now());
        return clusters.detail(project.id(), cluster, now)
                .orElseThrow()
                .summary()
                .standing();
    }

    private ValidatableResponse patched(ClusterId cluster, Map<String, Object> change) {
        return given().contentType("application/json")
                .body(change)
                .patch("/api/v1/projects/" + project.name() + "/clusters/" + cluster)
                .then();
    }

    @Test
    void aClusterIsNewForAWeekAndThenOngoing() throws SQLException {
        var fresh = crash(stack("fresh"));
        var old = crash(stack("old"), now.minus(Duration.ofDays(8)));
        assertThat(standing(fresh).state()).isEqualTo(ClusterState.NEW);
        assertThat(standing(old).state()).isEqualTo(ClusterState.ONGOING);
        String list = "/api/v1/projects/" + project.name() + "/clusters?q=";
        given().get(list + "state:new").then().body("items.id", equalTo(List.of(fresh.toString())));
        given().get(list + "state:ongoing").then().body("items.id", equalTo(List.of(old.toString())));
        given().get(list + "state:open").then().body("items", hasSize(2));
        given().get(list + "-state:open").then().body("items", hasSize(0));
    }

    @Test
    void whatIsResolvedInAReleaseRegressesWhenItCrashesInOneThatHasTheFix() throws SQLException {
        release("2.4.0", null);
        release("2.5.0", "2.4.0");
        release("2.6.0", "2.5.0");
        var cluster = crash(stack("leak").release("2.4.0", "2.4.0"));
        patched(cluster, Map.of("state", "resolved", "resolvedIn", "2.5.0")).statusCode(204);
        crash(stack("leak").release("2.4.0", "2.4.0"));
        assertThat(standing(cluster).state()).as("an older release goes on").isEqualTo(ClusterState.RESOLVED);
        assertThat(standing(cluster).seenAgainIn()).isNull();
        crash(stack("leak").release("2.6.0", "2.6.0"));
        var after = standing(cluster);
        assertThat(after.state()).isEqualTo(ClusterState.REGRESSED);
        assertThat(after.regressedIn()).isEqualTo("2.6.0");
        given().get("/api/v1/projects/" + project.name() + "/clusters?q=badge:regressed state:regressed")
                .then()
                .body("items[0].badges", hasItem("regressed"))
                .body("items[0].regressedIn", equalTo("2.6.0"));
        assertThat(triage.activity(project, cluster, null, 10).items())
                .extracting(ActivityEntry::actor, ActivityEntry::kind, ActivityEntry::text)
                .containsExactly(
                        tuple(
                                "faultline",
                                "regressed",
                                "in 2.6.0, which has the fix of 2.5.0: 2.6.0 was made from 2.5.0"),
                        tuple("local", "resolved", "in 2.5.0"));
    }

    @Test
    void aReleaseOfWhichNobodyKnowsWhetherItHasTheFixReopensNothing() throws SQLException {
        release("2.5.0", null);
        var cluster = crash(stack("race").release("2.4.0", "2.4.0"));
        triage.change(project, cluster, TriageChange.resolved("2.5.0"), ann);
        crash(stack("race").release("999.9.9", "999.9.9"));
        var after = standing(cluster);
        assertThat(after.state()).isEqualTo(ClusterState.RESOLVED);
        assertThat(after.seenAgainIn()).isEqualTo("999.9.9");
        given().get("/api/v1/projects/" + project.name() + "/clusters?q=badge:seen-again")
                .then()
                .body("items.id", equalTo(List.of(cluster.toString())));
        triage.change(project, cluster, TriageChange.opened(), ann);
        assertThat(standing(cluster).seenAgainIn()).isNull();
    }

    @Test
    void resolvedWithoutAReleaseStaysSoAndOnlyLaterReleasesAreNews() throws SQLException {
        var cluster = crash(stack("heap").release("2.4.0", "2.4.0"), now.minusSeconds(60));
        triage.change(project, cluster, TriageChange.resolved(null), ann);
        crash(stack("heap").release("2.4.0", "2.4.0"), now.plusSeconds(1));
        assertThat(standing(cluster).seenAgainIn()).isNull();
        crash(stack("heap").release("2.5.0", "2.5.0"), now.plusSeconds(2));
        assertThat(standing(cluster).seenAgainIn()).isEqualTo("2.5.0");
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.RESOLVED);
    }

    @Test
    void symbolsThatBringACrashOverAreNoNewsButProveAFixWrong() throws SQLException {
        release("2.5.0", null);
        var waiting = crashes.received(project.id(), now);
        var other = crashes.received(project.id(), now);
        crashes.processed(
                project.id(),
                waiting,
                stack("unknown_place").release("unregistered", "unregistered").report(),
                now);
        crashes.processed(
                project.id(),
                other,
                stack("other_place").release("2.5.0", "2.5.0").report(),
                now);
        var cluster = crash(stack("healed").release("2.4.0", "2.4.0"));
        triage.change(project, cluster, TriageChange.resolved("2.5.0"), ann);
        crashes.processed(
                project.id(),
                waiting,
                stack("healed").release("unregistered", "unregistered").report(),
                now);
        assertThat(standing(cluster).seenAgainIn()).isNull();
        crashes.processed(
                project.id(), other, stack("healed").release("2.5.0", "2.5.0").report(), now);
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.REGRESSED);
    }

    @Test
    void aMutedClusterOpensWhenEnoughDevicesAreAffected() throws SQLException {
        var cluster = crash(stack("noise").of("d1", "rev-a"));
        patched(cluster, Map.of("state", "muted", "until", Map.of("devices", 3)))
                .statusCode(204);
        crash(stack("noise").of("d2", "rev-a"));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
        assertThat(standing(cluster).mutedUntil()).isEqualTo(new Muting(null, 3, null, null));
        crash(stack("noise").of("d3", "rev-a"));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.NEW);
        assertThat(standing(cluster).mutedUntil()).isNull();
        assertThat(triage.activity(project, cluster, null, 1).items())
                .extracting(ActivityEntry::kind, ActivityEntry::text)
                .containsExactly(tuple("unmuted", "3 devices are affected"));
    }

    @Test
    void aMutedClusterOpensAtItsTime() throws SQLException {
        var cluster = crash(stack("later"));
        triage.change(project, cluster, TriageChange.muted(new Muting(null, null, now.plusSeconds(60), null)), ann);
        watch.look(now.plusSeconds(59));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
        watch.look(now.plusSeconds(60));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.NEW);
    }

    @Test
    void aMutedClusterOpensInAReleaseThatContainsTheNamedOne() throws SQLException {
        release("3.0.0", null);
        release("3.0.1", "3.0.0");
        var cluster = crash(stack("until").release("2.4.0", "2.4.0"));
        triage.change(project, cluster, TriageChange.muted(new Muting("3.0.0", null, null, null)), ann);
        crash(stack("until").release("2.4.0", "2.4.0"));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
        crash(stack("until").release("3.0.1", "3.0.1"));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.NEW);
    }

    @Test
    void aMutedClusterOpensWhenItIsRegisteredLaterThatAReleaseContainsTheNamedOne() throws SQLException {
        release("3.0.0", null);
        var cluster = crash(stack("until-known").release("2.4.0", "2.4.0"));
        triage.change(project, cluster, TriageChange.muted(new Muting("3.0.0", null, null, null)), ann);
        crash(stack("until-known").release("3.0.1", "3.0.1"), now.plus(Duration.ofDays(1)));
        assertThat(standing(cluster).state()).as("nobody knows what 3.0.1 has").isEqualTo(ClusterState.MUTED);
        release("3.0.1", "3.0.0");
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.NEW);
    }

    @Test
    void aMutedClusterStaysSoWhenTheReleaseThatIsRegisteredDoesNotContainTheNamedOne() throws SQLException {
        release("2.0.0", null);
        release("3.0.0", "2.0.0");
        var cluster = crash(stack("until-else").release("2.4.0", "2.4.0"));
        triage.change(project, cluster, TriageChange.muted(new Muting("3.0.0", null, null, null)), ann);
        crash(stack("until-else").release("2.5.0", "2.5.0"), now.plus(Duration.ofDays(1)));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
        release("2.5.0", "2.0.0");
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
    }

    @Test
    void aMutedClusterOpensWhenADayHasTooManyCrashes() throws SQLException {
        var cluster = crash(stack("often"), now.minus(Duration.ofDays(2)));
        triage.change(
                project,
                cluster,
                TriageChange.muted(new Muting(null, null, null, 2)),
                new Actor("ann", null, now.minus(Duration.ofDays(1))));
        crash(stack("often"), now.minus(Duration.ofDays(1)));
        crash(stack("often"), now.minus(Duration.ofDays(1)));
        assertThat(standing(cluster).state())
                .as("the day of the muting does not count")
                .isEqualTo(ClusterState.MUTED);
        crash(stack("often"));
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.MUTED);
        crash(stack("often"));
        assertThat(standing(cluster).state()).isNotEqualTo(ClusterState.MUTED);
    }

    @Test
    void whoHasItAndWhereItsTicketIsAreSearchedAndShown() throws SQLException {
        var cluster = crash(stack("assigned"));
        crash(stack("free"));
        patched(cluster, Map.of("assignee", "ann", "ticket", "https://bugs.example.org/17", "title", "The leak"))
                .statusCode(204);
        String list = "/api/v1/projects/" + project.name() + "/clusters?q=";
        given().get(list + "assignee:ann")
                .then()
                .body("items", hasSize(1))
                .body("items[0].ticket", equalTo("https://bugs.example.org/17"))
                .body("items[0].title", equalTo("The leak"));
        given().get(list + "-assignee:*n*").then().body("items.id", not(hasItem(cluster.toString())));
        patched(cluster, Map.of("assignee", "", "ticket", "")).statusCode(204);
        given().get(list + "assigned")
                .then()
                .body("items[0].assignee", nullValue())
                .body("items[0].ticket", nullValue());
    }

    @Test
    void commentsAndEditsAreOneHistoryThatFollowsAMerge() throws SQLException {
        var one = crash(stack("first_a", "first_b"));
        var other = crash(stack("second_a", "second_b"));
        String path = "/api/v1/projects/" + project.name() + "/clusters/";
        given().contentType("application/json")
                .body(Map.of("text", "Seen on the bench\r\nwith <b>rev C</b>"))
                .post(path + other + "/comments")
                .then()
                .statusCode(204);
        edits.merge(project, one, List.of(other), new Actor("ann", null, Instant.now()));
        given().contentType("application/json").body(Map.of("text", "Now here")).post(path + one + "/comments");
        String next = given().get(path + one + "/activity?limit=2")
                .then()
                .body("items.kind", equalTo(List.of("comment", "merge")))
                .body("items[1].edit.from[0]", equalTo(other.toString()))
                .extract()
                .path("next");
        given().get(path + one + "/activity?after=" + next)
                .then()
                .body("items.text", equalTo(List.of("Seen on the bench\nwith <b>rev C</b>")))
                .body("next", nullValue());
        given().get(path + one + "/activity?after=tomorrow").then().statusCode(400);
    }

    @Test
    void whatCrashesWithinAMinuteOfTheBootIsABootCrashAndTwiceAsBad() throws SQLException {
        var cluster = crash(stack("at_boot").uptime(59_999L));
        crash(stack("at_boot").uptime(60_000L));
        crash(stack("at_boot").uptime(null));
        var later = crash(stack("later_on"));
        var row = clusters.detail(project.id(), cluster, now).orElseThrow().summary();
        assertThat(row.badges()).contains("boot-crash");
        assertThat(row.severity()).isEqualTo(4);
        assertThat(clusters.detail(project.id(), later, now)
                        .orElseThrow()
                        .summary()
                        .severity())
                .isEqualTo(2);
        given().get("/api/v1/projects/" + project.name() + "/clusters?q=badge:boot-crash")
                .then()
                .body("items.id", equalTo(List.of(cluster.toString())));
        assertThat(crashes.differencesToARecount(project.id())).isZero();
        crash(stack("at_boot").uptime(5_000_000L));
        assertThat(clusters.detail(project.id(), cluster, now)
                        .orElseThrow()
                        .summary()
                        .badges())
                .doesNotContain("boot-crash");
    }

    @Test
    void sharesOfHardwareStandBesideThoseOfTheFleet() throws SQLException {
        for (int device = 0; device < 4; device++) {
            crash(stack("everywhere").of("d" + device, device == 0 ? "rev-c" : "rev-a"));
        }
        var cluster = crash(stack("on_rev_c").of("d0", "rev-c"));
        var row = clusters.detail(project.id(), cluster, now).orElseThrow().summary();
        assertThat(row.hardware()).containsExactly(new ClusterRow.HardwareShare("rev-c", 1, 1.0, 0.25));
        assertThat(row.activeShare()).isEqualTo(0.25);
    }

    @Test
    void wrongChangesAreToldWhatIsWrongAndChangeNothing() throws SQLException {
        var cluster = crash(stack("wrong").of("d1", "rev-a"));
        patched(cluster, Map.of("state", "forgotten"))
                .statusCode(400)
                .body("detail", containsString("open, resolved, muted"));
        patched(cluster, Map.of("resolvedIn", "2.0")).statusCode(400);
        patched(cluster, Map.of("state", "open", "until", Map.of("devices", 3))).statusCode(400);
        patched(cluster, Map.of("state", "muted", "until", Map.of("devices", 1)))
                .statusCode(400)
                .body("detail", containsString("1 are affected already"));
        patched(cluster, Map.of("state", "muted", "until", Map.of("time", "2001-01-01T00:00:00Z")))
                .statusCode(400);
        patched(cluster, Map.of("state", "muted", "until", Map.of("time", "+99999999-01-01T00:00:00Z")))
                .statusCode(400);
        patched(cluster, Map.of("ticket", "javascript:alert(1)"))
                .statusCode(400)
                .body("detail", containsString("http"));
        patched(cluster, Map.of("assignee", "a\u0000b")).statusCode(400);
        patched(cluster, Map.of("title", "x".repeat(201))).statusCode(400);
        patched(new ClusterId(999_999_999), Map.of("title", "x")).statusCode(404);
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.NEW);
        assertThat(triage.activity(project, cluster, null, 10).items()).isEmpty();
    }
}
