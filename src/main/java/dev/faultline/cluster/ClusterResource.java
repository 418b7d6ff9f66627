package dev.faultline.cluster;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Clusters over HTTP. */
@Path("/api/v1/projects/{project}/clusters")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClusterResource {
    private final Clusters clusters;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    ClusterResource(Clusters clusters, Projects projects) {
        this.clusters = clusters;
        this.projects = projects;
    }

    /**
     * The ranked list.
     *
     * @param q terms such as {@code release:2.4.* hw:rev-c fn:radio_* devices:>10 -state:resolved}
     * @param since an instant or a day, {@code 2026-03-01} or {@code 2026-03-01T00:00:00Z}; days are UTC
     */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<ClusterRow> list(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("release") @Nullable String release,
            @QueryParam("hardware") @Nullable String hardware,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("since") @Nullable String since,
            @QueryParam("text") @Nullable String text,
            @QueryParam("state") @Nullable String state,
            @QueryParam("q") @Nullable String q,
            @QueryParam("sort") @DefaultValue("impact") String sort,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        var query = new ClusterQuery(
                software,
                release,
                hardware,
                reason == null ? null : reason(reason),
                since == null ? null : since(since),
                text,
                state == null ? null : state(state),
                SearchQuery.asked(q, List.of(ClusterField.values())),
                ClusterSort.parse(sort),
                Page.size(limit),
                after);
        return clusters.list(projects.named(project).id(), query, clock.instant());
    }

    /** All about one cluster; an emptied one answers with a redirect to where its crashes went. */
    @GET
    @Path("{id}")
    @PermissionsAllowed(Scope.READ)
    @APIResponse(
            responseCode = "200",
            description = "the cluster",
            content = @Content(schema = @Schema(implementation = ClusterDetail.class)))
    @APIResponse(responseCode = "307", description = "emptied: its crashes are in the cluster under Location")
    @APIResponse(responseCode = "404", description = "no such cluster")
    public Response detail(@PathParam("project") String project, @PathParam("id") String id, @Context UriInfo request) {
        long projectId = projects.named(project).id();
        ClusterId cluster = ClusterId.parse(id);
        var detail = clusters.detail(projectId, cluster, clock.instant());
        if (detail.isPresent()) {
            return Response.ok(detail.get()).build();
        }
        // temporary: the cluster lives again when a crash comes back to it
        return clusters.movedTo(projectId, cluster)
                .map(to -> Response.temporaryRedirect(request.getBaseUriBuilder()
                                .path("api/v1/projects/{project}/clusters/{id}")
                                .build(project, to.toString()))
                        .build())
                .orElseThrow(() -> Problem.notFound("cluster-not-found", "No cluster has the id %s", id));
    }

    private static String state(String label) {
        if (!ClusterState.LABELS.contains(label)) {
            throw Problem.badRequest(
                    "unknown-state", "state=%s is none of %s", label, String.join(", ", ClusterState.LABELS));
        }
        return label;
    }

    private static String reason(String label) {
        return Arrays.stream(ReasonFamily.values())
                .map(ReasonFamily::label)
                .filter(label::equals)
                .findFirst()
                .orElseThrow(() -> Problem.badRequest(
                        "unknown-reason",
                        "reason=%s is none of %s",
                        label,
                        Arrays.stream(ReasonFamily.values())
                                .map(ReasonFamily::label)
                                .collect(Collectors.joining(", "))));
    }

    private static Instant since(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Problem.badRequest(
                    "unknown-time",
                    "since=%s is neither a day (2026-03-01) nor an instant (2026-03-01T12:00:00Z)",
                    text);
        }
    }
}
