package dev.faultline.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.faultline.Fixtures;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A person at the pages: real firmware crashes, sent through the API, looked at in a real browser. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowsingTest {
    private static final String API = "/api/v1/projects/default";
    private static final String SOFTWARE = "browsed-fw";
    private static final String BUILD = "main-fw-1.0.0-rev-a";
    private static final Path SCREENSHOTS =
            Path.of("../target/screenshots").toAbsolutePath().normalize();

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI base;

    private @Nullable Chromium browser;

    @BeforeAll
    void launch() {
        browser = Chromium.launch();
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void fromTheListToTheFunctionThatCrashedByKeysAlone() throws Exception {
        send(BUILD + "-unsolicited-ack", "browsed-1");
        send(BUILD + "-zero-interval", "browsed-2");
        upload(BUILD);
        Chromium chromium = Objects.requireNonNull(browser);
        Page page = chromium.page(base.toString(), 1440, 900);

        page.navigate("/");
        assertThat(page).hasURL(Pattern.compile("/projects/default/clusters$"));
        page.keyboard().press("/");
        assertThat(page.getByLabel("Search", new Page.GetByLabelOptions().setExact(true)))
                .isFocused();
        page.getByLabel("Reason").selectOption("div0");
        assertThat(page).hasURL(Pattern.compile("reason=div0"));
        assertThat(page.locator("#results tbody tr")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("browsing-list.png")));

        page.keyboard().press("Escape");
        page.locator("h1").click();
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("/clusters/C-[0-9]+$"));
        assertThat(page.locator("h1")).not().isEmpty();
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve("browsing-cluster.png")));

        Locator newest = page.locator(".crashes a[data-open]").first();
        newest.click();
        assertThat(page).hasURL(Pattern.compile("/crashes/[0-9a-f-]{36}$"));
        assertThat(page.locator(".frame .function").first()).not().isEmpty();
        assertThat(page.locator("h1")).containsText(Pattern.compile("zero|divi", Pattern.CASE_INSENSITIVE));
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve("browsing-crash.png")));

        Locator variables = page.locator(".variables").first();
        assertThat(variables.locator("table")).isVisible();
        variables.locator("summary").focus();
        page.keyboard().press("Enter");
        assertThat(variables.locator("table")).isHidden();

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Raw"))
                .click();
        assertThat(page.locator("#stack-text")).isVisible();
        page.reload();
        assertThat(page.locator("#stack-text")).isVisible();

        page.locator("body").press("?");
        assertThat(page.locator("#help")).isVisible();
        page.keyboard().press("Escape");
        page.keyboard().press("g");
        page.keyboard().press("s");
        assertThat(page).hasURL(Pattern.compile("/symbols$"));
        assertThat(page.locator("main")).containsText(SOFTWARE + " 1.0.0");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("browsing-symbols.png")));
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void aChosenThemeSticks() {
        Chromium chromium = Objects.requireNonNull(browser);
        Page page = chromium.page(base.toString(), 1000, 700);
        page.navigate("/projects/default/symbols");
        page.getByLabel("Switch between light and dark").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.navigate("/projects/default/compare");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    }

    @Test
    void aCrashWithoutSymbolsTellsTheCommandThatUploadsThem() throws Exception {
        String crash = send("main-fw-1.2.1-rc1-rev-b-odd-offset", "browsed-3");
        Chromium chromium = Objects.requireNonNull(browser);
        Page page = chromium.page(base.toString(), 1440, 900);
        page.navigate("/projects/default/crashes/" + crash);
        assertThat(page.locator(".notice h2").first()).hasText("Needs symbols");
        assertThat(page.locator(".command code").first()).containsText("symbols upload");
        page.navigate("/projects/default/symbols");
        assertThat(page.locator("#missing-title")).isVisible();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void aFrameBecomesARuleByKeysAndShowsWhatItWouldChangeBeforeItIsSaved() throws Exception {
        upload(BUILD);
        String crash = send(BUILD + "-zero-interval", "browsed-4");
        Chromium chromium = Objects.requireNonNull(browser);
        Page page = chromium.page(base.toString(), 1440, 900);
        page.navigate("/projects/default/crashes/" + crash);
        Locator toRule = page.locator(".frame .rule-link").first();
        assertThat(toRule).hasCSS("opacity", "0");
        toRule.focus();
        assertThat(toRule).hasCSS("opacity", "1");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("/rules/new\\?function="));
        assertThat(page.locator("#preview")).containsText("the newest");
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve("browsing-rule.png")));

        Locator function = page.locator("input[name=function]");
        function.fill("f(");
        assertThat(page.locator("#error-function")).containsText("Unclosed group");
        assertThat(page.locator("#preview")).not().containsText("the newest");
        function.fill("no_such_function");
        assertThat(page.locator("#preview")).containsText("Nothing would change among the newest");
        assertThat(page.locator("#error-function")).isEmpty();
        page.getByLabel("Base: everything below it goes").check();
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Save").setExact(true))
                .click();

        assertThat(page.locator("[aria-label=Saved]")).containsText("these are the rules of version");
        assertThat(page.locator(".rules").first()).containsText("base-no_such_function");
        page.getByLabel("Delete base-no_such_function").click();
        assertThat(page.locator("main")).not().containsText("base-no_such_function");
        assertThat(chromium.complaints()).isEmpty();
    }

    private static void upload(String build) throws IOException {
        given().contentType("application/octet-stream")
                .queryParam("software", SOFTWARE)
                .queryParam("version", "1.0.0")
                .body(Fixtures.elf(build))
                .post(API + "/symbols")
                .then()
                .statusCode(org.hamcrest.Matchers.anyOf(org.hamcrest.Matchers.is(200), org.hamcrest.Matchers.is(201)));
    }

    /** Sends a coredump and waits until it is read; answers its id. */
    private static String send(String name, String device) throws IOException, InterruptedException {
        String crash = given().contentType("application/octet-stream")
                .queryParam("device", device)
                .body(Fixtures.coredump(name))
                .post(API + "/crashes")
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
        Instant patience = Instant.now().plus(Duration.ofSeconds(30));
        while (RestAssured.get(API + "/crashes/" + crash).path("state").equals("queued")) {
            assertThat(Instant.now()).as("time until %s is read", crash).isBefore(patience);
            Thread.sleep(100);
        }
        return crash;
    }
}
