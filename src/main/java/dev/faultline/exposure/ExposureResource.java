package dev.faultline.exposure;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;

/** Hours of operation and metrics of a part of a fleet. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ExposureResource {
    private final Projects projects;
    private final Exposures exposures;
    private final Metrics metrics;
    private final Clock clock = Clock.systemUTC();

    ExposureResource(Projects projects, Exposures exposures, Metrics metrics) {
        this.projects = projects;
        this.exposures = exposures;
        this.metrics = metrics;
    }

    /** Device-hours from the best source there is; the answer says which. */
    @GET
    @Path("exposure")
    @PermissionsAllowed(Scope.READ)
    public Exposure exposure(@PathParam("project") String project, @BeanParam FleetPart part) {
        return exposures.of(projects.named(project).id(), part, clock.instant());
    }

    /** What heartbeats measured. */
    @GET
    @Path("metrics")
    @PermissionsAllowed(Scope.READ)
    public Page<Metric> metrics(@PathParam("project") String project, @BeanParam FleetPart part) {
        return new Page<>(metrics.of(projects.named(project).id(), part, clock.instant()), null);
    }
}
