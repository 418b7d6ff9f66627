package dev.faultline.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the data directory answers. A full disk is said, but leaves the service ready: it answers uploads with 503 and a
 * time to come again, and people can still read.
 */
@Readiness
@ApplicationScoped
class DiskHealth implements HealthCheck {
    private final DataDirectory directory;

    DiskHealth(DataDirectory directory) {
        this.directory = directory;
    }

    @Override
    public HealthCheckResponse call() {
        var now = Instant.now();
        return HealthCheckResponse.named("data directory")
                .up()
                .withData("freeBytes", directory.free(now))
                .withData("takesUploads", directory.hasRoom(now))
                .build();
    }
}
