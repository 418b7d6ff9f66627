package dev.faultline.view;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.faultline.cluster.Crashes;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class SavedViewsTest {
    @Inject
    Crashes crashes;

    private String project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project().name();
        path = "/api/v1/projects/" + project + "/views";
    }

    private ValidatableResponse save(String name, String query, String sort) {
        return given().contentType("application/json")
                .body(Map.of("name", name, "query", query, "sort", sort))
                .post(path)
                .then();
    }

    @Test
    void aViewIsASearchUnderAName() {
        int id = save("Radio of rev-c", "fn:radio_* hw:rev-c", "devices")
                .statusCode(201)
                .body("createdBy", equalTo("local"))
                .extract()
                .path("id");
        save("All", "", "impact").statusCode(201);
        given().get(path)
                .then()
                .body("items.name", equalTo(List.of("All", "Radio of rev-c")))
                .body("items[1].query", equalTo("fn:radio_* hw:rev-c"))
                .body("items[1].sort", equalTo("devices"));
        given().delete(path + "/" + id).then().statusCode(204);
        given().delete(path + "/" + id).then().statusCode(404);
        given().get(path).then().body("items", hasSize(1));
        given().get("/api/v1/audit")
                .then()
                .body("items.action", hasItems("view-saved", "view-deleted"))
                .body("items.subject", hasItems(project + ": Radio of rev-c"));
    }

    @Test
    void whatIsNoViewIsRefused() {
        save("Taken", "", "impact").statusCode(201);
        save("Taken", "x", "impact").statusCode(409).body("detail", containsString("Taken"));
        save(" ", "", "impact").statusCode(400).body("detail", containsString("wanted 1 to 80"));
        save("x".repeat(81), "", "impact").statusCode(400);
        save("Bad", "colour:red", "impact").statusCode(400).body("detail", containsString("found colour:"));
        save("Bad", "", "beauty").statusCode(400);
        given().contentType("application/json").post(path).then().statusCode(400);
    }

    @Test
    void thePageSavesShowsAndDeletesIt() {
        String views = "/projects/" + project + "/views";
        given().redirects()
                .follow(false)
                .formParam("name", "Big <b>ones</b>")
                .formParam("q", "devices:>10")
                .formParam("sort", "lastSeen")
                .post(views)
                .then()
                .statusCode(303)
                .header("Location", endsWith("/clusters?q=devices%3A%3E10&sort=lastSeen"));
        given().queryParam("q", "devices:>10")
                .queryParam("sort", "lastSeen")
                .get("/projects/" + project + "/clusters")
                .then()
                .body(containsString("aria-current=\"true\">Big &lt;b&gt;ones&lt;/b&gt;</a>"))
                .body(containsString("Delete view"))
                .body(not(containsString("Save view")));
        int id = given().get(path).then().extract().path("items[0].id");
        given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .post(views + "/" + id + "/delete")
                .then()
                .statusCode(303);
        given().get(path).then().body("items", hasSize(0));
        given().queryParam("q", "devices:>10")
                .get("/projects/" + project + "/clusters")
                .then()
                .body(containsString("Save view"));
    }
}
