package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterDetail;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Clusters;
import dev.faultline.crash.CrashDetail;
import dev.faultline.crash.Crashes;
import dev.faultline.http.Problem;
import dev.faultline.symbolfile.DebugFiles;
import dev.faultline.symbols.elf.BuildId;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The addresses of the pages; each method names the record that becomes the page. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class Pages {
    private static final Logger LOG = Logger.getLogger(Pages.class);
    private static final String FIRST_PROJECT = "default";

    private final ErrorPages errors;
    private final Projects projects;
    private final Clusters clusters;
    private final Crashes crashes;
    private final DebugFiles debugFiles;
    private final ClusterPages clusterPages;
    private final CrashPages crashPages;
    private final SymbolPages symbolPages;
    private final Comparing comparing;

    Pages(
            ErrorPages errors,
            Projects projects,
            Clusters clusters,
            Crashes crashes,
            DebugFiles debugFiles,
            ClusterPages clusterPages,
            CrashPages crashPages,
            SymbolPages symbolPages,
            Comparing comparing) {
        this.errors = errors;
        this.projects = projects;
        this.clusters = clusters;
        this.crashes = crashes;
        this.debugFiles = debugFiles;
        this.clusterPages = clusterPages;
        this.crashPages = crashPages;
        this.symbolPages = symbolPages;
        this.comparing = comparing;
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    public Response start() {
        return Response.seeOther(
                        URI.create(Address.ofProject(FIRST_PROJECT, "clusters").toString()))
                .build();
    }

    @GET
    @Path("projects/{project}")
    @PermissionsAllowed(Scope.READ)
    public Response project(@RestPath String project) {
        return Response.seeOther(
                        URI.create(Address.ofProject(project, "clusters").toString()))
                .build();
    }

    @GET
    @Path("projects/{project}/clusters")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance clusters(@RestPath String project, UriInfo address) {
        return clusterPages.list(
                projects.named(project),
                Filters.of(address.getQueryParameters(), ClusterPages.PARAMETERS),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/clusters/{id}")
    @PermissionsAllowed(Scope.READ)
    public Response cluster(@RestPath String project, @RestPath String id) {
        Project found = projects.named(project);
        ClusterId cluster = ClusterId.parse(id);
        Instant now = Instant.now();
        var detail = clusters.detail(found.id(), cluster, now);
        if (detail.isPresent()) {
            UUID exemplar = exemplar(detail.get());
            CrashDetail crash =
                    exemplar == null ? null : crashes.detail(found, exemplar).orElse(null);
            return Response.ok(clusterPages.page(found, detail.get(), crash, now))
                    .build();
        }
        // its crashes moved on, when their symbols came for example: whoever kept the address follows them
        ClusterId successor = clusters.movedTo(found.id(), cluster)
                .orElseThrow(() -> Problem.notFound("cluster-not-found", "No cluster has the id %s.", cluster));
        return Response.seeOther(URI.create(ClusterPages.address(found, successor)))
                .build();
    }

    /** The newest readable crash of the variant that stands for the cluster, else its newest one. */
    private static @Nullable UUID exemplar(ClusterDetail detail) {
        var commonest = detail.variants().isEmpty()
                ? null
                : detail.variants().getFirst().id();
        return detail.latestCrashes().stream()
                .filter(crash -> commonest != null && crash.variant() == commonest)
                .map(ClusterDetail.CrashRow::id)
                .findFirst()
                .orElse(detail.summary().latestCrash());
    }

    @GET
    @Path("projects/{project}/crashes")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance crashes(@RestPath String project, UriInfo address) {
        return crashPages.list(
                projects.named(project),
                Filters.of(address.getQueryParameters(), CrashPages.PARAMETERS),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/crashes/{id}")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance crash(@RestPath String project, @RestPath String id) {
        Project found = projects.named(project);
        CrashDetail crash = uuid(id).flatMap(uuid -> crashes.detail(found, uuid))
                .orElseThrow(() -> Problem.notFound("crash-not-found", "No crash has the id %s.", id));
        return crashPages.page(found, crash, Instant.now());
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    @GET
    @Path("projects/{project}/symbols")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance symbols(@RestPath String project, UriInfo address) {
        Project found = projects.named(project);
        Filters filters = Filters.of(address.getQueryParameters(), SymbolPages.PARAMETERS);
        return symbolPages.page(
                found,
                filters,
                debugFiles.list(found.id(), filters.get("after"), SymbolPages.ROWS),
                debugFiles.missing(found, null, SymbolPages.MOST_WANTED).items(),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/symbols/{buildId}")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance symbolFile(@RestPath String project, @RestPath String buildId) {
        Project found = projects.named(project);
        var detail = build(buildId)
                .flatMap(id -> debugFiles.detail(found, id))
                .orElseThrow(
                        () -> Problem.notFound("symbols-not-found", "No debug file of build %s was uploaded", buildId));
        return symbolPages.page(found, detail, Instant.now());
    }

    private static Optional<BuildId> build(String text) {
        try {
            return Optional.of(BuildId.parse(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    @GET
    @Path("projects/{project}/compare")
    @PermissionsAllowed(Scope.READ)
    public Response compare(@RestPath String project, UriInfo address) {
        ComparePage page =
                comparing.page(projects.named(project), Filters.of(address.getQueryParameters(), Comparing.PARAMETERS));
        return Response.status(page.trouble() == null ? Response.Status.OK : Response.Status.BAD_REQUEST)
                .entity(page)
                .build();
    }

    @ServerExceptionMapper
    Response render(Problem problem, UriInfo address) {
        return errors.of(problem, address.getPathParameters().getFirst("project"));
    }

    @ServerExceptionMapper
    Response render(ForbiddenException refused) {
        return errors.ofForbidden();
    }

    @ServerExceptionMapper
    Response render(IllegalStateException failure) {
        return errors.of(failure);
    }

    @ServerExceptionMapper
    Response render(RuntimeException mistake) {
        LOG.error("a page failed", mistake);
        return errors.ofOurs();
    }
}
