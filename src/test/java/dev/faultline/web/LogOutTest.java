package dev.faultline.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.faultline.access.Admin;
import dev.faultline.access.AuthenticationOn;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Log-in and log-out as people do them: with the form that every page brings, in a browser. */
@QuarkusTest
@TestProfile(AuthenticationOn.class)
@QuarkusTestResource(PostgresResource.class)
class LogOutTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Pattern LOGIN = Pattern.compile("/login(\\?.*)?$");

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI base;

    @Test
    void everyPageHasALogOutThatWorks() {
        String reader = user("read");
        try (var chromium = Chromium.launch()) {
            Page page = chromium.page(base.toString(), 1280, 900);
            for (String path : List.of(
                    "/projects/default/clusters",
                    "/projects/default/crashes",
                    "/projects/default/symbols",
                    "/projects/default/compare",
                    "/projects/default/clusters/C-999999",
                    "/projects/no-such-project/clusters",
                    "/nowhere")) {
                logIn(page, reader, path);
                logOut(page);
                page.navigate("/projects/default/clusters");
                assertThat(page).hasURL(LOGIN);
            }
        }
    }

    @Test
    void whoMayNotReadIsToldSoOnAPageAndCanLeave() {
        String other = user("symbols");
        try (var chromium = Chromium.launch()) {
            Page page = chromium.page(base.toString(), 1280, 900);
            logIn(page, other, "/projects/default/clusters");
            assertThat(page.locator("h1")).hasText("Not for you yet");
            logOut(page);
        }
    }

    private static String user(String scope) {
        String name = scope + "-" + System.nanoTime();
        Admin.admin()
                .contentType("application/json")
                .body(Map.of("name", name, "password", PASSWORD, "scopes", List.of(scope)))
                .post("/api/v1/users")
                .then()
                .statusCode(201);
        return name;
    }

    /** Asks for a page as a stranger, logs in, and is on that page. */
    private static void logIn(Page page, String name, String path) {
        page.navigate(path);
        assertThat(page).hasURL(LOGIN);
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        page.getByRole(AriaRole.BUTTON).click();
        assertThat(URI.create(page.url()).getPath()).isEqualTo(path);
        assertThat(page.locator(".who")).containsText(name);
    }

    private static void logOut(Page page) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log out"))
                .click();
        assertThat(page).hasURL(LOGIN);
    }
}
