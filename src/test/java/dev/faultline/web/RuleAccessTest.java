package dev.faultline.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.faultline.access.Admin;
import dev.faultline.access.AuthenticationOn;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules where people log in. */
@QuarkusTest
@TestProfile(AuthenticationOn.class)
@QuarkusTestResource(PostgresResource.class)
class RuleAccessTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String RULES = "/projects/default/rules";
    private static final Map<String, String> TYPED = Map.of("version", "0", "class", "skip", "function", "take_lock");

    @Test
    void whoMayOnlyReadLooksAtRulesAndIsOfferedNothingElse() {
        Map<String, String> cookies = logIn("read");

        with(cookies).get(RULES).then().statusCode(200);
        Response form = with(cookies).get(RULES + "/new?function=take_lock");

        form.then().statusCode(200).body(containsString("lacks the scope")).body(not(containsString("hx-post")));
        for (String address : List.of("", "/preview", "/move", "/delete")) {
            with(cookies)
                    .formParams(TYPED)
                    .formParam("csrf", csrf(form))
                    .post(RULES + address)
                    .then()
                    .statusCode(403);
        }
    }

    @Test
    void whoMayWritePreviewsWithTheTokenOfTheForm() {
        Map<String, String> cookies = logIn("read", "write");
        Response form = with(cookies).get(RULES + "/new?function=take_lock");

        with(cookies).formParams(TYPED).post(RULES + "/preview").then().statusCode(403);
        with(cookies)
                .formParams(TYPED)
                .formParam("csrf", csrf(form))
                .post(RULES + "/preview")
                .then()
                .statusCode(200)
                .body(containsString("What it would change"));
    }

    private static Map<String, String> logIn(String... scopes) {
        String name = "rules-" + System.nanoTime();
        Admin.admin()
                .contentType("application/json")
                .body(Map.of("name", name, "password", PASSWORD, "scopes", List.of(scopes)))
                .post("/api/v1/users")
                .then()
                .statusCode(201);
        Response answer = given().redirects()
                .follow(false)
                .formParams("name", name, "password", PASSWORD, "next", "/")
                .post("/login");
        answer.then().statusCode(303);
        return answer.cookies();
    }

    private static RequestSpecification with(Map<String, String> cookies) {
        return given().redirects().follow(false).cookies(cookies);
    }

    private static String csrf(Response page) {
        return page.asString().replaceAll("(?s).*name=\"csrf\" content=\"([^\"]*)\".*", "$1");
    }
}
