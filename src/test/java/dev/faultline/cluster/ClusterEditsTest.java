package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterEditsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);

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
                .body("items[0].edit.from[0]", equalTo(other.cluster().toString()))
                .extract()
                .path("items[0].edit.id");
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
