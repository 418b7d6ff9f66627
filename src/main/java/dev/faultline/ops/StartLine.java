package dev.faultline.ops;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says where to look. */
@ApplicationScoped
class StartLine {
    private static final Logger LOG = Logger.getLogger(StartLine.class);

    /** After every other observer. */
    private static final int LAST = 10_000;

    private final DataDirectory directory;
    private final String host;
    private final int port;

    StartLine(
            DataDirectory directory,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.directory = directory;
        this.host = host;
        this.port = port;
    }

    void say(@Observes @Priority(LAST) StartupEvent event) {
        LOG.infof("Faultline is at http://%s:%d and keeps its data in %s", host, port, directory.path());
    }
}
