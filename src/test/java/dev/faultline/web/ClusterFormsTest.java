package dev.faultline.web;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.faultline.cluster.Assignment;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do on a cluster's page. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterFormsTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    Crashes crashes;

    @Inject
    Clusters clusters;

    private TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    private Assignment crash(String... frames) throws SQLException {
        return crashes.crash(project.id(), stack(frames), NOW);
    }

    private String page(ClusterId cluster) {
        return "/projects/" + project.name() + "/clusters/" + cluster;
    }

    private void post(String address, Map<String, String> form, int status) {
        given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .formParams(form)
                .post(address)
                .then()
                .statusCode(status);
    }

    private boolean alive(ClusterId cluster) {
        return clusters.detail(project.id(), cluster, NOW).isPresent();
    }

    @Test
    void aMergeIsShownAndTakenBack() throws SQLException {
        var one = crash("a", "b", "c");
        var two = crash("d", "e", "f");
        var three = crash("g", "h", "i");
        post(page(one.cluster()) + "/merge", Map.of("clusters", two.cluster() + ", " + three.cluster()), 303);
        assertThat(alive(two.cluster())).isFalse();
        String shown = given().get(page(one.cluster()))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(shown).contains("merged %s, %s into %s".formatted(two.cluster(), three.cluster(), one.cluster()));
        String edit = shown.replaceAll("(?s).*/edits/([0-9]+)/unmerge.*", "$1");

        post(page(one.cluster()) + "/edits/" + edit + "/unmerge", Map.of(), 303);

        assertThat(alive(two.cluster())).isTrue();
        assertThat(alive(three.cluster())).isTrue();
        given().get(page(one.cluster())).then().body(containsString("took merge " + edit + " apart for good"));
    }

    @Test
    void aVariantIsSplitOffMovedAndPutBack() throws SQLException {
        var one = crash("a", "b", "c", "d");
        var deeper = crash("a", "b", "c", "e");
        var other = crash("x", "y", "z");
        assertThat(deeper.cluster()).isEqualTo(one.cluster());
        String variant = page(one.cluster()) + "/variants/" + deeper.variant();

        post(variant + "/move", Map.of("cluster", other.cluster().toString()), 303);
        String shown = given().get(page(other.cluster()))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(shown).contains("moved 1 variant from %s to %s".formatted(one.cluster(), other.cluster()));
        String edit = shown.replaceAll("(?s).*/edits/([0-9]+)/undo.*", "$1");
        post(page(other.cluster()) + "/edits/" + edit + "/undo", Map.of(), 303);
        post(variant + "/split", Map.of(), 303);

        given().get(page(one.cluster()))
                .then()
                .body(containsString("split 1 variant off " + one.cluster()))
                .body(containsString("undid edit " + edit));
        post(variant + "/split", Map.of(), 409);
        post(page(one.cluster()) + "/merge", Map.of("clusters", "nonsense"), 404);
    }
}
