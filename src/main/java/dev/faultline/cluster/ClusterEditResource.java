package dev.faultline.cluster;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Merge, split, move and undo over HTTP; each answers with the edit that it became. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClusterEditResource {
    private final ClusterEdits edits;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    ClusterEditResource(ClusterEdits edits, Projects projects) {
        this.edits = edits;
        this.projects = projects;
    }

    /** Clusters to merge into the one of the address. */
    public record Merge(@Nullable List<String> clusters) {}

    /** Variants of the cluster of the address, for a new one. */
    public record Split(@Nullable List<Long> variants) {}

    /** Variants of the cluster of the address, for another one. */
    public record Move(
            @Nullable List<Long> variants, @Nullable String to) {}

    @POST
    @Path("clusters/{id}/merge")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Merge clusters into this one, whose id, title and state stay")
    public ClusterEdit merge(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @Nullable Merge asked,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        ClusterId into = ClusterId.parse(id);
        List<String> clusters = given("clusters", asked == null ? null : asked.clusters);
        if (clusters.size() > ClusterEdits.MOST_CLUSTERS) {
            throw Problem.badRequest(
                    "bad-clusters", "clusters: found %d, wanted 1 to %d", clusters.size(), ClusterEdits.MOST_CLUSTERS);
        }
        List<ClusterId> ids = clusters.stream().map(ClusterId::parse).toList();
        return edits.merge(found, into, ids, Actor.of(identity, request, clock.instant()));
    }

    @POST
    @Path("clusters/{id}/split")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Split variants off into a new cluster")
    public ClusterEdit split(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @Nullable Split asked,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        ClusterId from = ClusterId.parse(id);
        List<Long> variants = given("variants", asked == null ? null : asked.variants);
        return edits.split(found, from, variants, Actor.of(identity, request, clock.instant()));
    }

    @POST
    @Path("clusters/{id}/move")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Move variants to another cluster")
    public ClusterEdit move(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @Nullable Move asked,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        ClusterId from = ClusterId.parse(id);
        List<Long> variants = given("variants", asked == null ? null : asked.variants);
        if (asked == null || asked.to == null) {
            throw Problem.badRequest("bad-to", "to is missing: the id of a cluster, such as C-12");
        }
        return edits.move(
                found, from, variants, ClusterId.parse(asked.to), Actor.of(identity, request, clock.instant()));
    }

    @POST
    @Path("cluster-edits/{edit}/unmerge")
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Take a merge apart for good",
            description = "The variants go back where they were; none is ever linked to the others by itself again.")
    public ClusterEdit unmerge(
            @PathParam("project") String project,
            @PathParam("edit") long edit,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return edits.unmerge(projects.named(project), edit, Actor.of(identity, request, clock.instant()));
    }

    @POST
    @Path("cluster-edits/{edit}/undo")
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Undo an edit, as if it had not been")
    public ClusterEdit undo(
            @PathParam("project") String project,
            @PathParam("edit") long edit,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return edits.undo(projects.named(project), edit, Actor.of(identity, request, clock.instant()));
    }

    private static <T> List<T> given(String name, @Nullable List<T> values) {
        if (values == null || values.stream().anyMatch(Objects::isNull)) {
            throw Problem.badRequest("bad-" + name, "%s is missing or has a null in it: a list of ids", name);
        }
        return values;
    }
}
