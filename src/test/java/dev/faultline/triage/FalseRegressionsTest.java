package dev.faultline.triage;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterState;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Standing;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.fleet.SoftwareTypes;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Regressions that were none, as other products reported them: each of them can not happen here. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class FalseRegressionsTest {
    private static final String FIX = "00c0ffee".repeat(5);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Actor ann = new Actor("ann", null, now);

    @Inject
    Triage triage;

    @Inject
    TriageWatch watch;

    @Inject
    Clusters clusters;

    @Inject
    Releases releases;

    @Inject
    SoftwareTypes types;

    @Inject
    Crashes crashes;

    private Project project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
    }

    private void register(Registration registration) {
        releases.register(project.id(), registration, now);
    }

    private void release(String version, @Nullable String parent) {
        register(Registration.of("main-fw", version, null, parent));
    }

    private void onBranch(String branch, String version) {
        register(Registration.of("main-fw", version, branch, null));
    }

    private ClusterId crashIn(String version) throws SQLException {
        return crashes.crash(project.id(), stack("race").release(version, version), now)
                .cluster();
    }

    /** A crash in one release, resolved in another one. */
    private ClusterId fixed(String crashed, String in) throws SQLException {
        var cluster = crashIn(crashed);
        triage.change(project, cluster, TriageChange.resolved(in), ann);
        return cluster;
    }

    /** After the service looked at what is new. */
    private Standing standing(ClusterId cluster) {
        clusters.detail(project.id(), cluster, now);
        watch.look(Instant.now());
        return clusters.detail(project.id(), cluster, now)
                .orElseThrow()
                .summary()
                .standing();
    }

    private void staysResolved(ClusterId cluster, @Nullable String seenAgainIn) {
        Standing standing = standing(cluster);
        assertThat(standing.state()).isEqualTo(ClusterState.RESOLVED);
        assertThat(standing.seenAgainIn()).isEqualTo(seenAgainIn);
    }

    private void regresses(ClusterId cluster, String in, String because) {
        Standing standing = standing(cluster);
        assertThat(standing.state()).isEqualTo(ClusterState.REGRESSED);
        assertThat(standing.regressedIn()).isEqualTo(in);
        assertThat(triage.activity(project, cluster, null, 1).items().getFirst().text())
                .isEqualTo(because);
    }

    @Test
    void anOldReleaseThatGoesOnCrashingReopensNothing() throws SQLException {
        release("1.0.0", null);
        release("1.1.0", "1.0.0");
        release("1.2.0", "1.1.0");
        var cluster = fixed("1.1.0", "1.2.0");
        crashIn("1.0.0");
        crashIn("1.1.0");
        staysResolved(cluster, null);
    }

    @Test
    void whatIsFixedInAReleaseIsNotRegressedByCrashesOfTheOneBeforeThatComeLater() throws SQLException {
        release("1.1.0", null);
        release("1.2.0", "1.1.0");
        crashIn("1.2.0");
        var cluster = fixed("1.1.0", "1.2.0");
        crashIn("1.1.0");
        staysResolved(cluster, null);
        crashIn("1.2.0");
        regresses(cluster, "1.2.0", "in 1.2.0, which has the fix of 1.2.0: it is the same release");
    }

    @Test
    void aBackportThatIsBuiltAfterTheFixReopensNothing() throws SQLException {
        release("10.18.6", null);
        release("10.24.0", "10.18.6");
        var cluster = fixed("10.18.6", "10.24.0");
        release("10.18.7", "10.18.6");
        crashIn("10.18.7");
        staysResolved(cluster, null);
    }

    @Test
    void aBackportThatCarriesTheFixReopensWhatCrashesInItAllTheSame() throws SQLException {
        release("10.18.6", null);
        register(Registration.of("main-fw", "10.24.1", null, "10.18.6").builtOf(FIX));
        var cluster = fixed("10.18.6", "10.24.1");
        register(Registration.of("main-fw", "10.18.7", null, "10.18.6").with(FIX));
        crashIn("10.18.7");
        regresses(
                cluster,
                "10.18.7",
                "in 10.18.7, which has the fix of 10.24.1: the commit of 10.24.1 is among those listed for 10.18.7 or for what"
                        + " it was made from");
    }

    @Test
    void noSchemeIsGuessedFromWhatVersionsLookLike() throws SQLException {
        onBranch("main", "5.36.1");
        onBranch("main", "5.36.2");
        var cluster = fixed("5.36.0", "5.36.1");
        crashIn("5.36.2");
        staysResolved(cluster, "5.36.2");
        given().get("/api/v1/projects/" + project.name() + "/software/main-fw")
                .then()
                .body("scheme", equalTo("none"))
                .body("revision", equalTo(0));
        types.declare(project, "main-fw", "semver", ann);
        regresses(
                cluster,
                "5.36.2",
                "in 5.36.2, which has the fix of 5.36.1: both are of the branch main, and by semver (revision 1 of the declared"
                        + " scheme) 5.36.2 comes after 5.36.1");
    }

    @Test
    void aModifiedClientThatSendsALargeVersionChangesNothing() throws SQLException {
        types.declare(project, "main-fw", "semver", ann);
        onBranch("main", "2.4.0");
        onBranch("main", "2.5.0");
        var cluster = fixed("2.4.0", "2.5.0");
        crashIn("999.9.9");
        staysResolved(cluster, "999.9.9");
        assertThat(releases.previous(project.id(), "main-fw", "2.5.0")).contains("2.4.0");
        var order = releases.inOrder(project.id(), "main-fw", 10, null).items();
        assertThat(order).extracting(release -> release.version()).containsExactly("2.5.0", "2.4.0", "999.9.9");
        assertThat(order.getLast().registered()).isFalse();
    }

    @Test
    void aDeletedReleaseKeepsItsPlaceSoThatNoOlderOneSeemsToHaveTheFix() throws SQLException {
        release("1.0.0", null);
        release("1.1.0", "1.0.0");
        release("1.2.0", "1.1.0");
        var cluster = fixed("1.0.0", "1.1.0");
        releases.delete(project, "main-fw", "1.1.0", ann);
        crashIn("1.0.0");
        staysResolved(cluster, null);
        crashIn("1.2.0");
        regresses(cluster, "1.2.0", "in 1.2.0, which has the fix of 1.1.0: 1.2.0 was made from 1.1.0");
    }

    @Test
    void anotherSchemeIsARevisionAndWhatWasDecidedSaysByWhich() throws SQLException {
        types.declare(project, "main-fw", "natural", ann);
        types.declare(project, "main-fw", "semver", ann);
        onBranch("main", "1.9.0");
        onBranch("main", "1.10.0");
        var cluster = fixed("1.9.0", "1.10.0");
        crashIn("1.9.0");
        staysResolved(cluster, null);
        assertThat(releases.containment(project.id(), "main-fw", "1.9.0", "1.10.0")
                        .because())
                .contains("by semver (revision 2 of the declared scheme)");
        assertThat(types.revisions(project.id(), "main-fw"))
                .extracting(type -> type.revision() + " " + type.scheme().label() + " " + type.setBy())
                .containsExactly("2 semver ann", "1 natural ann");
    }

    @Test
    void anOlderVersionThanTheOneWithTheFixReopensNothingAlthoughItArrivesLast() throws SQLException {
        types.declare(project, "main-fw", "semver", ann);
        onBranch("main", "3.1.0");
        var cluster = fixed("3.0.0", "3.1.0");
        onBranch("main", "3.0.9");
        crashIn("3.0.9");
        staysResolved(cluster, null);
    }

    @Test
    void buildMetadataIsNoOrder() throws SQLException {
        types.declare(project, "main-fw", "semver", ann);
        onBranch("main", "1.0.0+1");
        onBranch("main", "1.0.0+2");
        var cluster = fixed("1.0.0+1", "1.0.0+2");
        crashIn("1.0.0+1");
        staysResolved(cluster, "1.0.0+1");
        crashIn("1.0.0+2");
        assertThat(standing(cluster).state()).isEqualTo(ClusterState.REGRESSED);
    }

    @Test
    void whatCrashedBeforeItsReleaseWasRegisteredIsJudgedOnceItIs() throws SQLException {
        release("2.5.0", null);
        var leads = fixed("2.4.0", "2.5.0");
        crashIn("2.6.0");
        staysResolved(leads, "2.6.0");
        release("2.6.0", "2.5.0");
        regresses(leads, "2.6.0", "in 2.6.0, which has the fix of 2.5.0: 2.6.0 was made from 2.5.0");
    }

    @Test
    void theMarkGoesWhereARegistrationShowsThatTheFixIsNotInThere() throws SQLException {
        release("2.4.0", null);
        release("2.5.0", "2.4.0");
        var cluster = fixed("2.4.0", "2.5.0");
        crashIn("2.4.1");
        staysResolved(cluster, "2.4.1");
        release("2.4.1", "2.4.0");
        staysResolved(cluster, null);
    }
}
