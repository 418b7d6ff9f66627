package dev.faultline.access;

import dev.faultline.http.Page;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The projects of this service. */
@Path("/api/v1/projects")
@Tag(name = "access")
@RunOnVirtualThread
class ProjectResource {
    private final Projects projects;

    ProjectResource(Projects projects) {
        this.projects = projects;
    }

    /** A project to make. */
    record NewProject(@Nullable String name) {}

    /** A project as others see it. */
    record Named(String name) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Make a project")
    @APIResponse(responseCode = "201", description = "Made")
    public Response create(
            @Nullable NewProject asked, @Context SecurityIdentity identity, @Context HttpServerRequest request) {
        String name = asked == null || asked.name == null ? "" : asked.name;
        Project project = projects.create(name, Identities.caller(identity), Instant.now(), Addresses.of(request));
        return Response.created(URI.create("/api/v1/projects/" + project.name()))
                .entity(new Named(project.name()))
                .build();
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List projects", description = "A token of one project sees that one.")
    public Page<Named> list(
            @RestQuery @DefaultValue("") String after,
            @RestQuery @DefaultValue("100") @Min(1) @Max(Page.MOST) int limit,
            @Context SecurityIdentity identity) {
        Project only = Identities.caller(identity).project();
        if (only != null) {
            return new Page<>(List.of(new Named(only.name())), null);
        }
        List<Named> found = projects.after(after, limit).stream()
                .map(project -> new Named(project.name()))
                .toList();
        return new Page<>(found, found.size() < limit ? null : found.getLast().name());
    }
}
