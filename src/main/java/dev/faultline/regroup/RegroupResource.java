package dev.faultline.regroup;

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
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Regroup jobs over HTTP. */
@Path("/api/v1/projects/{project}/regroups")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RegroupResource {
    private final Regroups regroups;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    RegroupResource(Regroups regroups, Projects projects) {
        this.regroups = regroups;
        this.projects = projects;
    }

    /** Whether to tell only what would change. */
    public record Wish(@Nullable Boolean dryRun) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Group all crashes again by the rules as they are",
            description = "A job, one a project at a time; dryRun tells what it would change and changes nothing.")
    @APIResponse(
            responseCode = "202",
            description = "the job",
            content = @Content(schema = @Schema(implementation = Regroup.class)))
    public Response ask(
            @PathParam("project") String project,
            @Nullable Wish wish,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request,
            @Context UriInfo address) {
        var found = projects.named(project);
        if (wish == null || wish.dryRun == null) {
            throw Problem.badRequest("bad-dry-run", "dryRun is missing: {\"dryRun\":true} tells, false changes");
        }
        Regroup job = regroups.ask(found, wish.dryRun, Actor.of(identity, request, clock.instant()));
        return Response.accepted(job)
                .location(address.getAbsolutePathBuilder()
                        .path(Long.toString(job.id()))
                        .build())
                .build();
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List the regroup jobs, newest first")
    public Page<Regroup> list(
            @PathParam("project") String project,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @DefaultValue("9223372036854775807") long after) {
        return regroups.list(projects.named(project), after, Page.size(limit));
    }

    @GET
    @Path("{id}")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "One regroup job: how far it is, and its counts")
    public Regroup job(@PathParam("project") String project, @PathParam("id") long id) {
        return regroups.job(projects.named(project), id);
    }

    @GET
    @Path("{id}/changes")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List what a regroup job changes or would change: splits, joins, new names")
    public Page<Regroup.Change> changes(
            @PathParam("project") String project,
            @PathParam("id") long id,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @DefaultValue("0") int after) {
        return regroups.changes(projects.named(project), id, after, Page.size(limit));
    }
}
