package dev.faultline.rules;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fingerprint.Reports;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class RulesResourceTest {
    private static final String SKIP_LOCK = """
            {"version":%d,"rules":[
                {"id":"lock","class":"skip","function":"take_lock","because":"everybody locks"}]}
            """;

    @Inject
    Crashes crashes;

    @Inject
    Rules rules;

    private TestProject project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        path = "/api/v1/projects/" + project.name() + "/rules";
    }

    private void crashed(Reports report) throws SQLException {
        var now = Instant.now();
        crashes.processed(
                project.id(), crashes.received(project.id(), now), report.report(), rules.of(project.id()), now);
    }

    private ValidatableResponse put(String body) {
        return given().contentType("application/json").body(body).put(path).then();
    }

    private ValidatableResponse preview(String body) {
        return given().contentType("application/json")
                .body(body)
                .post(path + "/preview")
                .then();
    }

    @Test
    void aProjectBeginsWithoutRulesAndGetsThoseThatAreSaved() {
        given().get(path).then().statusCode(200).body("version", equalTo(0)).body("rules", empty());

        put(SKIP_LOCK.formatted(0)).statusCode(200).body("version", equalTo(1));

        given().get(path)
                .then()
                .body("version", equalTo(1))
                .body("rules", hasSize(1))
                .body("rules[0].id", equalTo("lock"))
                .body("rules[0].class", equalTo("skip"))
                .body("rules[0].function", equalTo("take_lock"));
    }

    @Test
    void rulesThatSomebodyElseChangedMeanwhileAreNotWrittenOver() {
        put(SKIP_LOCK.formatted(0)).statusCode(200);

        put(SKIP_LOCK.formatted(0))
                .statusCode(409)
                .body("detail", equalTo("The rules are at version 1 by now, not 0; look at them again"));
        put(SKIP_LOCK.formatted(1)).statusCode(200).body("version", equalTo(2));
    }

    @Test
    void aPreviewTellsWhichClustersWouldComeTogetherAndChangesNothing() throws SQLException {
        crashed(stack("take_lock", "save", "run"));
        crashed(stack("save", "run"));
        crashed(stack("other", "run"));

        preview(SKIP_LOCK.formatted(0))
                .statusCode(200)
                .body("crashes", equalTo(3))
                .body("changed", equalTo(1))
                .body("clustersBefore", equalTo(3))
                .body("clustersAfter", equalTo(2))
                .body("split.count", equalTo(0))
                .body("joined.count", equalTo(1))
                .body("joined.examples[0].crashes", equalTo(2))
                .body("joined.examples[0].after", contains("bad-access | save | run@run.c"));
        given().get(path).then().body("version", equalTo(0));
    }

    @Test
    void aPreviewTellsWhichClustersWouldFallApart() throws SQLException {
        put("""
                {"version":0,"rules":[{"id":"all","class":"skip","function":"first|second"}]}
                """).statusCode(200);
        crashed(stack("first", "common", "run"));
        crashed(stack("second", "common", "run"));

        preview("{\"version\":1,\"rules\":[]}")
                .statusCode(200)
                .body("clustersBefore", equalTo(1))
                .body("clustersAfter", equalTo(2))
                .body("split.count", equalTo(1))
                .body("split.examples[0].crashes", equalTo(2));
    }

    @Test
    void aPreviewLooksAtNoMoreCrashesThanItWasAskedFor() throws SQLException {
        for (int i = 0; i < 3; i++) {
            crashed(stack("f" + i, "run"));
        }

        given().contentType("application/json")
                .body(SKIP_LOCK.formatted(0))
                .post(path + "/preview?crashes=2")
                .then()
                .body("crashes", equalTo(2));
        given().contentType("application/json")
                .body(SKIP_LOCK.formatted(0))
                .post(path + "/preview?crashes=5001")
                .then()
                .statusCode(400)
                .body("detail", equalTo("crashes=5001 is not between 1 and 5000"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"a\",\"class\":\"skip\"} | a rule has a pattern for function, file or module",
                "{\"id\":\"a\",\"class\":\"skip\",\"function\":\"(\"} | function is no regular expression",
                "{\"id\":\"a\",\"class\":\"skip\",\"function\":\"\"} | function is 1 to 300 characters",
                "{\"id\":\" \",\"class\":\"skip\",\"function\":\"f\"} | a rule's id is 1 to 64 characters",
                "{\"id\":\"a\",\"class\":\"outside\",\"function\":\"f\"} | class is one of skip, prefix, sentinel, base, relevant"
            })
    void aRuleThatCanNotBeMeantIsRefusedWithAReason(String rule, String reason) {
        put("{\"version\":0,\"rules\":[%s]}".formatted(rule)).statusCode(400).body("detail", containsString(reason));
    }

    @Test
    void twoRulesOfOneIdAreRefused() {
        put("""
                {"version":0,"rules":[{"id":"a","class":"skip","function":"f"},{"id":"a","class":"skip","function":"g"}]}
                """).statusCode(400).body("detail", containsString("two rules have the id \"a\""));
    }
}
