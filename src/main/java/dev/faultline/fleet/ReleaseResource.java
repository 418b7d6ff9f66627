package dev.faultline.fleet;

import dev.faultline.access.Actor;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.access.Texts;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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

    /** The releases that are not deleted: those that became known last first, or with {@code order=lineage} along the graph. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<Release> list(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("order") @DefaultValue("known") String order,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        long projectId = projects.named(project).id();
        return switch (order) {
            case "known" -> releases.list(projectId, software, Page.size(limit), after);
            case "lineage" -> {
                if (software == null) {
                    throw Problem.badRequest(
                            "parameter-missing", "order=lineage is of one software type: name it with software");
                }
                yield releases.inOrder(projectId, software, Page.size(limit), after);
            }
            default ->
                throw Problem.badRequest(
                        "bad-parameter", "order: found %s, wanted known or lineage", Texts.shown(order));
        };
    }

    /** One release, a deleted one too. */
    @GET
    @Path("{software}/{version}")
    @PermissionsAllowed(Scope.READ)
    public Release release(
            @PathParam("project") String project,
            @PathParam("software") String software,
            @PathParam("version") String version) {
        return releases.find(projects.named(project).id(), software, version)
                .orElseThrow(() -> Releases.notFound(software, version))
                .release();
    }

    /** Whether a release contains another one, and what decided that. */
    @GET
    @Path("{software}/{version}/containment")
    @PermissionsAllowed(Scope.READ)
    public Containment containment(
            @PathParam("project") String project,
            @PathParam("software") String software,
            @PathParam("version") String version,
            @QueryParam("of") @Nullable String other) {
        if (other == null || other.isBlank()) {
            throw Problem.badRequest("parameter-missing", "the parameter of is missing: the other release");
        }
        return releases.containment(projects.named(project).id(), software, version, other.strip());
    }

    /** Hides a release until it is registered again; its crashes and its place among the others stay. */
    @DELETE
    @Path("{software}/{version}")
    @PermissionsAllowed(Scope.WRITE)
    public void delete(
            @PathParam("project") String project,
            @PathParam("software") String software,
            @PathParam("version") String version,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        releases.delete(projects.named(project), software, version, Actor.of(identity, request, clock.instant()));
    }

    /** Corrects what a release was made from; what was decided before stays. */
    @PATCH
    @Path("{software}/{version}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.ADMIN)
    @APIResponse(
            responseCode = "200",
            description = "corrected",
            content = @Content(schema = @Schema(implementation = Release.class)))
    @APIResponse(responseCode = "404", description = "nobody registered it")
    @APIResponse(responseCode = "409", description = "it would close a circle")
    public Release correct(
            @PathParam("project") String project,
            @PathParam("software") String software,
            @PathParam("version") String version,
            @Nullable Correction correction,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        if (correction == null) {
            throw Problem.badRequest("body-missing", "a correction is {\"parents\":[\"2.3.0\"],\"because\":\"…\"}");
        }
        var found = projects.named(project);
        releases.correct(found, software, version, correction, Actor.of(identity, request, clock.instant()));
        return releases.find(found.id(), software, version)
                .orElseThrow(() -> Releases.notFound(software, version))
                .release();
    }

    /** CI registers a release; again adds to what is known, and can not change it. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @APIResponse(
            responseCode = "201",
            description = "registered",
            content = @Content(schema = @Schema(implementation = Release.class)))
    @APIResponse(responseCode = "200", description = "known before; what is new was added")
    @APIResponse(responseCode = "409", description = "registered differently before, or it would close a circle")
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
