package dev.faultline.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.fingerprint.ProjectRules;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** A project's rules about frames, over HTTP. */
@Path("/api/v1/projects/{project}/rules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RulesResource {
    private static final int MOST_CRASHES = 5000;

    private final Rules rules;
    private final Projects projects;
    private final ObjectMapper json;
    private final Clock clock = Clock.systemUTC();

    RulesResource(Rules rules, Projects projects, ObjectMapper json) {
        this.rules = rules;
        this.projects = projects;
        this.json = json;
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
        return rules.save(
                projects.named(project),
                parsed(body),
                identity.getPrincipal().getName(),
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
                clock.instant());
    }

    /**
     * What these rules would change if they were the project's, over its newest crashes; nothing is saved.
     *
     * @param crashes how many to look at, 1 to 5000
     */
    @POST
    @Path("preview")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    public RulesPreview preview(
            @PathParam("project") String project,
            @QueryParam("crashes") @DefaultValue("500") int crashes,
            @RequestBody(content = @Content(schema = @Schema(implementation = ProjectRules.class))) @Nullable
                    String body) {
        if (crashes < 1 || crashes > MOST_CRASHES) {
            throw Problem.badRequest("bad-parameter", "crashes=%d is not between 1 and %d", crashes, MOST_CRASHES);
        }
        List<ProjectRules.Rule> wanted = parsed(body).rules();
        return rules.preview(projects.named(project), wanted, crashes);
    }

    private ProjectRules parsed(@Nullable String body) {
        if (body == null || body.isBlank()) {
            throw Problem.badRequest("body-missing", "rules are a JSON body: {\"version\":0,\"rules\":[…]}");
        }
        try {
            return json.readValue(body, ProjectRules.class);
        } catch (JsonProcessingException e) {
            // Jackson's own words name classes; those of the rules say what to do
            String what = e.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null
                    ? cause.getMessage()
                    : e.getOriginalMessage();
            throw Problem.badRequest("bad-rules", "%s", what);
        }
    }
}
