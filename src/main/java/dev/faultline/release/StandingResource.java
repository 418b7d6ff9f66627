package dev.faultline.release;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the gates of a project say now, for whoever rolls releases out and asks from time to time. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StandingResource {
    private final Gates gates;
    private final Projects projects;

    StandingResource(Gates gates, Projects projects) {
        this.gates = gates;
        this.projects = projects;
    }

    @GET
    @Path("gates")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What holds of each release by each gate, those asked last first; 500 at most")
    public Page<GateStanding> standings(@PathParam("project") String project) {
        return new Page<>(gates.standings(projects.named(project)), null);
    }
}
