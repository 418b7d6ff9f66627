package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Muting;
import dev.faultline.http.Problem;
import dev.faultline.triage.Triage;
import dev.faultline.triage.TriageChange;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** What the cluster page's forms say of a cluster; each leads back to the page. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@RunOnVirtualThread
class TriageForms {
    private final Projects projects;
    private final Triage triage;
    private final ErrorPages errors;

    TriageForms(Projects projects, Triage triage, ErrorPages errors) {
        this.projects = projects;
        this.triage = triage;
        this.errors = errors;
    }

    @POST
    @Path("projects/{project}/clusters/{id}/open")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response open(
            @RestPath String project,
            @RestPath String id,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return changed(project, id, TriageChange.opened(), identity, request);
    }

    /**
     * Resolves.
     *
     * @param in a version, or nothing
     */
    @POST
    @Path("projects/{project}/clusters/{id}/resolve")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response resolve(
            @RestPath String project,
            @RestPath String id,
            @RestForm @DefaultValue("") String in,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return changed(project, id, TriageChange.resolved(in.isBlank() ? null : in), identity, request);
    }

    /**
     * Mutes, until something of what is filled in happens.
     *
     * @param day as {@code 2026-03-01}, when it begins (UTC)
     */
    @POST
    @Path("projects/{project}/clusters/{id}/mute")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response mute(
            @RestPath String project,
            @RestPath String id,
            @RestForm @DefaultValue("") String release,
            @RestForm @DefaultValue("") String devices,
            @RestForm @DefaultValue("") String day,
            @RestForm @DefaultValue("") String crashes,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        var until = new Muting(
                release.isBlank() ? null : release,
                number("devices", devices),
                day(day),
                number("crashes a day", crashes));
        return changed(project, id, TriageChange.muted(until), identity, request);
    }

    @POST
    @Path("projects/{project}/clusters/{id}/details")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response details(
            @RestPath String project,
            @RestPath String id,
            @RestForm @DefaultValue("") String title,
            @RestForm @DefaultValue("") String assignee,
            @RestForm @DefaultValue("") String ticket,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return changed(project, id, new TriageChange(title, null, null, null, assignee, ticket), identity, request);
    }

    @POST
    @Path("projects/{project}/clusters/{id}/comments")
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response comment(
            @RestPath String project,
            @RestPath String id,
            @RestForm @DefaultValue("") String text,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        ClusterId cluster = ClusterId.parse(id);
        triage.comment(found, cluster, text, Actor.of(identity, request, Instant.now()));
        return ClusterForms.to(ClusterPages.address(found, cluster));
    }

    private Response changed(
            String project, String id, TriageChange change, SecurityIdentity identity, HttpServerRequest request) {
        Project found = projects.named(project);
        ClusterId cluster = ClusterId.parse(id);
        triage.change(found, cluster, change, Actor.of(identity, request, Instant.now()));
        return ClusterForms.to(ClusterPages.address(found, cluster));
    }

    private static @Nullable Integer number(String what, String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw Problem.badRequest("bad-until", "%s: found no number of at most nine digits", what);
        }
    }

    private static @Nullable Instant day(String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw Problem.badRequest("bad-until", "day: found no day such as 2026-03-01");
        }
    }

    @ServerExceptionMapper
    Response render(Problem problem, UriInfo address) {
        return errors.of(problem, address.getPathParameters().getFirst("project"));
    }
}
