package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every page with everything on it, in a real browser with the real stylesheet and scripts, under the strictest content
 * security policy. Screenshots stay in {@code target/screenshots} for people to look at.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageLooksTest {
    private static final String POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'";
    private static final Path SCREENSHOTS =
            Path.of("../target/screenshots").toAbsolutePath().normalize();

    /** Text whose contrast with what is behind it is below 4.5 (WCAG 2.2, 1.4.3), with the contrast it has. */
    private static final String TOO_FAINT = """
            () => {
              const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
              const rgba = colour => {
                canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
              };
              const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] / 255 + below[i] * (1 - top[3] / 255)).concat(255);
              const behind = element => {
                if (!element) { return [255, 255, 255, 255]; }
                const own = rgba(getComputedStyle(element).backgroundColor);
                return own[3] === 255 ? own : over(own, behind(element.parentElement));
              };
              const light = colour => {
                const [r, g, b] = colour.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const found = [];
              for (const element of document.body.querySelectorAll('*')) {
                const text = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join('');
                if (!text || element.closest('svg, [hidden], dialog:not([open]), .hidden-visually') || !element.checkVisibility({visibilityProperty: true})) { continue; }
                const below = behind(element), ink = over(rgba(getComputedStyle(element).color), below);
                const [a, b] = [light(ink), light(below)].sort((x, y) => y - x);
                const contrast = (a + 0.05) / (b + 0.05);
                if (contrast < 4.5) { found.push(`${element.tagName}.${element.className} "${text.slice(0, 30)}" ${contrast.toFixed(2)}`); }
              }
              return found;
            }
            """;

    /** What a screen reader would stumble over. */
    private static final String STUMBLES = """
            () => {
              const found = [], all = selector => [...document.querySelectorAll(selector)];
              const say = (what, element) => found.push(what + ': ' + element.outerHTML.slice(0, 120));
              if (all('h1').length !== 1) { found.push(all('h1').length + ' h1'); }
              let level = 0;
              for (const heading of all('main h1, main h2, main h3')) {
                const own = Number(heading.tagName[1]);
                if (own > level + 1) { say('skipped a level', heading); }
                level = own;
              }
              if (!document.documentElement.lang || !document.title) { found.push('no language or title'); }
              if (all('main').length !== 1) { found.push('no main'); }
              if (!document.querySelector('a.skip[href="#main"]')) { found.push('no skip link'); }
              all('nav').filter(e => !e.ariaLabel).forEach(e => say('nameless navigation', e));
              all('table').filter(e => !e.caption).forEach(e => say('table without caption', e));
              all('th').filter(e => !e.scope).forEach(e => say('header of nothing', e));
              all('input:not([type=hidden]), select').filter(e => !e.ariaLabel && !e.closest('label')).forEach(e => say('field without label', e));
              all('button, a').filter(e => !e.textContent.trim() && !e.ariaLabel).forEach(e => say('nameless control', e));
              all('svg').filter(e => !e.closest('[aria-hidden=true]') && !(e.getAttribute('role') === 'img' && e.getAttribute('aria-label'))).forEach(e => say('nameless drawing', e));
              const ids = all('[id]').map(e => e.id);
              ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => found.push('two elements are ' + id));
              all('[aria-labelledby]').filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))).forEach(e => say('label is missing', e));
              return found;
            }
            """;

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

    private Chromium chromium() {
        return Objects.requireNonNull(browser);
    }

    @Test
    void everyPageIsReadableInLightAndDarkOnScreensLargeAndSmall() {
        var faults = new ArrayList<String>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1280, 390)) {
                var context = new Browser.NewContextOptions()
                        .setBaseURL(base.toString())
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme);
                String look = (scheme == ColorScheme.DARK ? "dark" : "light") + "-" + width;
                visit(context, (name, page) -> {
                    for (String check : List.of(TOO_FAINT, STUMBLES)) {
                        strings(page.evaluate(check)).forEach(fault -> faults.add(name + " " + look + ": " + fault));
                    }
                    Number beyond = (Number) page.evaluate(
                            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
                    if (beyond.intValue() > 0) {
                        faults.add(name + " " + look + ": " + beyond + " pixels wider than the screen");
                    }
                    page.screenshot(new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(SCREENSHOTS.resolve(name + "-" + look + ".png")));
                });
            }
        }
        assertThat(faults).isEmpty();
        assertThat(chromium().complaints()).isEmpty();
    }

    @Test
    void textFromDevicesAndFilesStaysText() {
        visit(new Browser.NewContextOptions().setBaseURL(base.toString()), (name, page) -> {
            assertThat(page.title()).as(name).endsWith("Faultline");
            assertThat(page.locator("main script, main img").count()).as(name).isZero();
            if (!List.of("clusters-empty", "crash-needs-symbols", "rules-none").contains(name)) {
                assertThat(page.content()).as(name).contains("&lt;script&gt;");
            }
        });
    }

    private void visit(Browser.NewContextOptions options, BiConsumer<String, Page> look) {
        Page page = chromium().page(options);
        SamplePages.all().forEach((name, sample) -> {
            String html = sample.render();
            page.route(
                    "**/sample/" + name,
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setBody(html)
                            .setHeaders(Map.of(
                                    "content-type", "text/html; charset=utf-8", "content-security-policy", POLICY))));
            page.navigate("/sample/" + name);
            look.accept(name, page);
        });
        page.context().close();
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }
}
