package dev.faultline.web;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterState;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.cluster.Muting;
import dev.faultline.cluster.Standing;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people say of a cluster on its page. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class TriageFormsTest {
    @Inject
    Crashes crashes;

    @Inject
    Clusters clusters;

    private TestProject project;
    private ClusterId cluster = new ClusterId(1);
    private String page = "";

    @BeforeEach
    void aClusterInAProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        cluster = crashes.crash(project.id(), stack("a", "b"), Instant.now()).cluster();
        page = "/projects/" + project.name() + "/clusters/" + cluster;
    }

    private ValidatableResponse post(String form, Map<String, String> fields) {
        return given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .formParams(fields)
                .post(page + "/" + form)
                .then();
    }

    private Standing standing() {
        return clusters.detail(project.id(), cluster, Instant.now())
                .orElseThrow()
                .summary()
                .standing();
    }

    @Test
    void aClusterIsResolvedInAReleaseAndOpenedAgain() {
        post("resolve", Map.of("in", "2.5.0")).statusCode(303);
        assertThat(standing().state()).isEqualTo(ClusterState.RESOLVED);
        given().get(page)
                .then()
                .body(containsString("Resolved in 2.5.0."))
                .body(containsString("resolved it in 2.5.0"))
                .body(containsString("action=\"" + page + "/open\""));
        post("open", Map.of()).statusCode(303);
        assertThat(standing().state()).isEqualTo(ClusterState.NEW);
        given().get(page).then().body(not(containsString("action=\"" + page + "/open\"")));
    }

    @Test
    void aClusterIsMutedUntilSomethingOfSeveralHappens() {
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(10);
        post("mute", Map.of("release", "3.0.0", "devices", "50", "day", day.toString(), "crashes", ""))
                .statusCode(303);
        assertThat(standing().mutedUntil())
                .isEqualTo(
                        new Muting("3.0.0", 50, day.atStartOfDay(ZoneOffset.UTC).toInstant(), null));
        given().get(page).then().body(containsString("or 50 devices are affected or " + day));
    }

    @Test
    void titleAssigneeTicketAndCommentsAreShownEscaped() {
        post(
                        "details",
                        Map.of(
                                "title",
                                "<b>The leak</b>",
                                "assignee",
                                "ann",
                                "ticket",
                                "https://bugs.example.org/browse/FW-17"))
                .statusCode(303);
        post("comments", Map.of("text", "<script>alert(1)</script>")).statusCode(303);
        given().get(page)
                .then()
                .body(containsString("&lt;b&gt;The leak&lt;/b&gt;"))
                .body(containsString("href=\"https://bugs.example.org/browse/FW-17\""))
                .body(containsString("FW-17</a>"))
                .body(containsString("&lt;script&gt;alert(1)&lt;/script&gt;"))
                .body(not(containsString("<script>alert")));
        given().get("/projects/" + project.name() + "/clusters?q=assignee:ann")
                .then()
                .body(containsString(cluster.toString()));
    }

    @Test
    void aFormThatSaysNoSenseIsToldWhatIsWrong() {
        post("mute", Map.of("devices", "many")).statusCode(400).body(containsString("devices: found no number"));
        post("mute", Map.of("day", "someday")).statusCode(400);
        post("details", Map.of("ticket", "javascript:alert(1)")).statusCode(400);
        post("comments", Map.of("text", " ")).statusCode(400);
        assertThat(standing().state()).isEqualTo(ClusterState.NEW);
    }
}
