package dev.faultline.ops;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real, empty PostgreSQL and data directory for a test run: {@code @QuarkusTestResource(PostgresResource.class)}. */
public class PostgresResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedPostgres running;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Path.of("../target/test-data").toAbsolutePath().normalize();
            deleteAll(directory.resolve("blobs"));
            var postgres = EmbeddedPostgres.start(directory.resolve("pg"));
            running = postgres;
            return Map.of(
                    "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                    "quarkus.datasource.username", postgres.user(),
                    "quarkus.datasource.password", postgres.password(),
                    "quarkus.flyway.clean-at-start", "true",
                    "faultline.data-dir", directory.toString());
        } catch (IOException e) {
            throw new IllegalStateException("no database for the tests", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (running != null) {
                running.stop();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
