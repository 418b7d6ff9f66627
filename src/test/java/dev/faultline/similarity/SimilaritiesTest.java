package dev.faultline.similarity;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Assignment;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.fingerprint.Reports;
import dev.faultline.ops.PostgresResource;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.triage.Triage;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class SimilaritiesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Triage triage;

    @Inject
    Crashes crashes;

    @Inject
    Clusters clusters;

    @Inject
    ClusterEdits edits;

    @Inject
    Similarities similarities;

    @Inject
    DataSource database;

    private Project project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
        path = "/api/v1/projects/" + project.name();
        for (int i = 0; i < 20; i++) {
            crash(stack("other" + i, "frame" + i, "more" + i)); // so that the frames of a few are rare
        }
    }

    private Assignment crash(Reports report) throws SQLException {
        return crashes.crash(project.id(), report, NOW);
    }

    /** Eight frames; the second one, which is in k3, differs. */
    private static Reports radio(String second) {
        return stack("radio_rx", second, "rc", "rd", "re", "rf", "rg", "rh");
    }

    /** Six frames of one component; the one that it was entered by, which is in k3, differs. */
    private static Reports radioEnteredBy(String entry) {
        var report = stack();
        for (String function : List.of("radio_rx", "rb", "rc", "rd", "re", entry)) {
            report.frame(function, "src/radio.c", 10);
        }
        return report.frame("task").frame("start");
    }

    /** Another one compares as well; until all are, by whomever. */
    private void compared() throws SQLException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (uncompared() > 0 && Instant.now().isBefore(end)) {
            if (!similarities.compareNext(Instant.now())) {
                Thread.sleep(20);
            }
        }
        assertThat(uncompared()).isZero();
    }

    private long uncompared() throws SQLException {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(
                        "select count(*) from variant where project_id = ? and compared_at is null")) {
            query.setLong(1, project.id());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void aClusterThatIsLikeAnotherIsSuggestedOnBothWithBothStacks() throws Exception {
        var one = crash(radio("radio_poll"));
        crash(stack("adc_read", "adc_poll", "adc_task"));
        var other = crash(radio("radio_drain"));
        compared();

        assertThat(similarities.of(project, one.cluster()))
                .extracting(Similar::cluster)
                .containsExactly(other.cluster());
        given().get(path + "/clusters/" + other.cluster() + "/similar")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].cluster", equalTo(one.cluster().toString()))
                .body("items[0].score", greaterThan(0.6f))
                .body("items[0].because", containsString("7 of 8 frames are in both"))
                .body("items[0].stacks[0].here", equalTo("radio_rx"))
                .body("items[0].stacks[0].there", equalTo("radio_rx"));
        given().get("/projects/" + project.name() + "/clusters/" + other.cluster())
                .then()
                .statusCode(200)
                .body(containsString("clusters that may be the same bug"));
    }

    @Test
    void anotherReasonOrSoftwareIsNotLikeIt() throws Exception {
        var one = crash(radio("radio_poll"));
        crashes.crash(
                project.id(),
                stack("radio_rx", "radio_drain", "radio_task", "loop").software("boot"),
                NOW);
        compared();
        assertThat(similarities.of(project, one.cluster())).isEmpty();
    }

    @Test
    void twoChecksInOneFunctionAreNotAlike() throws Exception {
        var one = crash(radio("rb").reason(ReasonFamily.ASSERT).message("length > 0"));
        var other = crash(radio("rb").reason(ReasonFamily.ASSERT).message("ring != NULL"));
        compared();
        assertThat(one.cluster()).isNotEqualTo(other.cluster());
        assertThat(similarities.of(project, one.cluster())).isEmpty();
    }

    @Test
    void whatAPersonSaysIsNeverTheSameIsNotSuggestedAgain() throws Exception {
        var one = crash(radio("radio_poll"));
        var other = crash(radio("radio_drain"));
        compared();

        int edit = given().post(path + "/clusters/" + one.cluster() + "/similar/" + other.cluster() + "/never")
                .then()
                .statusCode(200)
                .body("kind", equalTo("apart"))
                .extract()
                .path("id");

        assertThat(similarities.of(project, one.cluster())).isEmpty();
        assertThat(similarities.of(project, other.cluster())).isEmpty();
        given().post(path + "/cluster-edits/" + edit + "/undo").then().statusCode(200);
        assertThat(similarities.of(project, one.cluster())).hasSize(1);
    }

    @Test
    void theFormsOfThePageMergeAndKeepApart() throws Exception {
        var one = crash(radio("radio_poll"));
        var other = crash(radio("radio_drain"));
        var third = crash(radio("radio_flush"));
        compared();
        String page = "/projects/" + project.name() + "/clusters/" + one.cluster();
        given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .formParam("clusters", other.cluster().toString())
                .post(page + "/merge")
                .then()
                .statusCode(303);
        given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .post(page + "/similar/" + third.cluster() + "/never")
                .then()
                .statusCode(303);
        assertThat(clusters.movedTo(project.id(), other.cluster())).contains(one.cluster());
        assertThat(similarities.of(project, one.cluster())).isEmpty();
    }

    @Test
    void nothingIsJoinedUnlessTheProjectWantsIt() throws Exception {
        var one = crash(radioEnteredBy("radio_poll"));
        var other = crash(radioEnteredBy("radio_drain"));
        compared();

        assertThat(clusters.detail(project.id(), other.cluster(), NOW)).isPresent();
        assertThat(similarities.of(project, one.cluster()))
                .singleElement()
                .satisfies(similar -> assertThat(similar.score()).isGreaterThan(Similar.JOINED));
    }

    @Test
    void whereTheProjectWantsItTheVeryLikeOnesAreJoinedAndSayWhy() throws Exception {
        given().contentType("application/json")
                .body("{\"autoJoin\":true}")
                .put(path + "/similarity")
                .then()
                .statusCode(200)
                .body("autoJoin", equalTo(true));
        var one = crash(radioEnteredBy("radio_poll"));
        compared();
        var like = crash(radioEnteredBy("radio_drain"));
        var lessLike = crash(radio("rb"));
        compared();

        Instant end = Instant.now().plus(PATIENCE);
        while (clusters.movedTo(project.id(), like.cluster()).isEmpty()
                && Instant.now().isBefore(end)) {
            Thread.sleep(20); // the other one that compares joins after it compared
        }
        assertThat(clusters.movedTo(project.id(), like.cluster())).contains(one.cluster());
        assertThat(clusters.detail(project.id(), one.cluster(), NOW)
                        .orElseThrow()
                        .variants())
                .anySatisfy(variant -> assertThat(variant.because())
                        .contains("merged into this cluster by similarity")
                        .contains("score 0."));
        assertThat(clusters.detail(project.id(), lessLike.cluster(), NOW)).isPresent();
        var edit = Objects.requireNonNull(triage.activity(project, one.cluster(), null, 1)
                .items()
                .getFirst()
                .edit());
        edits.unmerge(project, edit.id(), ANN);
        assertThat(clusters.detail(project.id(), like.cluster(), NOW)).isPresent();
    }

    @Test
    void weightsAreTunedByTheMergesOfTheProject() throws Exception {
        var one = crash(radio("tb"));
        var other = crash(radio("tx"));
        compared();
        edits.merge(project, one.cluster(), List.of(other.cluster()), ANN);
        Tuning.Tuned tuned = similarities.tune(project.id(), Instant.now());
        assertThat(tuned.weights()).as("one merge teaches nothing").isEqualTo(Weights.ONE);
        assertThat(similarities.settings(project).tunedAt()).isNotNull();
    }
}
