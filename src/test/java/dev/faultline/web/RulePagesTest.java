package dev.faultline.web;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.Assignment;
import dev.faultline.cluster.Crashes;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.ProjectRules.Rule;
import dev.faultline.ops.PostgresResource;
import dev.faultline.rules.Rules;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do with rules on their pages. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class RulePagesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    Crashes crashes;

    @Inject
    Rules rules;

    private Project project;
    private String path;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        var made = crashes.project();
        project = new Project(made.id(), made.name());
        path = "/projects/" + project.name();
    }

    private Assignment crash(String... frames) throws SQLException {
        return crashes.crash(project.id(), stack(frames), NOW);
    }

    private ValidatableResponse get(String address) {
        return given().urlEncodingEnabled(false).get(address).then();
    }

    private ValidatableResponse post(String address, Map<String, String> form) {
        return given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .formParams(form)
                .post(path + address)
                .then();
    }

    private static Map<String, String> typed(int version, String kind, String function) {
        var form = new LinkedHashMap<String, String>();
        form.put("version", Integer.toString(version));
        form.put("class", kind);
        form.put("function", function);
        return form;
    }

    private static Map<String, String> and(Map<String, String> form, String name, String value) {
        form.put(name, value);
        return form;
    }

    private void saved(Rule... wanted) {
        rules.save(
                project,
                new ProjectRules(rules.of(project.id()).version(), List.of(wanted)),
                new Actor("ann", null, NOW));
    }

    private static Rule skip(String id, String function) {
        return new Rule(id, FramePart.SKIP, function, null, null, null, null);
    }

    private List<String> ids() {
        return rules.of(project.id()).rules().stream().map(Rule::id).toList();
    }

    private static String href(String html, String label) {
        return html.replaceAll(
                        "(?s).*href=\"([^\"]*)\">Rule…<span class=\"hidden-visually\"> of " + label + "<.*", "$1")
                .replace("&amp;", "&");
    }

    @Test
    void aFrameOfAClusterBecomesARuleThatCrashesFromNowOnFollow() throws SQLException {
        var cluster = crash("take_lock", "save", "run").cluster();
        String shown =
                get(path + "/clusters/" + cluster).statusCode(200).extract().asString();

        String form = href(shown, "take_lock");

        get(form).statusCode(200).body(containsString("name=\"function\" value=\"take_lock\""));
        post("/rules", and(typed(0, "skip", "take_lock"), "because", "everybody locks"))
                .statusCode(303)
                .header("Location", containsString(path + "/rules?saved=1"));
        assertThat(rules.of(project.id()).rules())
                .containsExactly(
                        new Rule("skip-take_lock", FramePart.SKIP, "take_lock", null, null, null, "everybody locks"));
        get(path + "/rules?saved=1")
                .body(containsString("Saved: these are the rules of version 1"))
                .body(containsString("Dry run of Group again"))
                .body(containsString("everybody locks"));
        get(path + "/rules?saved=9").body(not(containsString("Saved: these are")));
    }

    @Test
    void aFunctionWhoseNameIsCommonIsToldFromTheOthersByItsFile() throws SQLException {
        var cluster = crash("save", "run").cluster();
        String shown = get(path + "/clusters/" + cluster).extract().asString();

        get(href(shown, "run@run\\.c"))
                .body(containsString("name=\"function\" value=\"run\""))
                .body(containsString("name=\"file\" value=\"(?:^|[/\\\\])run\\.c$\""));
    }

    @Test
    void aFrameWithoutAFunctionOffersNoRule() throws SQLException {
        var cluster =
                crashes.crash(project.id(), stack("save").unnamed(0x1a2c), NOW).cluster();

        String shown = get(path + "/clusters/" + cluster).extract().asString();

        assertThat(shown).contains("of save<").contains(">?").doesNotContain("of ?");
    }

    @Test
    void aHostileNameOfAFunctionStaysTextAndIsMatchedAsItIs() throws SQLException {
        String hostile = "f\"><script>alert(1)</script>[a-z]+$\\d";
        get(path + "/rules/new?function=" + Address.of(hostile).path().substring(1))
                .statusCode(200)
                .body(not(containsString("<script>alert")))
                .body(containsString("&lt;script&gt;alert\\(1\\)&lt;/script&gt;\\[a-z\\]\\+\\$\\\\d"));

        post("/rules", typed(0, "skip", "f\"><script>alert\\(1\\)</script>\\[a-z\\]\\+\\$\\\\d"))
                .statusCode(303);

        assertThat(hostile)
                .matches(
                        String.valueOf(rules.of(project.id()).rules().getFirst().function()));
        String listed = get(path + "/rules").extract().asString();
        assertThat(listed).doesNotContain("<script>alert").contains("&lt;script&gt;");
        String id = ids().getFirst();
        get(path + "/rules/edit?rule=" + Address.of(id).path().substring(1))
                .statusCode(200)
                .body(not(containsString("<script>alert")));
    }

    @Test
    void aPreviewTellsWhatWouldChangeAndChangesNothing() throws SQLException {
        var one = crash("take_lock", "save", "go");
        var other = crash("save", "go");
        crash("other", "go");

        post("/rules/preview", typed(0, "skip", "take_lock"))
                .statusCode(200)
                .body(containsString("Among the newest 3 crashes, 1 would be in another variant"))
                .body(containsString("3 clusters → 2"))
                .body(containsString("0 splits, 1 join, 0 new names"))
                .body(containsString(path + "/clusters/" + one.cluster()))
                .body(containsString(path + "/clusters/" + other.cluster()));
        post("/rules/preview", typed(0, "skip", "no_such_function"))
                .body(containsString("Nothing would change among the newest 3 crashes."));

        assertThat(rules.of(project.id())).isEqualTo(ProjectRules.NONE);
    }

    @Test
    void aPatternThatCanNotBeReadIsToldBesideItsFieldAndTheFormIsKept() {
        post("/rules/preview", typed(0, "sentinel", "f("))
                .statusCode(200)
                .body(containsString("function is no regular expression: Unclosed group"))
                .body(containsString("value=\"f(\""));
        post("/rules", and(and(typed(0, "sentinel", "f"), "file", "["), "because", "why not"))
                .statusCode(400)
                .body(containsString("file is no regular expression: Unclosed character class"))
                .body(containsString("value=\"sentinel\" checked"))
                .body(containsString("value=\"why not\""));
        post("/rules", typed(0, "outside", ""))
                .statusCode(400)
                .body(containsString("a rule has a pattern for function, file or module"))
                .body(containsString("class is one of"));

        assertThat(rules.of(project.id())).isEqualTo(ProjectRules.NONE);
    }

    @Test
    void aRuleIsNotSavedOverWhatSomebodyElseChangedMeanwhile() {
        saved(skip("theirs", "a"));

        String again = post("/rules", and(typed(0, "base", "b"), "because", "threads begin here"))
                .statusCode(409)
                .body(containsString("they are at version 1, you saw version 0"))
                .body(containsString("value=\"threads begin here\""))
                .body(containsString("value=\"base\" checked"))
                .extract()
                .asString();
        assertThat(ids()).containsExactly("theirs");

        assertThat(again).contains("name=\"version\" value=\"1\"");
        post("/rules", typed(1, "base", "b")).statusCode(303);
        assertThat(ids()).containsExactly("base-b", "theirs");
    }

    @Test
    void aRuleThatIsGoneMeanwhileIsSavedAsANewOne() {
        saved(skip("mine", "a"));
        saved();

        String again = post("/rules", and(typed(1, "skip", "a|b"), "of", "mine"))
                .statusCode(409)
                .body(containsString("This rule is gone; saving adds it as a new one."))
                .extract()
                .asString();

        assertThat(again).contains("name=\"of\" value=\"\"");
    }

    @Test
    void aRuleIsChangedInItsPlace() {
        saved(skip("first", "a"), skip("second", "b"));
        get(path + "/rules/edit?rule=second").statusCode(200).body(containsString("<h1>Rule second</h1>"));

        post("/rules", and(and(typed(1, "prefix", "b.*"), "of", "second"), "id", "renamed"))
                .statusCode(303);
        post("/rules", and(and(typed(2, "prefix", "b.*"), "of", "renamed"), "id", "first"))
                .statusCode(400)
                .body(containsString("another rule has the id &quot;first&quot;"));

        assertThat(ids()).containsExactly("first", "renamed");
        assertThat(rules.of(project.id()).rules().getLast().part()).isEqualTo(FramePart.PREFIX);
    }

    @Test
    void aPatternThatAnotherRuleHasIsSaid() {
        saved(skip("locks", "take_lock"));

        get(path + "/rules/new?function=take_lock")
                .body(containsString(">locks</a> has this pattern already: Skip it."));
        get(path + "/rules/edit?rule=locks").body(not(containsString("has this pattern already")));
        post("/rules", typed(1, "skip", "take_lock")).statusCode(303);
        post("/rules", typed(2, "skip", "take_lock")).statusCode(303);

        assertThat(ids()).containsExactly("skip-take_lock-2", "skip-take_lock", "locks");
    }

    @Test
    void rulesAreMovedAndDeletedUnlessSomebodyElseWasFaster() {
        saved(skip("a", "a"), skip("b", "b"), skip("c", "c"));

        post("/rules/move", Map.of("version", "1", "rule", "c", "earlier", "true"))
                .statusCode(303);
        assertThat(ids()).containsExactly("a", "c", "b");
        post("/rules/move", Map.of("version", "2", "rule", "a", "earlier", "false"))
                .statusCode(303);
        assertThat(ids()).containsExactly("c", "a", "b");
        post("/rules/delete", Map.of("version", "2", "rule", "b"))
                .statusCode(409)
                .body(containsString("Somebody else changed the rules meanwhile, so nothing was done."));
        post("/rules/delete", Map.of("version", "3", "rule", "b")).statusCode(303);
        post("/rules/delete", Map.of("version", "4", "rule", "b")).statusCode(404);

        assertThat(ids()).containsExactly("c", "a");
    }

    @Test
    void theRulesThatComeWithTheServiceAreShownPackByPack() {
        get(path + "/rules")
                .statusCode(200)
                .body(containsString("None yet."))
                .body(containsString("<summary><span>freertos</span>"))
                .body(containsString("c++/throw"))
                .body(containsString("the exception was thrown by its caller"))
                .body(containsString("href=\"" + path + "/regroups\""));
        get(path + "/regroups").body(containsString("href=\"" + path + "/rules\""));
        get(path + "/rules/edit?rule=none").statusCode(404).body(containsString("No rule has the id"));
    }
}
