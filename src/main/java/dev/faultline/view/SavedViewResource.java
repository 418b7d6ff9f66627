package dev.faultline.view;

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
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Saved views over HTTP. */
@Path("/api/v1/projects/{project}/views")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SavedViewResource {
    private final SavedViews views;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    SavedViewResource(SavedViews views, Projects projects) {
        this.views = views;
        this.projects = projects;
    }

    /** All views of the project, by name. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<SavedView> list(@PathParam("project") String project) {
        return new Page<>(views.of(projects.named(project).id()), null);
    }

    /**
     * A view to be saved.
     *
     * @param query in the search language of clusters; absent: all of them
     * @param sort an order of the cluster list; absent: by impact
     */
    public record NewView(
            @Nullable String name,
            @Nullable String query,
            @Nullable String sort) {}

    /** Saves a view under a name that is free. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @APIResponse(
            responseCode = "201",
            description = "saved",
            content = @Content(schema = @Schema(implementation = SavedView.class)))
    @APIResponse(responseCode = "409", description = "the name is taken, or there are too many views")
    public Response save(
            @PathParam("project") String project,
            @Nullable NewView view,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        if (view == null) {
            throw Problem.badRequest("body-missing", "a view is a JSON body: {\"name\":…,\"query\":…,\"sort\":…}");
        }
        SavedView saved = views.save(
                projects.named(project),
                view.name(),
                view.query(),
                view.sort(),
                Actor.of(identity, request, clock.instant()));
        return Response.status(201).entity(saved).build();
    }

    /** Deletes a view. */
    @DELETE
    @Path("{view}")
    @PermissionsAllowed(Scope.WRITE)
    @APIResponse(responseCode = "204", description = "deleted")
    public void delete(
            @PathParam("project") String project,
            @PathParam("view") long view,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        views.delete(projects.named(project), view, Actor.of(identity, request, clock.instant()));
    }
}
