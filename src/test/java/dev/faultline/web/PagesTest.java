package dev.faultline.web;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class PagesTest {

    @Test
    void anUnknownAddressIsAPageThatLeadsOn() {
        when().get("/no-such-page")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("There is nothing at /no-such-page."))
                .body(containsString("Go to the clusters"));
    }

    @Test
    void anUnknownAddressOfTheApiIsNotAPage() {
        when().get("/api/v1/no-such-call").then().statusCode(404).contentType("application/problem+json");
    }

    @Test
    void aChosenThemeIsThereFromTheFirstByte() {
        given().cookie("faultline-theme", "dark")
                .when()
                .get("/nowhere")
                .then()
                .body(containsString("data-theme=\"dark\""));
        given().cookie("faultline-theme", "\"><script>")
                .when()
                .get("/nowhere")
                .then()
                .body(not(containsString("<script>")));
    }

    @Test
    void whatAProjectDoesNotHaveIsToldWithItsNavigation() {
        when().get("/projects/default/clusters/C-999999")
                .then()
                .statusCode(404)
                .body(containsString("No cluster has the id C-999999"))
                .body(containsString("href=\"/projects/default/symbols\""));
        when().get("/projects/no-such-project/clusters")
                .then()
                .statusCode(404)
                .body(containsString("No project has the name no-such-project"))
                .body(not(containsString("/projects/no-such-project/symbols")));
    }

    @Test
    void aComparisonThatCanNotBeMadeIsToldBesideTheChoices() {
        when().get("/projects/default/compare?software=no-such-fw&baseline=1.0&candidate=2.0")
                .then()
                .statusCode(400)
                .body(containsString("No release 1.0 of no-such-fw was registered or seen"))
                .body(containsString("name=\"baseline\""));
    }

    @Test
    void anAddressWithMarkupInItStaysText() {
        given().urlEncodingEnabled(false)
                .when()
                .get("/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
                .then()
                .statusCode(404)
                .body(not(containsString("<script>alert")));
    }
}
