package dev.faultline.fleet;

import dev.faultline.access.Actor;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Software types over HTTP. */
@Path("/api/v1/projects/{project}/software")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SoftwareResource {
    private final SoftwareTypes types;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    SoftwareResource(SoftwareTypes types, Projects projects) {
        this.types = types;
        this.projects = projects;
    }

    /** What is declared of a software type: {@code semver}, {@code date}, {@code natural} or {@code none}. */
    public record Declaration(@Nullable String scheme) {}

    /** Software types that have releases or a scheme, by name. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<SoftwareType> list(@PathParam("project") String project) {
        return new Page<>(types.list(projects.named(project).id()), null);
    }

    /** One software type; without a declaration its scheme is {@code none}. */
    @GET
    @Path("{software}")
    @PermissionsAllowed(Scope.READ)
    public SoftwareType software(@PathParam("project") String project, @PathParam("software") String software) {
        return types.of(projects.named(project).id(), software);
    }

    /** Every scheme that was declared of it, the last first. */
    @GET
    @Path("{software}/schemes")
    @PermissionsAllowed(Scope.READ)
    public Page<SoftwareType> schemes(@PathParam("project") String project, @PathParam("software") String software) {
        return new Page<>(types.revisions(projects.named(project).id(), software), null);
    }

    @PUT
    @Path("{software}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Declare how versions are ordered",
            description =
                    "Asked only where the graph of releases says nothing, and within one branch only. Every change is a"
                            + " revision of its own; what was decided says which revision decided it.")
    public SoftwareType declare(
            @PathParam("project") String project,
            @PathParam("software") String software,
            @Nullable Declaration declaration,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        if (declaration == null) {
            throw Problem.badRequest("body-missing", "a scheme is declared with a JSON body: {\"scheme\":\"semver\"}");
        }
        return types.declare(
                projects.named(project), software, declaration.scheme(), Actor.of(identity, request, clock.instant()));
    }
}
