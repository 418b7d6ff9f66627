package dev.faultline.rules;

import dev.faultline.access.Actor;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.fingerprint.ProjectRules;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** A project's rules about frames, over HTTP. */
@Path("/api/v1/projects/{project}/rules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RulesResource {
    private final Rules rules;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    RulesResource(Rules rules, Projects projects) {
        this.rules = rules;
        this.projects = projects;
    }

    /** The rules, in the order in which they are asked; version 0 where there never were any. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public ProjectRules get(@PathParam("project") String project) {
        return rules.of(projects.named(project).id());
    }

    /** Replaces all rules. Crashes that are processed from now on get the new ones; those of before keep their keys. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    public ProjectRules put(
            @PathParam("project") String project,
            @RequestBody(content = @Content(schema = @Schema(implementation = ProjectRules.class))) @Nullable
                    String body,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return rules.save(projects.named(project), rules.parsed(body), Actor.of(identity, request, clock.instant()));
    }
}
