package dev.faultline.release;

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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Gates over HTTP: whether a release is safe. */
@Path("/api/v1/projects/{project}/gates/{gate}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class GateResource {
    private static final String YAML = "application/yaml";

    private final Gates gates;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    GateResource(Gates gates, Projects projects) {
        this.gates = gates;
        this.projects = projects;
    }

    @GET
    @Path("policy")
    @Produces(YAML)
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "The policy of a gate in full; the default one where the project wrote none")
    public String policy(@PathParam("project") String project, @PathParam("gate") String gate) {
        return gates.policy(projects.named(project), gate);
    }

    @PUT
    @Path("policy")
    @Consumes(YAML)
    @Produces(YAML)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Replace the policy of a gate; what it leaves out is as in the default one")
    public String save(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @Nullable String policy,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return gates.save(projects.named(project), gate, policy, Actor.of(identity, request, clock.instant()));
    }

    /**
     * Which release is asked about.
     *
     * @param baseline what it is compared with; left out: what the policy says
     */
    public record Question(
            @Nullable String software,
            @Nullable String candidate,
            @Nullable String baseline) {}

    @POST
    @Path("evaluate")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Say whether a release is safe: GO, NO_GO, PAUSE or INSUFFICIENT, with reasons; the run is kept")
    public GateRun evaluate(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @Nullable Question question,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        if (question == null || question.software == null || question.candidate == null) {
            throw Problem.badRequest(
                    "member-missing",
                    "software or candidate is missing: {\"software\":\"main-fw\",\"candidate\":\"2.4.0\"}");
        }
        return gates.evaluate(
                found,
                gate,
                question.software,
                question.candidate,
                question.baseline,
                Actor.of(identity, request, clock.instant()));
    }

    @GET
    @Path("runs")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "List what a gate said, newest first")
    public Page<GateRun> runs(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @DefaultValue("9223372036854775807") long after) {
        return gates.runs(projects.named(project), gate, after, Page.size(limit));
    }

    @GET
    @Path("runs/{run}")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What a gate said once")
    public GateRun run(
            @PathParam("project") String project, @PathParam("gate") String gate, @PathParam("run") long run) {
        return gates.run(projects.named(project), gate, run);
    }

    @GET
    @Path("runs/{run}/junit")
    @Produces(MediaType.APPLICATION_XML)
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What a gate said once, as a JUnit report")
    public String junit(
            @PathParam("project") String project, @PathParam("gate") String gate, @PathParam("run") long run) {
        return JUnitReport.of(gates.run(projects.named(project), gate, run));
    }

    /** Why a verdict does not hold. */
    public record Objection(@Nullable String because) {}

    @POST
    @Path("runs/{run}/override")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Let a release pass against a verdict, with a reason; the verdict stays beside it")
    public GateRun override(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @PathParam("run") long run,
            @Nullable Objection objection,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return gates.override(
                projects.named(project),
                gate,
                run,
                objection == null ? null : objection.because,
                Actor.of(identity, request, clock.instant()));
    }
}
