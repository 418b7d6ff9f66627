package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Problem;
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
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the pages' forms do with clusters; each leads back to the page. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class ClusterForms {
    private final Projects projects;
    private final ClusterEdits edits;
    private final ErrorPages errors;

    ClusterForms(Projects projects, ClusterEdits edits, ErrorPages errors) {
        this.projects = projects;
        this.edits = edits;
        this.errors = errors;
    }

    /**
     * Merges others into this one.
     *
     * @param clusters ids, with blanks or commas between them
     */
    @POST
    @Path("projects/{project}/clusters/{id}/merge")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response merge(
            @RestPath String project,
            @RestPath String id,
            @RestForm @DefaultValue("") String clusters,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        List<ClusterId> merged = Arrays.stream(clusters.split("[\\s,]+"))
                .filter(word -> !word.isEmpty())
                .limit(ClusterEdits.MOST_CLUSTERS + 1L)
                .map(ClusterId::parse)
                .toList();
        return done(project, id, (of, into) -> edits.merge(of, into, merged, actor(identity, request)));
    }

    @POST
    @Path("projects/{project}/clusters/{id}/variants/{variant}/split")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response split(
            @RestPath String project,
            @RestPath String id,
            @RestPath long variant,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return done(project, id, (of, from) -> edits.split(of, from, List.of(variant), actor(identity, request)));
    }

    /**
     * Moves a variant.
     *
     * @param cluster where it goes
     */
    @POST
    @Path("projects/{project}/clusters/{id}/variants/{variant}/move")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response move(
            @RestPath String project,
            @RestPath String id,
            @RestPath long variant,
            @RestForm @DefaultValue("") String cluster,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        ClusterId to = ClusterId.parse(cluster.strip());
        return done(project, id, (of, from) -> edits.move(of, from, List.of(variant), to, actor(identity, request)));
    }

    @POST
    @Path("projects/{project}/clusters/{id}/edits/{edit}/undo")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response undo(
            @RestPath String project,
            @RestPath String id,
            @RestPath long edit,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return done(project, id, (of, cluster) -> edits.undo(of, edit, actor(identity, request)));
    }

    @POST
    @Path("projects/{project}/clusters/{id}/edits/{edit}/unmerge")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response unmerge(
            @RestPath String project,
            @RestPath String id,
            @RestPath long edit,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return done(project, id, (of, cluster) -> edits.unmerge(of, edit, actor(identity, request)));
    }

    @POST
    @Path("projects/{project}/clusters/{id}/similar/{other}/never")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response never(
            @RestPath String project,
            @RestPath String id,
            @RestPath String other,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        ClusterId apart = ClusterId.parse(other);
        return done(project, id, (of, cluster) -> edits.keepApart(of, cluster, apart, actor(identity, request)));
    }

    private Response done(String project, String id, BiConsumer<Project, ClusterId> deed) {
        Project found = projects.named(project);
        ClusterId cluster = ClusterId.parse(id);
        deed.accept(found, cluster);
        return to(ClusterPages.address(found, cluster));
    }

    private static Actor actor(SecurityIdentity identity, HttpServerRequest request) {
        return Actor.of(identity, request, Instant.now());
    }

    static Response to(String address) {
        return Response.seeOther(URI.create(address)).build();
    }

    @ServerExceptionMapper
    Response render(Problem problem, UriInfo address) {
        return errors.of(problem, address.getPathParameters().getFirst("project"));
    }
}
