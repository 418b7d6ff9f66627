package dev.faultline.web;

import dev.faultline.access.Actor;
import dev.faultline.access.BrowserForm;
import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.cluster.GroupingDifference;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Problem;
import dev.faultline.regroup.Regroups;
import dev.faultline.rules.Rules;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The rules of a project: the list, the form of one rule, and what it would change. */
@Path("/projects/{project}/rules")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RulePages {
    /** Newest crashes that a preview looks at. */
    private static final int PREVIEWED = 500;

    private static final int CONFLICT = 409;

    private final Visit visit;
    private final Projects projects;
    private final Rules rules;
    private final Regroups regroups;
    private final Fingerprinter fingerprinter;
    private final ErrorPages errors;

    RulePages(
            Visit visit,
            Projects projects,
            Rules rules,
            Regroups regroups,
            Fingerprinter fingerprinter,
            ErrorPages errors) {
        this.visit = visit;
        this.projects = projects;
        this.rules = rules;
        this.regroups = regroups;
        this.fingerprinter = fingerprinter;
        this.errors = errors;
    }

    /** The fields of the form. */
    static final class Typed {
        @RestForm
        @DefaultValue("0")
        int version;

        @RestForm
        @DefaultValue("")
        String of = "";

        @RestForm
        @DefaultValue("")
        String id = "";

        @RestForm("class")
        @DefaultValue("")
        String kind = "";

        @RestForm
        @DefaultValue("")
        String function = "";

        @RestForm
        @DefaultValue("")
        String file = "";

        @RestForm
        @DefaultValue("")
        String module = "";

        @RestForm
        @DefaultValue("")
        String software = "";

        @RestForm
        @DefaultValue("")
        String because = "";

        RuleForm form() {
            return new RuleForm(
                    version, of, id, kind, function, file, module, software, because, RuleForm.Offered.NOTHING);
        }
    }

    /**
     * The list.
     *
     * @param saved the version that the reader just made
     */
    @GET
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance list(@RestPath String project, @RestQuery @DefaultValue("0") int saved) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        return list(found, current, null, saved != 0 && saved == current.version());
    }

    @GET
    @Path("new")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance fresh(
            @RestPath String project,
            @RestQuery @DefaultValue("") String function,
            @RestQuery @DefaultValue("") String file,
            @RestQuery @DefaultValue("") String module,
            @RestQuery @DefaultValue("") String software) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        return form(found, current, RuleForm.about(current.version(), function, file, module, software));
    }

    @GET
    @Path("edit")
    @PermissionsAllowed(Scope.READ)
    public TemplateInstance edit(@RestPath String project, @RestQuery @DefaultValue("") String rule) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        return form(found, current, RuleForm.changing(current.version(), known(current, rule)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response save(
            @RestPath String project,
            Typed typed,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        RuleForm form = typed.form();
        if (form.version() != current.version()) {
            return conflict(found, form, current);
        }
        var troubles = form.troubles(current);
        if (!troubles.isEmpty()) {
            return shown(400, form.page(shell(found), found, current, troubles, null, null, true));
        }
        try {
            return saved(found, rules.save(found, form.among(current), actor(identity, request)));
        } catch (Problem problem) {
            if (problem.status() != CONFLICT) {
                throw problem;
            }
            return conflict(found, form, rules.of(found.id()));
        }
    }

    private Response conflict(Project project, RuleForm form, ProjectRules newer) {
        RuleForm again = form.over(newer);
        String conflict = "Somebody else changed the rules meanwhile: they are at version %d, you saw version %d. %s"
                .formatted(
                        newer.version(),
                        form.version(),
                        again.of().equals(form.of())
                                ? "Nothing was saved; saving now puts this rule among theirs."
                                : "This rule is gone; saving adds it as a new one.");
        return shown(CONFLICT, again.page(shell(project), project, newer, again.troubles(newer), conflict, null, true));
    }

    /** The form again, with what it would change; nothing is saved, whatever is in it. */
    @POST
    @Path("preview")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public TemplateInstance preview(@RestPath String project, Typed typed) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        RuleForm form = typed.form();
        var troubles = form.troubles(current);
        return form.page(
                shell(found),
                found,
                current,
                troubles,
                null,
                troubles.isEmpty()
                        ? preview(
                                found,
                                regroups.preview(found, form.among(current).rules(), PREVIEWED))
                        : null,
                true);
    }

    /** Asks a rule one place earlier, or later. */
    @POST
    @Path("move")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response move(
            @RestPath String project,
            @RestForm @DefaultValue("0") int version,
            @RestForm @DefaultValue("") String rule,
            @RestForm @DefaultValue("true") boolean earlier,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return changed(project, version, rule, old -> old.moved(rule, earlier), actor(identity, request));
    }

    @POST
    @Path("delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @BrowserForm
    @PermissionsAllowed(Scope.WRITE)
    public Response delete(
            @RestPath String project,
            @RestForm @DefaultValue("0") int version,
            @RestForm @DefaultValue("") String rule,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        return changed(project, version, rule, old -> old.without(rule), actor(identity, request));
    }

    private Response changed(
            String project, int version, String rule, UnaryOperator<ProjectRules> change, Actor actor) {
        Project found = projects.named(project);
        ProjectRules current = rules.of(found.id());
        if (current.version() == version) {
            known(current, rule);
        }
        try {
            var wanted = new ProjectRules(version, change.apply(current).rules());
            return saved(found, rules.save(found, wanted, actor));
        } catch (Problem problem) {
            if (problem.status() != CONFLICT) {
                throw problem;
            }
            String trouble = "Somebody else changed the rules meanwhile, so nothing was done. These are theirs.";
            return shown(CONFLICT, list(found, rules.of(found.id()), trouble, false));
        }
    }

    private static ProjectRules.Rule known(ProjectRules current, String id) {
        return current.rule(id).orElseThrow(() -> Problem.notFound("rule-not-found", "No rule has the id \"%s\".", id));
    }

    private RulesPage list(Project project, ProjectRules current, @Nullable String trouble, boolean saved) {
        return RulesPage.of(
                visit.shell("Rules", project.name(), Shell.Section.CLUSTERS),
                project,
                current,
                fingerprinter.packs(),
                trouble,
                saved);
    }

    private RuleFormPage form(Project project, ProjectRules current, RuleForm form) {
        return form.page(shell(project), project, current, List.of(), null, null, visit.mayWrite());
    }

    private Shell shell(Project project) {
        return visit.shell("Rule", project.name(), Shell.Section.CLUSTERS);
    }

    private static Response saved(Project project, ProjectRules saved) {
        return ClusterForms.to(Address.ofProject(project.name(), "rules")
                .with("saved", Integer.toString(saved.version()))
                .toString());
    }

    private static Response shown(int status, TemplateInstance page) {
        return Response.status(status).entity(page).build();
    }

    private static RuleFormPage.Preview preview(Project project, GroupingDifference difference) {
        var changes = Stream.of(
                        changes(project, "split", difference.split()),
                        changes(project, "join", difference.joined()),
                        changes(project, "rename", difference.renamed()))
                .flatMap(List::stream)
                .toList();
        int count = difference.split().count()
                + difference.joined().count()
                + difference.renamed().count();
        String crashes = "the newest " + Words.counted(difference.crashes(), "crash");
        return new RuleFormPage.Preview(
                difference.crashes() == 0
                        ? "No crash is stored yet, so there is nothing to compare with."
                        : difference.changed() == 0 && count == 0
                                ? "Nothing would change among %s.".formatted(crashes)
                                : "Among %s, %s would be in another variant: %s → %s, %s → %s."
                                        .formatted(
                                                crashes,
                                                Words.number(difference.changed()),
                                                Words.counted(difference.variantsBefore(), "variant"),
                                                Words.number(difference.variantsAfter()),
                                                Words.counted(difference.clustersBefore(), "cluster"),
                                                Words.number(difference.clustersAfter())),
                count == 0
                        ? null
                        : "%s, %s, %s"
                                .formatted(
                                        Words.counted(difference.split().count(), "split"),
                                        Words.counted(difference.joined().count(), "join"),
                                        Words.counted(difference.renamed().count(), "new name")),
                changes,
                count - changes.size());
    }

    private static List<GroupingChange> changes(Project project, String kind, GroupingDifference.Changes changes) {
        return changes.examples().stream()
                .map(example -> GroupingChange.of(project, kind, example))
                .toList();
    }

    private static Actor actor(SecurityIdentity identity, HttpServerRequest request) {
        return Actor.of(identity, request, Instant.now());
    }

    @ServerExceptionMapper
    Response render(Problem problem, UriInfo address) {
        return errors.of(problem, address.getPathParameters().getFirst("project"));
    }
}
