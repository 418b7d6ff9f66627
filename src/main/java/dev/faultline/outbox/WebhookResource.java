package dev.faultline.outbox;

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

/** Webhooks over HTTP: who is told when a verdict changes, and what became of it. */
@Path("/api/v1/projects/{project}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WebhookResource {
    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    WebhookResource(Webhooks webhooks, Deliveries deliveries, Projects projects) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.projects = projects;
    }

    @GET
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "The webhooks of a project, without their secrets")
    public Page<Webhook> list(@PathParam("project") String project) {
        return new Page<>(webhooks.list(projects.named(project)), null);
    }

    /**
     * What a webhook is to be.
     *
     * @param gate the only one that it is told of; left out: all
     * @param secret what posts are signed with; left out: it stays, and a new webhook gets one
     * @param rotate true: it gets a new one
     */
    public record Wanted(
            @Nullable String url,
            @Nullable String gate,
            @Nullable String secret,
            @Nullable Boolean rotate) {}

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Make or change a webhook; a new secret is in this answer and in no other")
    public Webhook save(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @Nullable Wanted wanted,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var found = projects.named(project);
        if (wanted == null) {
            throw Problem.badRequest("body-missing", "a webhook is {\"url\":\"https://ci.example.com/faultline\"}");
        }
        return webhooks.save(
                found,
                name,
                wanted.gate,
                wanted.url,
                wanted.secret,
                Boolean.TRUE.equals(wanted.rotate),
                Actor.of(identity, request, clock.instant()));
    }

    @DELETE
    @Path("{name}")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "End a webhook, and what still waits for it")
    public void delete(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        webhooks.delete(projects.named(project), name, Actor.of(identity, request, clock.instant()));
    }

    @GET
    @Path("deliveries")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Posts to webhooks, newest first; state=dead are those that were given up")
    public Page<Delivery> deliveries(
            @PathParam("project") String project,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @DefaultValue("9223372036854775807") long after) {
        return deliveries.list(projects.named(project), state, after, Page.size(limit));
    }

    @POST
    @Path("deliveries/{delivery}/replay")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Post once more what was given up or taken")
    public void replay(
            @PathParam("project") String project,
            @PathParam("delivery") long delivery,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        deliveries.replay(projects.named(project), delivery, Actor.of(identity, request, clock.instant()));
    }
}
