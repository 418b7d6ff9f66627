package dev.faultline.cluster;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterEdit.Kind;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Objects;

/** What people do with clusters. Only variants move; what was counted stays with its variant. */
@ApplicationScoped
public class ClusterEdits {
    /** Clusters that one request merges. */
    public static final int MOST_CLUSTERS = 100;

    /** Variants that one edit moves or keeps apart. */
    public static final int MOST_VARIANTS = 10_000;

    private static final String HAS_CRASHES = """
            select exists (
                select from variant v join variant_day d on d.variant_id = v.id where v.cluster_id = k.id)
            from cluster k where k.id = ? and k.project_id = ?
            """;

    /** Named after its variant with most crashes. */
    private static final String NEW_CLUSTER = """
            insert into cluster (project_id, signature, reason, software, created_at)
            select v.project_id, v.signature, v.reason, v.software, ?
            from variant v
            where v.project_id = ? and v.cluster_id = ? and v.id = any(?)
            order by (select sum(crashes) from variant_day where variant_id = v.id) desc nulls last, v.id
            limit 1
            returning id
            """;

    private static final String STAYS = "select exists (select from variant where cluster_id = ? and not id = any(?))";

    private static final String MOVED_SINCE = """
            select e.variant_id, e.to_cluster, v.cluster_id
            from cluster_edit_variant e join variant v on v.id = e.variant_id
            where e.edit_id = ? and v.cluster_id <> e.to_cluster
            order by e.variant_id limit 1
            """;

    private final Transactions transactions;

    ClusterEdits(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Moves all variants of some clusters into another one, and new variants with their top frames from now on. */
    public ClusterEdit merge(Project project, ClusterId into, List<ClusterId> clusters, Actor actor) {
        return merge(project, into, clusters, actor, "");
    }

    /**
     * The same, for a reason.
     *
     * @param reason empty, or what stands behind who did it
     */
    public ClusterEdit merge(Project project, ClusterId into, List<ClusterId> clusters, Actor actor, String reason) {
        List<ClusterId> merged = clusters.stream().distinct().sorted().toList();
        bounded("clusters", merged.size(), MOST_CLUSTERS);
        if (merged.contains(into)) {
            throw Problem.badRequest("same-cluster", "%s can not be merged into itself", into);
        }
        return edited(project, actor, transaction -> {
            alive(transaction, project, into);
            for (ClusterId cluster : merged) {
                alive(transaction, project, cluster);
            }
            var rows = EditRows.begin(transaction, project.id(), actor, Kind.MERGE, null);
            bounded("variants", rows.wholeClusters(numbers(merged), into.number()), MOST_VARIANTS);
            rows.moved("merged into this cluster by %s, edit %d%s"
                    .formatted(actor.name(), rows.edit(), reason.isEmpty() ? "" : ": " + reason));
            rows.teaches();
            return rows.edit();
        });
    }

    /** Moves variants of a cluster into a new one. */
    public ClusterEdit split(Project project, ClusterId from, List<Long> variants, Actor actor) {
        List<Long> moving = distinct(variants);
        return edited(project, actor, transaction -> {
            alive(transaction, project, from);
            if (!stays(transaction, from, moving)) {
                throw Problem.of(409, "nothing-left", "Nothing of %s would be left; split off a part of it", from);
            }
            long to = newCluster(transaction, project, from, moving, actor);
            return moved(transaction, project, from, moving, to, Kind.SPLIT, actor);
        });
    }

    /** Moves variants of a cluster into another one. */
    public ClusterEdit move(Project project, ClusterId from, List<Long> variants, ClusterId to, Actor actor) {
        if (from.equals(to)) {
            throw Problem.badRequest("same-cluster", "the variants are in %s already", to);
        }
        List<Long> moving = distinct(variants);
        return edited(project, actor, transaction -> {
            alive(transaction, project, from);
            alive(transaction, project, to);
            return moved(transaction, project, from, moving, to.number(), Kind.MOVE, actor);
        });
    }

    /** Says that two clusters are not the same: nothing joins their variants by itself, nor suggests it. */
    public ClusterEdit keepApart(Project project, ClusterId one, ClusterId other, Actor actor) {
        if (one.equals(other)) {
            throw Problem.badRequest("same-cluster", "%s is not apart from itself", one);
        }
        return edited(project, actor, transaction -> {
            alive(transaction, project, one);
            alive(transaction, project, other);
            var rows = EditRows.begin(transaction, project.id(), actor, Kind.APART, null);
            bounded("variants", rows.whereTheyAre(List.of(one.number(), other.number())), MOST_VARIANTS);
            rows.apart();
            return rows.edit();
        });
    }

    /** Puts back what a merge moved, and never again lets them be joined by themselves. */
    public ClusterEdit unmerge(Project project, long edit, Actor actor) {
        return back(project, edit, Kind.UNMERGE, actor);
    }

    /** Puts back what an edit moved, as if it had not been. */
    public ClusterEdit undo(Project project, long edit, Actor actor) {
        return back(project, edit, Kind.UNDO, actor);
    }

    /** Edits by their ids. */
    public static List<ClusterEdit> list(Connection connection, long projectId, List<Long> ids) throws SQLException {
        return EditLog.list(connection, projectId, ids);
    }

    private ClusterEdit back(Project project, long edit, Kind kind, Actor actor) {
        return edited(project, actor, transaction -> {
            ClusterEdit undone = EditLog.find(transaction, project.id(), edit);
            if (undone == null) {
                throw Problem.notFound("edit-not-found", "No edit has the id %d", edit);
            }
            if (kind == Kind.UNMERGE && undone.kind() != Kind.MERGE) {
                throw Problem.of(
                        409,
                        "not-a-merge",
                        "Edit %d is a %s, not a merge",
                        edit,
                        undone.kind().label());
            }
            if (undone.undoneBy() != null) {
                throw Problem.of(409, "edit-undone", "Edit %d was undone by edit %d", edit, undone.undoneBy());
            }
            uncontradicted(transaction, edit);
            var rows = EditRows.begin(transaction, project.id(), actor, kind, edit);
            rows.movedBack(edit);
            if (kind == Kind.UNMERGE) {
                bounded("variants", rows.apart(), MOST_VARIANTS);
            }
            return rows.edit();
        });
    }

    private static void uncontradicted(Connection transaction, long edit) throws SQLException {
        try (var query = Fragment.prepare(transaction, MOVED_SINCE, List.of(edit));
                var row = query.executeQuery()) {
            if (row.next()) {
                throw Problem.of(
                        409,
                        "edit-contradicted",
                        "Variant %d, which edit %d moved to C-%d, is in C-%d by now; undo what moved it there first",
                        row.getLong(1),
                        edit,
                        row.getLong(2),
                        row.getLong(3));
            }
        }
    }

    private static long moved(
            Connection transaction,
            Project project,
            ClusterId from,
            List<Long> variants,
            long to,
            Kind kind,
            Actor actor)
            throws SQLException {
        var rows = EditRows.begin(transaction, project.id(), actor, kind, null);
        int found = rows.some(variants, from.number(), to);
        if (found != variants.size()) {
            throw Problem.of(409, "variant-elsewhere", "%s has %d of these %d variants", from, found, variants.size());
        }
        String verb = kind == Kind.SPLIT ? "split off" : "moved";
        rows.moved("%s from %s by %s, edit %d".formatted(verb, from, actor.name(), rows.edit()));
        bounded("variants", rows.apart(), MOST_VARIANTS);
        return rows.edit();
    }

    private static boolean stays(Connection transaction, ClusterId from, List<Long> moving) throws SQLException {
        try (var query = Fragment.prepare(transaction, STAYS, List.of(from.number(), moving));
                var row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static long newCluster(
            Connection transaction, Project project, ClusterId from, List<Long> variants, Actor actor)
            throws SQLException {
        List<Object> values = List.of(Timestamp.from(actor.now()), project.id(), from.number(), variants);
        try (var insert = Fragment.prepare(transaction, NEW_CLUSTER, values);
                var row = insert.executeQuery()) {
            if (!row.next()) {
                throw Problem.of(409, "variant-elsewhere", "%s has 0 of these %d variants", from, variants.size());
            }
            return row.getLong(1);
        }
    }

    /** The project has it, and it has crashes. */
    private static void alive(Connection transaction, Project project, ClusterId id) throws SQLException {
        try (var query = Fragment.prepare(transaction, HAS_CRASHES, List.of(id.number(), project.id()));
                var row = query.executeQuery()) {
            if (!row.next()) {
                throw Problem.notFound("cluster-not-found", "No cluster has the id %s", id);
            }
            if (!row.getBoolean(1)) {
                throw Problem.of(409, "cluster-empty", "%s has no crashes any more; its address leads to them", id);
            }
        }
    }

    private static List<Long> numbers(List<ClusterId> clusters) {
        return clusters.stream().map(ClusterId::number).toList();
    }

    private static List<Long> distinct(List<Long> variants) {
        List<Long> distinct = variants.stream().distinct().sorted().toList();
        bounded("variants", distinct.size(), MOST_VARIANTS);
        return distinct;
    }

    private static void bounded(String what, int found, int most) {
        if (found < 1 || found > most) {
            throw Problem.badRequest("bad-" + what, "%s: found %d, wanted 1 to %d", what, found, most);
        }
    }

    /** Does the deed, and returns the id of its edit. */
    @FunctionalInterface
    private interface Deed {
        long run(Connection transaction) throws SQLException;
    }

    private ClusterEdit edited(Project project, Actor actor, Deed deed) {
        return transactions.durable(transaction -> {
            EditLocks.forEdit(transaction, project.id());
            long id = deed.run(transaction);
            ClusterEdit edit = Objects.requireNonNull(EditLog.find(transaction, project.id(), id));
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "clusters-" + edit.kind().label(),
                    "%s: edit %d, %d variants to %s".formatted(project.name(), id, edit.variants(), first(edit)),
                    actor.address());
            return edit;
        });
    }

    private static String first(ClusterEdit edit) {
        return edit.to().isEmpty()
                ? "nowhere"
                : edit.to().getFirst() + (edit.to().size() > 1 ? " and others" : "");
    }
}
