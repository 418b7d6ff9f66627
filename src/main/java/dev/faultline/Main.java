package dev.faultline;

import dev.faultline.access.Exposure;
import dev.faultline.ops.EmbeddedPostgres;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Starts the embedded database first, unless a JDBC URL names a server of one's own. */
@QuarkusMain
public class Main {
    private static final Logger LOG = Logger.getLogger(Main.class);
    private static final String URL = "quarkus.datasource.jdbc.url";
    private static final int EXIT_CONFIGURATION = 2;
    private static final int SHUTDOWN_SECONDS = 20;

    public static void main(String... args) throws IOException, InterruptedException {
        Optional<String> objection = Exposure.objection(ConfigProvider.getConfig());
        if (objection.isPresent()) {
            System.err.println(objection.get());
            System.exit(EXIT_CONFIGURATION);
        }
        if (ConfigProvider.getConfig().getOptionalValue(URL, String.class).isPresent()) {
            Quarkus.run(args);
            return;
        }
        String dataDirectory = ConfigProvider.getConfig().getValue("faultline.data-dir", String.class);
        var postgres = EmbeddedPostgres.start(Path.of(dataDirectory).resolve("pg"));
        postgres.keepRunning();
        System.setProperty("faultline.embedded-database", "true");
        System.setProperty(URL, postgres.jdbcUrl());
        System.setProperty("quarkus.datasource.username", postgres.user());
        System.setProperty("quarkus.datasource.password", postgres.password());

        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAfter(stopped, postgres), "stop-postgres"));
        int[] exit = {0};
        // a handler of our own: the default one calls System.exit, which would wait for the hook above
        Quarkus.run(
                null,
                (code, error) -> {
                    if (error != null) {
                        LOG.error("the service ended", error);
                    }
                    exit[0] = error != null && code == 0 ? 1 : code;
                    stopped.countDown();
                },
                args);
        if (exit[0] != 0) {
            System.exit(exit[0]);
        }
    }

    private static void stopAfter(CountDownLatch serviceStopped, EmbeddedPostgres postgres) {
        try {
            if (!serviceStopped.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the service is still stopping; the database stops now");
            }
            postgres.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("the embedded database did not stop", e);
        }
    }
}
