package dev.faultline.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.Containment.Answer;
import dev.faultline.fleet.Containment.Rule;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ContainmentTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final String FIX = "00c0ffee".repeat(5);

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    @Inject
    SoftwareTypes types;

    private Project project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
    }

    private void release(String version, @Nullable String parent) {
        register(Registration.of("main-fw", version, null, parent));
    }

    private void onBranch(String branch, String version) {
        register(Registration.of("main-fw", version, branch, null));
    }

    private void register(Registration registration) {
        releases.register(project.id(), registration, NOW);
    }

    private Containment why(String version, String fix) {
        return releases.containment(project.id(), "main-fw", version, fix);
    }

    private Answer contains(String version, String fix) {
        return why(version, fix).answer();
    }

    @Test
    void aReleaseContainsItselfRegisteredOrNot() {
        assertThat(why("2.4.0", "2.4.0")).isEqualTo(new Containment(Answer.YES, Rule.SAME, "it is the same release"));
    }

    @Test
    void aReleaseContainsItsAncestorsAndNotItsDescendants() {
        release("2.3.0", null);
        release("2.4.0", "2.3.0");
        release("2.5.0", "2.4.0");
        assertThat(why("2.5.0", "2.3.0"))
                .isEqualTo(new Containment(Answer.YES, Rule.PARENTS, "2.5.0 was made from 2.3.0"));
        assertThat(why("2.3.0", "2.5.0"))
                .isEqualTo(new Containment(Answer.NO, Rule.PARENTS, "2.5.0 is not among what 2.3.0 was made from"));
    }

    @Test
    void aMergeContainsBothOfItsParents() {
        release("2.4.0", null);
        release("2.4.1", "2.4.0");
        release("2.5.0-lab", "2.4.0");
        register(Registration.of("main-fw", "2.5.0", null, null).from("2.4.1", "2.5.0-lab"));
        assertThat(contains("2.5.0", "2.4.1")).isEqualTo(Answer.YES);
        assertThat(contains("2.5.0", "2.5.0-lab")).isEqualTo(Answer.YES);
        assertThat(contains("2.4.1", "2.5.0-lab")).isEqualTo(Answer.NO);
    }

    @Test
    void aBackportOfALargerDateContainsNothingOfTheMainLine() {
        release("10.18.0", null);
        release("10.24.0", "10.18.0");
        release("10.18.7", "10.18.0");
        assertThat(contains("10.18.7", "10.24.0")).isEqualTo(Answer.NO);
        assertThat(contains("10.24.0", "10.18.7")).isEqualTo(Answer.NO);
    }

    @Test
    void aBackportContainsTheFixWhoseCommitIsListedAndNothingElseOfTheMainLine() {
        release("10.18.0", null);
        release("10.24.0", "10.18.0");
        register(Registration.of("main-fw", "10.24.1", null, "10.24.0").builtOf(FIX));
        release("10.18.7", "10.18.0");
        register(Registration.of("main-fw", "10.18.8", null, "10.18.7").with(FIX.toUpperCase(Locale.ROOT)));
        release("10.18.9", "10.18.8");
        assertThat(contains("10.18.7", "10.24.1")).isEqualTo(Answer.NO);
        assertThat(why("10.18.8", "10.24.1"))
                .isEqualTo(new Containment(
                        Answer.YES,
                        Rule.COMMIT,
                        "the commit of 10.24.1 is among those listed for 10.18.8 or for what it was made from"));
        assertThat(contains("10.18.9", "10.24.1")).isEqualTo(Answer.YES);
        assertThat(contains("10.18.8", "10.24.0"))
                .as("a cherry-pick brings no history")
                .isEqualTo(Answer.NO);
    }

    @Test
    void commitsAreComparedWholeSoThatNoneComesToFitTwo() {
        register(Registration.of("main-fw", "2.4.0", null, null).builtOf(FIX.substring(0, 10)));
        register(Registration.of("main-fw", "2.5.0", null, null).with(FIX));
        assertThat(contains("2.5.0", "2.4.0")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void twoReleasesOfOneCommitContainEachOther() {
        register(Registration.of("main-fw", "2.4.0-rc3", null, null).builtOf(FIX));
        register(Registration.of("main-fw", "2.4.0", null, null).builtOf(FIX));
        assertThat(why("2.4.0-rc3", "2.4.0").rule()).isEqualTo(Rule.COMMIT);
        assertThat(contains("2.4.0", "2.4.0-rc3")).isEqualTo(Answer.YES);
    }

    @Test
    void aLargerNumberThatNobodyRegisteredSaysNothing() {
        types.declare(project, "main-fw", "semver", ANN);
        onBranch("main", "2.4.0");
        assertThat(why("999.9.9", "2.4.0"))
                .isEqualTo(new Containment(Answer.UNKNOWN, Rule.NONE, "nobody registered 999.9.9"));
        assertThat(why("2.4.0", "2.5.0-to-come").because()).isEqualTo("nobody registered 2.5.0-to-come");
    }

    @Test
    void linesWithoutACommonAncestorSayNothing() {
        release("1.0.0", null);
        release("2.0.0", null);
        assertThat(why("2.0.0", "1.0.0").because())
                .isEqualTo("2.0.0 and 1.0.0 have no ancestors in common and are not of one branch");
    }

    @Test
    void aParentThatIsNotRegisteredYetMayHideTheFix() {
        release("1.0.0", null);
        release("1.1.0", "1.0.0");
        register(Registration.of("main-fw", "1.3.0", null, null).from("1.0.0", "1.2.0"));
        assertThat(contains("1.3.0", "1.1.0")).as("1.2.0 may come from it").isEqualTo(Answer.UNKNOWN);
        release("1.2.0", "1.1.0");
        assertThat(contains("1.3.0", "1.1.0")).isEqualTo(Answer.YES);
    }

    @Test
    void withoutParentsTheDeclaredSchemeOrdersOneBranchAndNoOther() {
        onBranch("main", "2.9.0");
        onBranch("main", "2.10.0");
        onBranch("lts", "2.11.0");
        assertThat(why("2.10.0", "2.9.0").because())
                .isEqualTo("both are of the branch main, but no scheme that orders versions of main-fw is declared");
        types.declare(project, "main-fw", "semver", ANN);
        assertThat(why("2.10.0", "2.9.0"))
                .isEqualTo(new Containment(
                        Answer.YES,
                        Rule.SCHEME,
                        "both are of the branch main, and by semver (revision 1 of the declared scheme) 2.10.0 comes after"
                                + " 2.9.0"));
        assertThat(contains("2.9.0", "2.10.0")).isEqualTo(Answer.NO);
        assertThat(contains("2.11.0", "2.9.0")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void theGraphIsAskedBeforeTheScheme() {
        types.declare(project, "main-fw", "semver", ANN);
        register(Registration.of("main-fw", "3.0.0", "main", null));
        register(Registration.of("main-fw", "2.9.0", "main", "3.0.0"));
        assertThat(why("2.9.0", "3.0.0").rule()).isEqualTo(Rule.PARENTS);
        assertThat(contains("3.0.0", "2.9.0")).isEqualTo(Answer.NO);
    }

    @Test
    void versionsThatTheSchemeCanNotReadOrThatItTakesForEqualHaveNoOrder() {
        types.declare(project, "main-fw", "semver", ANN);
        onBranch("main", "1.0.0+1");
        onBranch("main", "1.0.0+2");
        onBranch("main", "1.0");
        assertThat(why("1.0.0+2", "1.0.0+1").because()).endsWith("1.0.0+2 and 1.0.0+1 are equal in order");
        assertThat(contains("1.0.0+2", "1.0.0+1")).isEqualTo(Answer.UNKNOWN);
        assertThat(why("1.0.0+2", "1.0").because()).isEqualTo("1.0 is no version by the declared scheme semver");
    }

    @Test
    void whatWasMadeFromAReleaseCanNotBeItsParent() {
        release("a", "b");
        release("b", "c");
        assertThatThrownBy(() -> release("c", "a")).hasMessage("c can not be made from a, which was made from it");
        assertThat(contains("b", "a")).isEqualTo(Answer.NO);
    }

    @Test
    void aDeletedReleaseKeepsItsPlace() {
        release("2.3.0", null);
        release("2.4.0", "2.3.0");
        release("2.5.0", "2.4.0");
        releases.delete(project, "main-fw", "2.4.0", ANN);
        assertThat(contains("2.5.0", "2.4.0")).isEqualTo(Answer.YES);
        assertThat(contains("2.5.0", "2.3.0")).isEqualTo(Answer.YES);
        assertThat(contains("2.3.0", "2.4.0")).isEqualTo(Answer.NO);
    }
}
