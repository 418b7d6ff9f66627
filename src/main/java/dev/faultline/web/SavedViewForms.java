package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import dev.faultline.view.SavedView;
import dev.faultline.view.SavedViews;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the forms of the cluster list do with saved views. */
@Path("/projects/{project}/views")
@Produces(MediaType.TEXT_HTML)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@RunOnVirtualThread
class SavedViewForms {
    private final SavedViews views;
    private final Projects projects;
    private final ErrorPages errors;

    SavedViewForms(SavedViews views, Projects projects, ErrorPages errors) {
        this.views = views;
        this.projects = projects;
        this.errors = errors;
    }

    @POST
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response save(
            @RestPath String project,
            @RestForm @DefaultValue("") String name,
            @RestForm @DefaultValue("") String q,
            @RestForm @DefaultValue("") String sort,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        SavedView saved = views.save(found, name, q, sort, Actor.of(identity, request, Instant.now()));
        return Response.seeOther(URI.create(ClusterPages.address(found, saved))).build();
    }

    @POST
    @Path("{view}/delete")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response delete(
            @RestPath String project,
            @RestPath long view,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        views.delete(found, view, Actor.of(identity, request, Instant.now()));
        return Response.seeOther(
                        URI.create(Address.ofProject(found.name(), "clusters").toString()))
                .build();
    }

    @ServerExceptionMapper
    Response render(Problem problem) {
        return errors.of(problem, null);
    }
}
