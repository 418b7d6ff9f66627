package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import dev.faultline.release.Gates;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The addresses of the pages about releases, gates and devices. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class FleetPages {
    private static final Logger LOG = Logger.getLogger(FleetPages.class);

    private final ErrorPages errors;
    private final Projects projects;
    private final Gates gates;
    private final ReleasePages releasePages;
    private final GatePages gatePages;
    private final DevicePages devicePages;

    FleetPages(
            ErrorPages errors,
            Projects projects,
            Gates gates,
            ReleasePages releasePages,
            GatePages gatePages,
            DevicePages devicePages) {
        this.errors = errors;
        this.projects = projects;
        this.gates = gates;
        this.releasePages = releasePages;
        this.gatePages = gatePages;
        this.devicePages = devicePages;
    }

    @GET
    @Path("projects/{project}/releases")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance releases(@RestPath String project, UriInfo address) {
        return releasePages.page(
                projects.named(project),
                Filters.of(address.getQueryParameters(), ReleasePages.PARAMETERS),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/devices")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance devices(@RestPath String project, UriInfo address) {
        return devicePages.list(
                projects.named(project),
                Filters.of(address.getQueryParameters(), DevicePages.PARAMETERS),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/devices/{name: .+}")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance device(@RestPath String project, @RestPath String name) {
        return devicePages.page(projects.named(project), name, Instant.now());
    }

    @GET
    @Path("projects/{project}/gates")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance gates(@RestPath String project) {
        return gatePages.list(projects.named(project), Instant.now());
    }

    @GET
    @Path("projects/{project}/gates/{gate}")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance gate(@RestPath String project, @RestPath String gate, UriInfo address) {
        return gatePages.page(
                projects.named(project),
                gate,
                Filters.of(address.getQueryParameters(), GatePages.PARAMETERS),
                Instant.now());
    }

    @GET
    @Path("projects/{project}/gates/{gate}/runs/{run}")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance run(@RestPath String project, @RestPath String gate, @RestPath String run) {
        return gatePages.run(projects.named(project), gate, number(run), Instant.now());
    }

    @POST
    @Path("projects/{project}/gates/{gate}/runs/{run}/override")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response override(
            @RestPath String project,
            @RestPath String gate,
            @RestPath String run,
            @RestForm @DefaultValue("") String because,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        var changed = gates.override(
                found, gate, number(run), because.replaceAll("\\s+", " "), Actor.of(identity, request, Instant.now()));
        return ClusterForms.to(GatePages.address(found, changed).toString());
    }

    private static long number(String run) {
        if (!run.matches("[0-9]{1,18}")) {
            throw Problem.notFound("run-not-found", "No run has the number %s.", run);
        }
        return Long.parseLong(run);
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
