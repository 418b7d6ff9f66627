package dev.faultline.web;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Objects;
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

    @Test
    void whatAVariableHeldStaysText() {
        String html = sample("crash");

        assertThat(html)
                .contains("<details class=\"variables\" open><summary>2 arguments · 4 locals")
                .contains("<span class=\"unknown\">optimised out</span>")
                .contains("<span class=\"unknown\">not in dump: 0x20004000-0x200040ff</span>")
                .contains("<span class=\"unknown\">unreadable: &lt;script&gt;")
                .contains("<td class=\"value\"><span>&quot;&lt;script&gt;")
                .contains("title=\"unbrokenunbroken")
                .doesNotContain("<script>document", "<img");
    }

    @Test
    void aCrashSaysThroughWhichRegisterItFaultedAndWhatRegistersPointAt() {
        assertThat(sample("crash"))
                .contains("<p class=\"access\">The instruction wrote 4 bytes to 0x00000004 through r3: null plus 4")
                .contains("<dd>0x20001f40<span class=\"target\">stack of <code>sensor</code>, 64 bytes below its top");
        assertThat(sample("crash-needs-symbols")).doesNotContain("class=\"access\"");
    }

    private static String sample(String page) {
        return Objects.requireNonNull(SamplePages.all().get(page)).render();
    }
}
