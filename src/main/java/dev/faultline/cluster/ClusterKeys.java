package dev.faultline.cluster;

import dev.faultline.fingerprint.ClusterKey;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cluster keys among the variants of a project, which {@link EditLocks} keep still meanwhile. */
final class ClusterKeys {
    /** The two ends of the index: one and the same where all complete variants agree. */
    private static final String SAME_K1 =
            "select min(k3), max(k3) from variant where project_id = ? and k1 = ? and not incomplete and not resting";

    private static final String SAME_K2 =
            "select min(k3), max(k3) from variant where project_id = ? and k2 = ? and not incomplete and not resting";

    private static final String SAID_BEFORE = """
            select exists (
                    select from variant where project_id = ? and k1 = ? and k3 = ? and not incomplete and not resting)
                and (?::text is null or exists (
                    select from variant where project_id = ? and k2 = ? and k3 = ? and not incomplete and not resting))
            """;

    /** Whether a person put a variant {@code v} where it is. */
    static final String PLACED = """
            exists (
                select from cluster_edit_variant e
                join cluster_edit m on m.id = e.edit_id and m.undone_by is null and m.kind in ('merge', 'split', 'move')
                where e.variant_id = v.id and e.to_cluster = v.cluster_id)
            """;

    /** Incomplete variants that a complete one may change. */
    private static final String TOUCHED = """
            select v.id, v.cluster_id, v.k1, v.k2, v.k3, v.cluster_key, v.signature, v.reason, v.software
            from variant v
            where v.project_id = ? and v.incomplete and (v.k1 = ? or v.k2 = ?) and not""" + " " + PLACED + "order by v.id";

    private ClusterKeys() {}

    /** An incomplete variant whose cluster key is another one from now on. */
    record Rekeyed(long variant, long cluster, ClusterKey key, NewCluster itself) {}

    static ClusterKey of(Connection transaction, long projectId, Fingerprint fingerprint) throws SQLException {
        return fingerprint.incomplete()
                ? ofIncomplete(transaction, projectId, fingerprint.k1(), fingerprint.k2(), fingerprint.k3())
                : ClusterKey.ofComplete(fingerprint.k3());
    }

    /** Whether a complete variant was here before that says the same of its innermost functions: it changes no other's key. */
    static boolean saidBefore(Connection transaction, long projectId, Fingerprint fingerprint) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                projectId,
                fingerprint.k1(),
                fingerprint.k3(),
                fingerprint.k2(),
                projectId,
                fingerprint.k2(),
                fingerprint.k3()));
        try (var query = Fragment.prepare(transaction, SAID_BEFORE, values);
                var row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Those whose keys change since a complete variant with these keys came. */
    static List<Rekeyed> changedBy(Connection transaction, long projectId, Fingerprint complete) throws SQLException {
        List<Rekeyed> changed = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(projectId, complete.k1(), complete.k2()));
        try (var query = Fragment.prepare(transaction, TOUCHED, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                var key = ofIncomplete(transaction, projectId, row.getString(3), row.getString(4), row.getString(5));
                if (!key.key().equals(row.getString(6))) {
                    var itself = new NewCluster(row.getString(7), row.getString(8), row.getString(9));
                    changed.add(new Rekeyed(row.getLong(1), row.getLong(2), key, itself));
                }
            }
        }
        return changed;
    }

    private static ClusterKey ofIncomplete(
            Connection transaction, long projectId, String k1, @Nullable String k2, String k3) throws SQLException {
        return ClusterKey.ofIncomplete(
                k3, ends(transaction, SAME_K1, projectId, k1), ends(transaction, SAME_K2, projectId, k2));
    }

    private static Set<String> ends(Connection transaction, String sql, long projectId, @Nullable String key)
            throws SQLException {
        if (key == null) {
            return Set.of();
        }
        try (var query = Fragment.prepare(transaction, sql, List.of(projectId, key));
                var row = query.executeQuery()) {
            row.next();
            return ends(row);
        }
    }

    private static Set<String> ends(ResultSet row) throws SQLException {
        Set<String> ends = new HashSet<>();
        for (int column = 1; column <= 2; column++) {
            String k3 = row.getString(column);
            if (k3 != null) {
                ends.add(k3);
            }
        }
        return ends;
    }
}
