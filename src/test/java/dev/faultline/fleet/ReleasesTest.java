package dev.faultline.fleet;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.faultline.cluster.Crashes;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ReleasesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    private Crashes.TestProject project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        path = "/api/v1/projects/" + project.name();
    }

    private ValidatableResponse post(String version, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("software", "main-fw");
        body.put("version", version);
        return given().contentType("application/json")
                .body(body)
                .post(path + "/releases")
                .then();
    }

    private ValidatableResponse scheme(String scheme) {
        return given().contentType("application/json")
                .body(Map.of("scheme", scheme))
                .put(path + "/software/main-fw")
                .then();
    }

    private List<String> order() {
        return given().get(path + "/releases?software=main-fw&order=lineage")
                .then()
                .statusCode(200)
                .extract()
                .path("items.version");
    }

    @Test
    void aReleaseIsRegisteredWithItsParentsAndWhatItContains() {
        post("2.4.0", Map.of("branch", "main", "commit", "00c0ffee")).statusCode(201);
        post("2.5.0", Map.of("parents", List.of("2.4.0", "2.4.1-lab"), "contains", List.of("00C0FFEE", "00c0ffee")))
                .statusCode(201)
                .body("registered", equalTo(true))
                .body("parent", equalTo("2.4.0"))
                .body("parents", equalTo(List.of("2.4.0", "2.4.1-lab")));
        given().get(path + "/releases/main-fw/2.5.0/containment?of=2.4.0")
                .then()
                .statusCode(200)
                .body("answer", equalTo("yes"))
                .body("rule", equalTo("parents"))
                .body("because", equalTo("2.5.0 was made from 2.4.0"));
        given().get(path + "/releases/main-fw/2.5.0/containment").then().statusCode(400);
    }

    @Test
    void whatWasRegisteredStaysAndWhatWasLeftOutIsAdded() {
        post("2.4.0", Map.of()).statusCode(201);
        post("2.5.0", Map.of("branch", "main")).statusCode(201);
        post("2.5.0", Map.of("parent", "2.4.0", "contains", List.of("1234567"))).statusCode(200);
        post("2.5.0", Map.of("parent", "2.4.0", "branch", "main", "contains", List.of("1234567")))
                .statusCode(200);
        post("2.5.0", Map.of("parent", "2.3.0"))
                .statusCode(409)
                .body("detail", containsString("2.5.0 of main-fw was registered with parents 2.4.0, which stays"));
        post("2.5.0", Map.of("branch", "lts")).statusCode(409);
        post("2.5.0", Map.of("contains", List.of("7654321"))).statusCode(409);
        post("2.4.0", Map.of("parent", "2.5.0")).statusCode(409).body("detail", containsString("was made from it"));
        given().get(path + "/releases/main-fw/2.5.0")
                .then()
                .body("parents", equalTo(List.of("2.4.0")))
                .body("branch", equalTo("main"));
    }

    @Test
    void whatIsNoReleaseIsRefusedWithItsReason() {
        post("2.4.0", Map.of("contains", List.of("HEAD"))).statusCode(400).body("detail", containsString("\"head\""));
        post("2.4.0", Map.of("contains", Collections.nCopies(Releases.MOST_COMMITS + 1, "1234567")))
                .statusCode(400)
                .body("detail", containsString("at most 10000"));
        post("2.4.0", Map.of("parents", Collections.nCopies(Releases.MOST_PARENTS + 1, "2.3.0")))
                .statusCode(400);
        post("2.4.0", Map.of("parent", "2.4.0")).statusCode(400);
        List<Object> withNull = new ArrayList<>();
        withNull.add(null);
        post("2.4.0", Map.of("parents", withNull)).statusCode(400);
        post("2.4.0", Map.of("contains", withNull)).statusCode(400);
        given().get(path + "/releases?order=lineage").then().statusCode(400);
        given().get(path + "/releases?order=date").then().statusCode(400);
        given().get(path + "/releases?software=main-fw&order=lineage&after=77")
                .then()
                .statusCode(400);
    }

    @Test
    void aListOfAsManyCommitsAsAreAllowedIsTaken() {
        List<String> commits = IntStream.range(0, Releases.MOST_COMMITS)
                .mapToObj("%040x"::formatted)
                .toList();
        post("2.5.0", Map.of("contains", commits)).statusCode(201);
        post("2.4.0", Map.of("commit", commits.getLast())).statusCode(201);
        assertThat(releases.containment(project.id(), "main-fw", "2.5.0", "2.4.0")
                        .answer())
                .isEqualTo(Containment.Answer.YES);
    }

    @Test
    void releasesAreListedAlongTheGraphAndUnregisteredOnesBehindThem() throws SQLException {
        scheme("semver").statusCode(200);
        post("10.18.7", Map.of("parent", "10.18.0"));
        post("10.24.0", Map.of("parent", "10.18.0"));
        post("10.18.0", Map.of());
        crashes.crash(project.id(), stack("late").release("999.9.9", "999.9.9"), NOW);
        post("10.24.1-rc1", Map.of("parent", "10.24.0"));
        post("10.24.1", Map.of("parent", "10.24.1-rc1"));
        assertThat(order()).containsExactly("10.24.1", "10.24.1-rc1", "10.24.0", "10.18.7", "10.18.0", "999.9.9");
        String next = given().get(path + "/releases?software=main-fw&order=lineage&limit=4")
                .then()
                .body("items", hasSize(4))
                .extract()
                .path("next");
        given().get(path + "/releases?software=main-fw&order=lineage&limit=4&after=" + next)
                .then()
                .body("items.version", equalTo(List.of("10.18.0", "999.9.9")))
                .body("items.registered", equalTo(List.of(true, false)))
                .body("next", nullValue());
    }

    @Test
    void pagesMarkWhatNobodyRegistered() throws SQLException {
        post("2.5.0", Map.of());
        crashes.crash(project.id(), stack("late").release("2.5.0", "2.5.0"), NOW);
        var cluster = crashes.crash(project.id(), stack("late").release("999.9.9", "999.9.9"), NOW)
                .cluster();
        given().get(path + "/clusters/" + cluster).then().statusCode(200);
        given().accept("text/html")
                .get("/projects/" + project.name() + "/clusters")
                .then()
                .body(containsString(">999.9.9 (unregistered)<"), containsString(">2.5.0<"));
        given().accept("text/html")
                .get("/projects/" + project.name() + "/clusters/" + cluster)
                .then()
                .body(containsString(">999.9.9 (unregistered)<"), containsString(">2.5.0<"));
    }

    @Test
    void theReleaseBeforeIsTheNearestAncestorThatIsThereAndMeantForAll() {
        scheme("semver").statusCode(200);
        post("10.18.0", Map.of());
        post("10.24.0", Map.of("parent", "10.18.0"));
        post("10.24.1-rc1", Map.of("parent", "10.24.0"));
        post("10.24.1", Map.of("parent", "10.24.1-rc1"));
        assertThat(releases.previous(project.id(), "main-fw", "10.24.1")).contains("10.24.0");
        given().delete(path + "/releases/main-fw/10.24.0").then().statusCode(204);
        assertThat(releases.previous(project.id(), "main-fw", "10.24.1")).contains("10.18.0");
        assertThat(releases.previous(project.id(), "main-fw", "10.18.0")).isEmpty();
        assertThat(releases.previous(project.id(), "main-fw", "7")).isEmpty();
    }

    @Test
    void withoutParentsTheReleaseBeforeIsTheOlderOneOfTheBranch() {
        post("r9", Map.of("branch", "main"));
        post("r10", Map.of("branch", "main"));
        post("r11", Map.of("branch", "lab"));
        post("r12", Map.of("branch", "main"));
        assertThat(releases.previous(project.id(), "main-fw", "r12")).isEmpty();
        scheme("natural").statusCode(200);
        assertThat(releases.previous(project.id(), "main-fw", "r12")).contains("r10");
    }

    @Test
    void aDeletedReleaseIsHiddenKeepsItsCountsAndComesBackWhenItIsRegisteredAgain() throws SQLException {
        post("2.4.0", Map.of());
        post("2.5.0", Map.of("parent", "2.4.0"));
        post("2.6.0", Map.of("parent", "2.5.0"));
        crashes.crash(project.id(), stack("one").release("2.5.0", "2.5.0"), NOW);
        given().delete(path + "/releases/main-fw/2.5.0").then().statusCode(204);
        given().delete(path + "/releases/main-fw/2.5.0").then().statusCode(204);
        given().delete(path + "/releases/main-fw/7").then().statusCode(404);
        assertThat(order()).containsExactly("2.6.0", "2.4.0");
        given().get(path + "/releases").then().body("items.version", equalTo(List.of("2.6.0", "2.4.0")));
        crashes.rolledUp(project.id());
        given().get(path + "/releases/main-fw/2.5.0")
                .then()
                .body("crashes", equalTo(1))
                .body("deletedAt", notNullValue());
        post("2.5.0", Map.of("parent", "2.3.0")).statusCode(409);
        post("2.5.0", Map.of()).statusCode(200).body("deletedAt", nullValue());
        assertThat(order()).containsExactly("2.6.0", "2.5.0", "2.4.0");
        given().get("/api/v1/audit").then().body("items.action", hasItem("release-deleted"));
    }

    @Test
    void aVersionIsAPathSegmentWhateverIsInIt() {
        post("feature/x 1.0+7", Map.of()).statusCode(201);
        given().urlEncodingEnabled(false)
                .get(path + "/releases/main-fw/feature%2Fx%201.0%2B7")
                .then()
                .statusCode(200)
                .body("version", equalTo("feature/x 1.0+7"));
    }

    @Test
    void aSchemeIsDeclaredAndEachChangeIsARevision() {
        given().get(path + "/software").then().body("items", hasSize(0));
        post("2.4.0", Map.of());
        given().get(path + "/software")
                .then()
                .body("items[0].software", equalTo("main-fw"))
                .body("items[0].scheme", equalTo("none"));
        scheme("semver").statusCode(200).body("revision", equalTo(1)).body("setBy", equalTo("local"));
        scheme("semver").statusCode(200).body("revision", equalTo(1));
        scheme("date").statusCode(200).body("revision", equalTo(2));
        scheme("guess").statusCode(400).body("detail", containsString("semver, date, natural, none"));
        given().get(path + "/software").then().body("items.scheme", equalTo(List.of("date")));
        given().get(path + "/software/main-fw/schemes").then().body("items.scheme", equalTo(List.of("date", "semver")));
        given().get("/api/v1/audit").then().body("items.action", hasItem("scheme-declared"));
    }

    private ValidatableResponse correct(String version, Object body) {
        return given().contentType("application/json")
                .body(body)
                .patch(path + "/releases/main-fw/" + version)
                .then();
    }

    @Test
    void aWrongParentIsCorrectedAndAnswersNameTheRevision() {
        post("1.0", Map.of());
        post("1.1", Map.of("parents", List.of("1.0")));
        post("2.0", Map.of("parents", List.of("1.1")));
        post("2.0", Map.of("parents", List.of("1.0"))).statusCode(409);
        correct("2.0", Map.of("parents", List.of("1.0"), "because", "CI named the wrong tag"))
                .statusCode(200)
                .body("parents", equalTo(List.of("1.0")));
        given().get(path + "/releases/main-fw/2.0/containment?of=1.1")
                .then()
                .body("answer", equalTo("no"))
                .body("because", equalTo("1.1 is not among what 2.0 was made from; corrected: 2.0 in revision 2"));
        given().get(path + "/releases/main-fw/1.1/containment?of=1.0")
                .then()
                .body("because", equalTo("1.1 was made from 1.0"));
        correct("2.0", Map.of("parents", List.of(), "because", "a line of its own"))
                .statusCode(200);
        given().get(path + "/releases/main-fw/2.0/containment?of=1.0").then().body("answer", equalTo("unknown"));
        given().get("/api/v1/audit?limit=5")
                .then()
                .body("items.action", org.hamcrest.Matchers.hasItem("release-corrected"));
    }

    @Test
    void aCorrectionThatClosesACircleOrSaysNothingIsRefused() {
        post("1.0", Map.of());
        post("1.1", Map.of("parents", List.of("1.0")));
        correct("1.0", Map.of("parents", List.of("1.1"), "because", "x")).statusCode(409);
        correct("1.1", Map.of("parents", List.of("1.1"), "because", "x")).statusCode(400);
        correct("1.1", Map.of("because", "x")).statusCode(400);
        correct("1.1", Map.of("parents", List.of("1.0"))).statusCode(400);
        correct("9.9", Map.of("parents", List.of("1.0"), "because", "x")).statusCode(404);
    }
}
