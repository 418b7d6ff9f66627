package dev.faultline.similarity;

import dev.faultline.access.Actor;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterEdit;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Similar clusters over HTTP. To merge one, merge it. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SimilarResource {
    private final Similarities similarities;
    private final ClusterEdits edits;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    SimilarResource(Similarities similarities, ClusterEdits edits, Projects projects) {
        this.similarities = similarities;
        this.edits = edits;
        this.projects = projects;
    }

    /** What a project may choose. */
    public record Choice(@Nullable Boolean autoJoin) {}

    @GET
    @Path("clusters/{id}/similar")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List clusters that may be the same, both stacks side by side, the likest first")
    public Page<Similar> similar(@PathParam("project") String project, @PathParam("id") String id) {
        return new Page<>(similarities.of(projects.named(project), ClusterId.parse(id)), null);
    }

    @POST
    @Path("clusters/{id}/similar/{other}/never")
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Say that two clusters are not the same: nothing joins or suggests them again")
    public ClusterEdit never(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @PathParam("other") String other,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return edits.keepApart(
                projects.named(project),
                ClusterId.parse(id),
                ClusterId.parse(other),
                Actor.of(identity, request, clock.instant()));
    }

    @GET
    @Path("similarity")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "How clusters are compared")
    public SimilaritySettings settings(@PathParam("project") String project) {
        return similarities.settings(projects.named(project));
    }

    @PUT
    @Path("similarity")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Whether new clusters that are very much like another one join it without asking")
    public SimilaritySettings choose(
            @PathParam("project") String project,
            @Nullable Choice choice,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        if (choice == null || choice.autoJoin == null) {
            throw Problem.badRequest("bad-auto-join", "autoJoin is missing: true or false");
        }
        return similarities.autoJoin(found, choice.autoJoin, Actor.of(identity, request, clock.instant()));
    }
}
