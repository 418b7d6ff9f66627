package dev.faultline.regroup;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.cluster.GroupingDifference;
import dev.faultline.cluster.Regrouping;
import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Transactions;
import dev.faultline.rules.Rules;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Jobs that group the crashes of a project again, and previews of rules. */
@ApplicationScoped
public class Regroups {
    /** Changes of each kind that a preview tells. */
    private static final int MOST_EXAMPLES = 10;

    private final Transactions transactions;
    private final RegroupJobs jobs;
    private final RegroupRunner runner;
    private final Stacks stacks;
    private final Fingerprinter fingerprinter;
    private final Regrouping regrouping;
    private final Rules rules;

    Regroups(
            Transactions transactions,
            RegroupJobs jobs,
            RegroupRunner runner,
            Stacks stacks,
            Fingerprinter fingerprinter,
            Regrouping regrouping,
            Rules rules) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.runner = runner;
        this.stacks = stacks;
        this.fingerprinter = fingerprinter;
        this.regrouping = regrouping;
        this.rules = rules;
    }

    /** Asks for a job; a 409 problem while another one of the project is at work. */
    public Regroup ask(Project project, boolean dryRun, Actor actor) {
        Regroup asked = transactions.durable(transaction -> {
            Regroup job = jobs.add(transaction, project.id(), dryRun, actor.name(), actor.now())
                    .orElseThrow(() -> Problem.of(
                            409, "regroup-at-work", "A regroup of %s is at work; one at a time", project.name()));
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    dryRun ? "regroup-dry-run" : "regroup",
                    "%s: regroup %d".formatted(project.name(), job.id()),
                    actor.address());
            return job;
        });
        runner.wake();
        return asked;
    }

    /** A job; a 404 problem if the project has none of that id. */
    public Regroup job(Project project, long id) {
        return transactions
                .read(connection -> jobs.find(connection, project.id(), id))
                .orElseThrow(() -> Problem.notFound("regroup-not-found", "No regroup has the id %d", id));
    }

    /** The jobs of a project, newest first, below {@code before}. */
    public Page<Regroup> list(Project project, long before, int limit) {
        List<Regroup> found = transactions.read(connection -> jobs.list(connection, project.id(), before, limit));
        return new Page<>(
                found,
                found.size() < limit ? null : Long.toString(found.getLast().id()));
    }

    /** What a job changes or would change, behind a place of the list. */
    public Page<Regroup.Change> changes(Project project, long id, int after, int limit) {
        Regroup job = job(project, id);
        List<Regroup.Change> found = transactions.read(connection -> jobs.changes(connection, job.id(), after, limit));
        return new Page<>(
                found,
                found.size() < limit ? null : Integer.toString(found.getLast().place()));
    }

    /** What other rules would make of the newest crashes; nothing is changed. */
    public GroupingDifference preview(Project project, List<ProjectRules.Rule> wanted, int newest) {
        stacks.fill(project.id(), newest, _ -> {});
        var printed = new PrintedStacks(
                stacks,
                project.id(),
                fingerprinter.by(new ProjectRules(rules.of(project.id()).version(), wanted)));
        return transactions.snapshot(snapshot -> {
            printed.some(snapshot, newest(snapshot, project.id(), newest));
            return regrouping.difference(snapshot, project.id(), printed, newest, MOST_EXAMPLES);
        });
    }

    private static List<Long> newest(Connection connection, long projectId, int most) throws SQLException {
        String sql = """
                select distinct stack_id from (
                    select stack_id from crash where project_id = ? and variant_id is not null
                    order by effective_at desc, id desc limit ?) newest
                where stack_id is not null order by stack_id
                """;
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, projectId);
            query.setInt(2, most);
            try (var row = query.executeQuery()) {
                List<Long> ids = new ArrayList<>();
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
                return ids;
            }
        }
    }
}
