package dev.faultline.crash;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.search.SearchQuery;
import dev.faultline.symbols.report.ReasonFamily;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The crashes of a project. */
@Path("/api/v1/projects/{project}/crashes")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CrashResource {
    private final Projects projects;
    private final Crashes crashes;
    private final Clock clock = Clock.systemUTC();

    CrashResource(Projects projects, Crashes crashes) {
        this.projects = projects;
        this.crashes = crashes;
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "Crashes, newest first")
    public Page<CrashRow> list(
            @PathParam("project") String project,
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("device") @Nullable String device,
            @QueryParam("software") @Nullable String software,
            @QueryParam("release") @Nullable String release,
            @QueryParam("hardware") @Nullable String hardware,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("state") @Nullable String state,
            @QueryParam("since") @Nullable String since,
            @QueryParam("q") @Nullable String q,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        var query = new CrashQuery(
                cluster == null ? null : ClusterId.parse(cluster),
                device,
                software,
                release,
                hardware,
                reason(reason),
                state(state),
                since(since),
                SearchQuery.asked(q, List.of(CrashField.values())),
                after,
                Page.size(limit));
        return crashes.list(projects.named(project).id(), query, clock.instant());
    }

    @GET
    @Path("{id}")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "A crash with its report")
    public CrashDetail crash(@PathParam("project") String project, @PathParam("id") String id) {
        UUID crash = CrashIds.parse(id);
        return crashes.detail(projects.named(project), crash).orElseThrow(() -> CrashIds.unknown(crash));
    }

    private static @Nullable String reason(@Nullable String label) {
        if (label == null) {
            return null;
        }
        try {
            return ReasonFamily.of(label).label();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("bad-parameter", "reason: found %s, wanted a family such as null-deref", label);
        }
    }

    private static @Nullable CrashState state(@Nullable String label) {
        if (label == null) {
            return null;
        }
        try {
            return CrashState.of(label);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    "bad-parameter", "state: found %s, wanted queued, processed, needs-symbols or quarantined", label);
        }
    }

    private static @Nullable Instant since(@Nullable String time) {
        if (time == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.badRequest(
                    "bad-parameter", "since: found %s, wanted a time such as 2026-11-21T08:00:00Z", time);
        }
    }
}
