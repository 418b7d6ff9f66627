package dev.faultline.web;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.Crashes;
import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fleet.Registration;
import dev.faultline.fleet.Releases;
import dev.faultline.heartbeat.Beats;
import dev.faultline.heartbeat.Beats.Beat;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages about releases, gates and devices, as a project fills them. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class FleetPagesTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Inject
    Crashes crashes;

    @Inject
    Beats beats;

    @Inject
    Releases releases;

    private TestProject project;
    private String base = "";

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
        base = "/projects/" + project.name() + "/";
    }

    private void register(String version, @Nullable String parent) {
        releases.register(project.id(), new Registration(version, "main-fw", null, parent, null, null, null), now);
    }

    /** Twelve devices, each on its release for three days. */
    private void fleet() {
        register("1.0", null);
        register("1.1", "1.0");
        List<Beat> words = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            for (int hour = 72; hour >= 1; hour -= 12) {
                words.add(new Beat(
                        "SN-%02d".formatted(i),
                        i < 3 && hour < 30 ? "1.1" : "1.0",
                        now.minus(Duration.ofHours(hour)),
                        i % 2 == 0 ? "rev-a" : "rev-b",
                        "beta"));
            }
        }
        beats.arrive(project.id(), words);
    }

    private String page(String path) {
        return given().accept("text/html")
                .get(base + path)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private int asked() {
        return given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", "1.1"))
                .post("/api/v1/projects/" + project.name() + "/gates/default/evaluate")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void emptyPagesTellTheNextCommand() {
        assertThat(page("releases")).contains("./faultline releases register");
        assertThat(page("gates")).contains("./faultline gate");
        assertThat(page("gates/beta")).contains("Nobody asked this gate yet").contains("previous-stable");
        assertThat(page("devices")).contains("./faultline crash upload");
    }

    @Test
    void releasesShowSharesCurvesPlacesAndVerdicts() {
        fleet();
        asked();
        String html = page("releases");
        assertThat(html)
                .contains("<svg class=\"linechart\"")
                .contains("Share of active devices by release")
                .contains("rev-a · beta")
                .contains("INSUFFICIENT")
                .contains("not asked")
                .contains("/projects/" + project.name() + "/devices?software=main-fw&amp;version=1.1");
        assertThat(html.indexOf("<th scope=\"row\">1.1")).isLessThan(html.indexOf("<th scope=\"row\">1.0"));
    }

    @Test
    void aRunShowsItsRulesWhatItStandsOnAndItsHistory() {
        fleet();
        asked();
        int run = asked();
        assertThat(page("gates/default/runs/" + run))
                .contains("Too little is known")
                .contains("min soak hours")
                .contains("Device-hours from")
                .contains("heartbeats")
                .contains("Evidence of a higher crash rate in 2 runs")
                .contains("minDevices: 50");
        assertThat(page("gates")).contains(">1.1<");
        assertThat(page("gates/default")).contains("/gates/default/runs/" + run);
        given().get(base + "gates/default/runs/999999999").then().statusCode(404);
        given().get(base + "gates/default/runs/x").then().statusCode(404);
    }

    @Test
    void aPersonLetsAReleasePassWithAReason() {
        fleet();
        int run = asked();
        given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .formParam("because", "A lab\nrelease")
                .post(base + "gates/default/runs/" + run + "/override")
                .then()
                .statusCode(303)
                .header("Location", org.hamcrest.Matchers.endsWith("/gates/default/runs/" + run));
        assertThat(page("gates/default/runs/" + run))
                .contains("let it pass")
                .contains("A lab release")
                .doesNotContain("Override the verdict");
        given().contentType("application/x-www-form-urlencoded")
                .formParam("because", "")
                .post(base + "gates/default/runs/" + run + "/override")
                .then()
                .statusCode(400);
    }

    @Test
    void devicesAreFoundByNameReleaseAndFinding() {
        fleet();
        assertThat(page("devices?name=SN-0")).contains("SN-09").doesNotContain("SN-10");
        assertThat(page("devices?software=main-fw&version=1.1"))
                .contains("SN-02")
                .doesNotContain("SN-03");
        assertThat(page("devices?hardware=rev-b")).contains("SN-01").doesNotContain("SN-02");
        assertThat(page("devices?finding=crash-loop&software=main-fw")).contains("No device is like that");
        given().get(base + "devices?finding=nothing").then().statusCode(400);
        given().get("/api/v1/projects/" + project.name() + "/devices?version=1.1&cohort=beta")
                .then()
                .body("items.name", org.hamcrest.Matchers.equalTo(List.of("SN-00", "SN-01", "SN-02")));
    }

    @Test
    void aDeviceShowsWhatItRanAndItsCrashes() throws SQLException {
        fleet();
        crashes.crash(project.id(), stack("a").of("SN-01", "rev-b").release("1.1", "1.1"), now);
        given().body("""
                        {"device": "SN-01", "software": "main-fw", "version": "1.1", "boot": "z", "sequence": 1,
                        "interval": 3600, "reboots": {"watchdog": 2}, "attributes": {"region": "<north>"}, "metrics": {"heap": 7}}
                        """)
                .post("/api/v1/projects/" + project.name() + "/heartbeats")
                .then()
                .statusCode(202);
        assertThat(page("devices/SN-01"))
                .contains("main-fw 1.1")
                .contains(">1.0<")
                .contains("watchdog × 2")
                .contains(">crash<")
                .contains("&lt;north&gt;")
                .contains("heap");
        given().get(base + "devices/SN-99").then().statusCode(404);
    }

    @Test
    void aDeviceWithASlashInItsNameHasAPage() {
        beats.arrive(project.id(), List.of(new Beat("site/7 a", "1.0", now.minus(Duration.ofHours(1)), "rev-a", "")));
        String list = page("devices");
        assertThat(list).contains("href=\"" + base + "devices/site%2F7%20a\"");
        given().urlEncodingEnabled(false)
                .get(base + "devices/site%2F7%20a")
                .then()
                .statusCode(200)
                .body(org.hamcrest.Matchers.containsString("site/7 a"));
    }
}
