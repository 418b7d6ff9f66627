package dev.faultline.release;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Comparisons over HTTP. */
@Path("/api/v1/projects/{project}/compare")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CompareResource {
    private final Comparisons comparisons;
    private final Projects projects;

    CompareResource(Comparisons comparisons, Projects projects) {
        this.comparisons = comparisons;
        this.projects = projects;
    }

    /** What changed from the baseline to the candidate, two releases of one software type. */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Comparison compare(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("baseline") @Nullable String baseline,
            @QueryParam("candidate") @Nullable String candidate,
            @QueryParam("cohort") @Nullable String cohort) {
        if (cohort != null) {
            throw Problem.badRequest("bad-parameter", "cohort: crashes name none, so there is no rate of one");
        }
        return comparisons.of(
                projects.named(project).id(),
                required("software", software),
                required("baseline", baseline),
                required("candidate", candidate));
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw Problem.badRequest("parameter-missing", "the parameter %s is missing", name);
        }
        return value;
    }
}
