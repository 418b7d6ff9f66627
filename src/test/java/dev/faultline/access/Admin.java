package dev.faultline.access;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** The admin of a test: holds the secret that the service left in its data directory. */
public final class Admin {

    private Admin() {}

    static Path file() {
        return Path.of(ConfigProvider.getConfig().getValue("faultline.data-dir", String.class))
                .resolve("admin-token");
    }

    /** A request with everything allowed. */
    public static RequestSpecification admin() {
        try {
            return bearer(Files.readString(file()).strip());
        } catch (IOException e) {
            throw new IllegalStateException("the service left no admin token", e);
        }
    }

    public static RequestSpecification bearer(String secret) {
        return given().header("Authorization", "Bearer " + secret).redirects().follow(false);
    }

    /** The answer to making an API token. */
    static JsonPath token(@Nullable String project, Set<String> scopes) {
        Map<String, Object> wanted = new HashMap<>(Map.of("label", "a test's", "scopes", List.copyOf(scopes)));
        if (project != null) {
            wanted.put("project", project);
        }
        return made("/api/v1/tokens", wanted);
    }

    /** Makes something, which succeeds. */
    static JsonPath made(String path, Map<String, ?> wanted) {
        return admin().contentType(ContentType.JSON)
                .body(wanted)
                .post(path)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }
}
