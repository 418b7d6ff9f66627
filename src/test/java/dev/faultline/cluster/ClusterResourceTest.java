package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterResourceTest {
    @Inject
    Crashes crashes;

    private TestProject project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        path = "/api/v1/projects/" + project.name();
    }

    @Test
    void theListIsPagedJson() throws SQLException {
        crashes.crash(project.id(), stack("http_one", "http_two"), Instant.now());
        crashes.crash(project.id(), stack("http_three"), Instant.now());
        String next = given().get(path + "/clusters?limit=1")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].id", containsString("C-"))
                .body("items[0].signature", equalTo("bad-access | http_three"))
                .body("items[0].firstSeen.release", equalTo("1.0.0"))
                .body("items[0].days", hasSize(30))
                .body("next", notNullValue())
                .extract()
                .path("next");
        given().get(path + "/clusters?limit=1&after=" + next)
                .then()
                .body("items[0].signature", equalTo("bad-access | http_one | http_two"))
                .body("next", equalTo(null));
    }

    @Test
    void theDetailHasTheRowsMembersAsItsOwn() throws SQLException {
        var assignment = crashes.crash(project.id(), stack("HardFault_Handler", "detail_one"), Instant.now());
        given().get(path + "/clusters/" + assignment.cluster())
                .then()
                .statusCode(200)
                .body("id", equalTo(assignment.cluster().toString()))
                .body("crashes", equalTo(1))
                .body("variants[0].because", equalTo("the first crash with these frames"))
                .body("grouping.frames[0].part", equalTo("skip"))
                .body("grouping.frames[0].rule", equalTo("cortex-m/fault-handlers"))
                .body("grouping.frames[1].keys", contains("k1", "k3", "k8"));
    }

    @Test
    void anEmptiedClustersAddressLeadsOn() throws SQLException {
        UUID crash = crashes.received(project.id(), Instant.now());
        var before = crashes.processed(project.id(), crash, stack("was_here").report(), Instant.now());
        var after = crashes.processed(project.id(), crash, stack("is_there").report(), Instant.now());
        given().redirects()
                .follow(false)
                .get(path + "/clusters/" + before.cluster())
                .then()
                .statusCode(307)
                .header("Location", endsWith(path + "/clusters/" + after.cluster()));
        given().get(path + "/clusters/" + before.cluster()).then().body("signature", equalTo("bad-access | is_there"));
    }

    @Test
    void wrongRequestsAreToldWhatIsWrong() {
        given().get(path + "/clusters?sort=beauty")
                .then()
                .statusCode(400)
                .body("detail", containsString("impact, devices"));
        given().get(path + "/clusters?reason=sadness")
                .then()
                .statusCode(400)
                .body("detail", containsString("null-deref"));
        given().get(path + "/clusters?since=yesterday")
                .then()
                .statusCode(400)
                .body("detail", containsString("yesterday"));
        given().get(path + "/clusters?after=bm9uc2Vuc2U").then().statusCode(400);
        given().get(path + "/clusters?limit=0").then().statusCode(400);
        given().get(path + "/clusters/C-999999999").then().statusCode(404);
        given().get(path + "/clusters/nonsense").then().statusCode(404).body("detail", containsString("C-12"));
        given().get("/api/v1/projects/nobody/clusters").then().statusCode(404);
    }

    @Test
    void aPersonNamesAndResolvesACluster() throws SQLException {
        var id = crashes.crash(project.id(), stack("named_one"), Instant.now()).cluster();
        given().contentType("application/json")
                .body(Map.of("title", "the one with the queue", "state", "resolved"))
                .patch(path + "/clusters/" + id)
                .then()
                .statusCode(204);
        given().get(path + "/clusters?state=resolved&text=QUEUE")
                .then()
                .body("items[0].title", equalTo("the one with the queue"));
        given().get(path + "/clusters?state=open").then().body("items", hasSize(0));
        given().contentType("application/json")
                .body(Map.of("state", "forgotten"))
                .patch(path + "/clusters/" + id)
                .then()
                .statusCode(400);
    }
}
