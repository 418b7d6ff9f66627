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
import jakarta.ws.rs.DELETE;
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
    private final GateWatches watches;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    GateResource(Gates gates, GateWatches watches, Projects projects) {
        this.gates = gates;
        this.watches = watches;
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

    /**
     * What a gate is to ask by itself.
     *
     * @param candidate left out, or {@code newest}: the newest release that devices run
     * @param baseline left out: what the policy says
     */
    public record Watched(
            @Nullable String software,
            @Nullable String candidate,
            @Nullable String baseline) {}

    @GET
    @Path("watch")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What a gate asks by itself every few minutes")
    public Page<GateWatch> watches(@PathParam("project") String project, @PathParam("gate") String gate) {
        return new Page<>(
                watches.list(projects.named(project)).stream()
                        .filter(watch -> watch.gate().equals(gate))
                        .toList(),
                null);
    }

    @PUT
    @Path("watch")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary =
                    "Let a gate ask by itself; a run is kept when its verdict changes, or once a day, and told to webhooks")
    public GateWatch watch(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @Nullable Watched watched,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        return watches.set(
                found,
                gate,
                watched == null ? null : watched.software,
                watched == null ? null : watched.candidate,
                watched == null ? null : watched.baseline,
                Actor.of(identity, request, clock.instant()));
    }

    @DELETE
    @Path("watch")
    @PermissionsAllowed(Scope.WRITE)
    @Operation(summary = "Let a gate ask no more by itself")
    public void unwatch(
            @PathParam("project") String project,
            @PathParam("gate") String gate,
            @QueryParam("software") @Nullable String software,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        if (software == null) {
            throw Problem.badRequest("parameter-missing", "software is missing");
        }
        watches.end(found, gate, software, Actor.of(identity, request, clock.instant()));
    }
}
