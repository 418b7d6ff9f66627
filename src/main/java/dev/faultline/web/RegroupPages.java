package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.regroup.Regroup;
import dev.faultline.regroup.Regroups;
import io.quarkus.qute.TemplateInstance;
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
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** From regroup jobs to the page that shows them. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RegroupPages {
    private static final int JOBS = 10;
    private static final int CHANGES = 50;

    private final Visit visit;
    private final Projects projects;
    private final Regroups regroups;
    private final ErrorPages errors;

    RegroupPages(Visit visit, Projects projects, Regroups regroups, ErrorPages errors) {
        this.visit = visit;
        this.projects = projects;
        this.regroups = regroups;
        this.errors = errors;
    }

    @GET
    @Path("projects/{project}/regroups")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance page(@RestPath String project, @RestQuery @DefaultValue("0") int after) {
        Project found = projects.named(project);
        Instant now = Instant.now();
        List<Regroup> jobs = regroups.list(found, Long.MAX_VALUE, JOBS).items();
        Address here = Address.ofProject(found.name(), "regroups");
        Regroup last = jobs.isEmpty() ? null : jobs.getFirst();
        Page<Regroup.Change> changes =
                last == null ? new Page<>(List.of(), null) : regroups.changes(found, last.id(), after, CHANGES);
        return new RegroupPage(
                visit.shell("Group again", found.name(), Shell.Section.CLUSTERS),
                here.toString(),
                last != null && !last.state().ended(),
                last == null ? null : job(last, now),
                changes.items().stream()
                        .map(change -> GroupingChange.of(found, change.kind(), change.of()))
                        .toList(),
                changes.next() == null
                        ? null
                        : here.with("after", changes.next()).toString(),
                jobs.stream().skip(1).map(job -> job(job, now)).toList());
    }

    @POST
    @Path("projects/{project}/regroups")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response regroup(
            @RestPath String project,
            @RestForm("dry-run") @DefaultValue("true") boolean dryRun,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        regroups.ask(found, dryRun, Actor.of(identity, request, Instant.now()));
        return ClusterForms.to(Address.ofProject(found.name(), "regroups").toString());
    }

    static RegroupPage.Job job(Regroup job, Instant now) {
        return new RegroupPage.Job(
                job.dryRun() ? "Dry run" : "Regroup",
                state(job.state()),
                new Moment(job.askedAt(), now),
                job.askedBy(),
                job.rules(),
                job.step() == null
                        ? null
                        : job.all() > 1
                                ? "%s: %s of %s"
                                        .formatted(job.step(), Words.number(job.done()), Words.number(job.all()))
                                : job.step(),
                job.result() == null ? null : outcome(job.result()),
                job.error());
    }

    private static Badge state(Regroup.State state) {
        Tone tone = switch (state) {
            case QUEUED, RUNNING -> Tone.AMBER;
            case DONE -> Tone.GREEN;
            case FAILED -> Tone.RED;
        };
        return new Badge(state.label(), tone, "How far the job is");
    }

    private static String outcome(Regroup.Result result) {
        return "%s → %s; %s → %s. %s, %s, %s; %s of %s in another variant."
                .formatted(
                        Words.counted(result.variantsBefore(), "variant"),
                        Words.number(result.variantsAfter()),
                        Words.counted(result.clustersBefore(), "cluster"),
                        Words.number(result.clustersAfter()),
                        Words.counted(result.splits(), "split"),
                        Words.counted(result.joins(), "join"),
                        Words.counted(result.renamed(), "new name"),
                        Words.number(result.changed()),
                        result.crashes() == 1 ? "1 crash" : Words.number(result.crashes()) + " crashes");
    }

    @ServerExceptionMapper
    Response render(Problem problem, UriInfo address) {
        return errors.of(problem, address.getPathParameters().getFirst("project"));
    }
}
