package dev.faultline.triage;

import dev.faultline.access.Actor;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** What people say of clusters, over HTTP. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TriageResource {
    private final Triage triage;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    TriageResource(Triage triage, Projects projects) {
        this.triage = triage;
        this.projects = projects;
    }

    @PATCH
    @Path("clusters/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Name, open, resolve, mute or assign a cluster, or link its ticket",
            description = "Members that are left out stay as they are; empty texts take theirs away.")
    @APIResponse(responseCode = "204", description = "changed")
    public void change(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @Nullable TriageChange change,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        if (change == null) {
            throw Problem.badRequest("body-missing", "what changes is a JSON body: {\"state\":\"resolved\"}");
        }
        triage.change(found, ClusterId.parse(id), change, Actor.of(identity, request, clock.instant()));
    }

    /** What somebody says; lines end with a line feed. */
    public record Comment(@Nullable String text) {}

    @POST
    @Path("clusters/{id}/comments")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Comment on a cluster")
    @APIResponse(responseCode = "204", description = "kept")
    public void comment(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @Nullable Comment comment,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        triage.comment(
                projects.named(project),
                ClusterId.parse(id),
                comment == null ? null : comment.text,
                Actor.of(identity, request, clock.instant()));
    }

    @GET
    @Path("clusters/{id}/activity")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List what happened to a cluster and to those merged into it, newest first")
    public Page<ActivityEntry> activity(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        return triage.activity(projects.named(project), ClusterId.parse(id), after, Page.size(limit));
    }
}
