package dev.faultline.regroup;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.GroupingDifference;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Problem;
import dev.faultline.rules.Rules;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** What rules would change before they are saved. */
@Path("/api/v1/projects/{project}/rules/preview")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RulesPreviewResource {
    private static final int MOST_CRASHES = 5000;

    private final Regroups regroups;
    private final Rules rules;
    private final Projects projects;

    RulesPreviewResource(Regroups regroups, Rules rules, Projects projects) {
        this.regroups = regroups;
        this.rules = rules;
        this.projects = projects;
    }

    /**
     * What these rules would change if they were the project's, over its newest crashes; nothing is saved.
     *
     * @param crashes how many to look at, 1 to 5000
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    public GroupingDifference preview(
            @PathParam("project") String project,
            @QueryParam("crashes") @DefaultValue("500") int crashes,
            @RequestBody(content = @Content(schema = @Schema(implementation = ProjectRules.class))) @Nullable
                    String body) {
        if (crashes < 1 || crashes > MOST_CRASHES) {
            throw Problem.badRequest("bad-parameter", "crashes=%d is not between 1 and %d", crashes, MOST_CRASHES);
        }
        return regroups.preview(projects.named(project), rules.parsed(body).rules(), crashes);
    }
}
