package dev.faultline.fleet;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Releases over HTTP. */
@Path("/api/v1/projects/{project}/releases")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReleaseResource {
    private final Releases releases;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    ReleaseResource(Releases releases, Projects projects) {
        this.releases = releases;
        this.projects = projects;
    }

    /** The releases, those that became known last first. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<Release> list(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        return releases.list(projects.named(project).id(), software, Page.size(limit), after);
    }

    /** CI registers a release; again adds to what is known. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @APIResponse(
            responseCode = "201",
            description = "registered",
            content = @Content(schema = @Schema(implementation = Release.class)))
    @APIResponse(responseCode = "200", description = "known before; what is new was added")
    public Response register(@PathParam("project") String project, @Nullable Registration registration) {
        if (registration == null) {
            throw Problem.badRequest("body-missing", "a release is registered with a JSON body");
        }
        long projectId = projects.named(project).id();
        boolean unknown = releases.register(projectId, registration, clock.instant());
        Release release = releases.find(
                        projectId,
                        String.valueOf(registration.software()).strip(),
                        String.valueOf(registration.version()).strip())
                .orElseThrow(() -> new IllegalStateException("a release is gone right after it was registered"))
                .release();
        return Response.status(unknown ? 201 : 200).entity(release).build();
    }
}
