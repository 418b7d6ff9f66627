package dev.faultline.release;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fingerprint.Reports;
import dev.faultline.http.Problem;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ComparisonsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String OLD = "aaaaaaaa00000000000000000000000000000000";
    private static final String NEW = "bbbbbbbb00000000000000000000000000000000";

    @Inject
    Comparisons comparisons;

    @Inject
    Crashes crashes;

    private TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    /** Crashes of the release, each of a device of its own from {@code first} on. */
    private void crash(String release, String function, String hardware, int first, int devices, Instant at)
            throws SQLException {
        for (int i = first; i < first + devices; i++) {
            crashes.crash(
                    project.id(),
                    stack(function, "main_task")
                            .release(release, release.equals("1.0.0") ? OLD : NEW)
                            .of("SN-" + i, hardware),
                    at);
        }
    }

    private Comparison compared() {
        return comparisons.of(project.id(), "main-fw", "1.0.0", "1.1.0");
    }

    private void background() throws SQLException {
        crash("1.0.0", "background_bug", "rev-a", 0, 40, NOW);
        crash("1.1.0", "background_bug", "rev-a", 100, 40, NOW);
    }

    @Test
    void clustersAreNewFixedWorseBetterOrUnchanged() throws SQLException {
        background();
        crash("1.1.0", "new_bug", "rev-a", 100, 12, NOW);
        crash("1.0.0", "fixed_bug", "rev-a", 0, 12, NOW);
        crash("1.0.0", "worse_bug", "rev-a", 0, 2, NOW);
        crash("1.1.0", "worse_bug", "rev-a", 100, 30, NOW);
        crash("1.0.0", "better_bug", "rev-a", 0, 30, NOW);
        crash("1.1.0", "better_bug", "rev-a", 100, 2, NOW);
        var changes = compared().clusters();
        assertThat(changes.appeared()).singleElement().satisfies(change -> {
            assertThat(change.signature()).isEqualTo("bad-access | new_bug");
            assertThat(change.proven()).isTrue();
            assertThat(change.candidate()).isEqualTo(new Comparison.Occurrence(12, 12, 12));
        });
        assertThat(changes.fixed()).singleElement().satisfies(change -> {
            assertThat(change.signature()).contains("fixed_bug");
            assertThat(change.proven()).isTrue();
            assertThat(change.confidence()).isGreaterThan(0.99);
        });
        assertThat(changes.worse()).singleElement().satisfies(change -> {
            assertThat(change.signature()).contains("worse_bug");
            assertThat(requireNonNull(change.ratio()).low()).isGreaterThan(1);
        });
        assertThat(changes.better())
                .singleElement()
                .satisfies(change -> assertThat(change.signature()).contains("better_bug"));
        assertThat(changes.unchanged())
                .singleElement()
                .satisfies(change -> assertThat(change.signature()).contains("background_bug"));
    }

    @Test
    void aFewCrashesProveNothing() throws SQLException {
        background();
        crash("1.1.0", "rare_new", "rev-a", 100, 1, NOW);
        crash("1.0.0", "rare_fixed", "rev-a", 0, 1, NOW);
        crash("1.0.0", "few", "rev-a", 0, 1, NOW);
        crash("1.1.0", "few", "rev-a", 100, 3, NOW);
        var changes = compared().clusters();
        assertThat(changes.appeared().getFirst().proven()).isFalse();
        assertThat(changes.fixed().getFirst().proven()).isFalse();
        assertThat(changes.worse()).isEmpty();
    }

    @Test
    void aDeviceInABootLoopCountsOnceADay() throws SQLException {
        background();
        crash("1.0.0", "loop_bug", "rev-a", 0, 3, NOW);
        for (int i = 0; i < 60; i++) {
            crash("1.1.0", "loop_bug", "rev-a", 100, 1, NOW);
        }
        var changes = compared().clusters();
        assertThat(changes.worse()).isEmpty();
        assertThat(changes.unchanged())
                .filteredOn(change -> change.signature().contains("loop_bug"))
                .singleElement()
                .satisfies(change -> assertThat(change.candidate()).isEqualTo(new Comparison.Occurrence(60, 1, 1)));
    }

    @Test
    void aRolloutToTheWorseHardwareIsNotAWorseRelease() throws SQLException {
        // rev-c always crashes here, rev-b seldom; the candidate went to rev-c first
        crash("1.0.0", "background_bug", "rev-b", 0, 80, NOW);
        crash("1.0.0", "hardware_bug", "rev-b", 0, 4, NOW);
        crash("1.0.0", "hardware_bug", "rev-c", 200, 20, NOW);
        crash("1.1.0", "background_bug", "rev-b", 300, 20, NOW);
        crash("1.1.0", "hardware_bug", "rev-b", 300, 1, NOW);
        crash("1.1.0", "hardware_bug", "rev-c", 400, 60, NOW);
        var comparison = compared();
        assertThat(comparison.clusters().worse()).isEmpty();
        assertThat(comparison.clusters().unchanged())
                .filteredOn(change -> change.signature().contains("hardware_bug"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(requireNonNull(change.ratio()).low()).isGreaterThan(1);
                    assertThat(requireNonNull(change.byHardware()).low()).isLessThan(1);
                    assertThat(change.sentence()).startsWith("No verdict");
                    assertThat(change.hardware())
                            .extracting(Comparison.Stratum::candidateCounted)
                            .containsExactly(1L, 60L);
                });
        assertThat(comparison.hardware())
                .extracting(Comparison.Stratum::hardware)
                .containsExactly("rev-b", "rev-c");
    }

    @Test
    void aLongerWatchedBaselineIsNoImprovement() throws SQLException {
        // each device crashes on every day it is watched: ten days of the baseline, one of the candidate
        for (int day = 0; day < 10; day++) {
            crash("1.0.0", "daily_bug", "rev-a", 0, 10, NOW.minus(Duration.ofDays(day)));
        }
        crash("1.1.0", "daily_bug", "rev-a", 100, 10, NOW);
        var comparison = compared();
        assertThat(comparison.clusters().better()).isEmpty();
        assertThat(comparison.warnings()).anyMatch(warning -> warning.contains("span 10 days"));
    }

    @Test
    void withoutTheCandidatesSymbolsNothingIsFixedOrNew() throws SQLException {
        crash("1.0.0", "known_bug", "rev-a", 0, 30, NOW);
        for (int i = 0; i < 30; i++) {
            crashes.crash(
                    project.id(),
                    new Reports()
                            .unnamed(0x100)
                            .withoutSymbols()
                            .release("1.1.0", NEW)
                            .of("SN-" + (100 + i), "rev-a"),
                    NOW);
        }
        var comparison = compared();
        assertThat(comparison.clusters().appeared()).isEmpty();
        assertThat(comparison.clusters().fixed())
                .singleElement()
                .satisfies(change -> assertThat(change.proven()).isFalse());
        assertThat(comparison.unsymbolicated().candidate()).isEqualTo(30);
        assertThat(comparison.warnings()).anyMatch(warning -> warning.contains("looks fixed"));
    }

    @Test
    void aReleaseThatNobodyKnowsIsNotFound() throws SQLException {
        crash("1.0.0", "some_bug", "rev-a", 0, 1, NOW);
        assertThatThrownBy(this::compared)
                .isInstanceOf(Problem.class)
                .hasMessage("No release 1.1.0 of main-fw was registered or seen");
    }

    @Test
    void overHttpARegisteredReleaseWithoutCrashesCanBeCompared() throws SQLException {
        String path = "/api/v1/projects/" + project.name();
        crash("1.0.0", "some_bug", "rev-a", 0, 5, NOW);
        var registration = Map.of(
                "software", "main-fw", "version", "1.1.0", "branch", "main", "parent", "1.0.0", "commit", "0f3c2a");
        given().contentType("application/json")
                .body(registration)
                .post(path + "/releases")
                .then()
                .statusCode(201)
                .body("registered", equalTo(true));
        given().contentType("application/json")
                .body(registration)
                .post(path + "/releases")
                .then()
                .statusCode(200);
        crashes.rolledUp(project.id());
        given().get(path + "/releases")
                .then()
                .body("items.version", equalTo(List.of("1.1.0", "1.0.0")))
                .body("items[1].devices", equalTo(5));
        given().get(path + "/compare?software=main-fw&baseline=1.0.0&candidate=1.1.0")
                .then()
                .statusCode(200)
                .body("lineage.answer", equalTo("unknown"))
                .body("lineage.because", equalTo("nobody registered 1.0.0"))
                .body("exposure.kind", equalTo("devices-seen"))
                .body("exposure.candidate", equalTo(0f))
                .body("clusters.new.size()", equalTo(0))
                .body("clusters.fixed[0].confidence", equalTo(0.0f))
                .body("clusters.fixed[0].proven", equalTo(false));
        given().get(path + "/compare?software=main-fw&baseline=1.0.0&candidate=7")
                .then()
                .statusCode(404);
        given().get(path + "/compare?software=main-fw&baseline=1.0.0&candidate=1.1.0&cohort=beta")
                .then()
                .statusCode(400)
                .body("detail", containsString("cohort"));
        given().get(path + "/compare?software=main-fw&baseline=1.0.0")
                .then()
                .statusCode(400)
                .body("detail", containsString("candidate"));
        given().contentType("application/json")
                .body(Map.of("software", "main-fw"))
                .post(path + "/releases")
                .then()
                .statusCode(400);
    }
}
