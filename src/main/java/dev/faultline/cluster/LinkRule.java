package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a merge taught about the top frames of the variants that it moved.
 *
 * @param edit the merge
 * @param cluster where new variants with those frames belong
 */
record LinkRule(long edit, long cluster) {

    /**
     * The newest merge in force decides, while one of its variants is still where it put it. It does not where a person
     * took a variant with these frames apart from one of that cluster; the first such one is enough, and of a plain join the
     * planner would read all that was ever taken apart.
     */
    private static final String FIND = """
            select l.edit_id, l.to_cluster
            from cluster_link l
            join cluster_edit m on m.id = l.edit_id and m.undone_by is null
            where l.project_id = ? and l.cluster_key = ?
                and exists (
                    select from variant v
                    where v.project_id = l.project_id and v.cluster_key = l.cluster_key and v.cluster_id = l.to_cluster)
                and not exists (
                    select from variant a
                    join variant_apart x on x.variant_id = a.id
                    join cluster_edit e on e.id = x.edit_id and e.undone_by is null
                    cross join lateral (
                        select from variant_apart y join variant b on b.id = y.variant_id and b.cluster_id = l.to_cluster
                        where y.edit_id = x.edit_id and y.side <> x.side
                        limit 1) b
                    where a.project_id = l.project_id and a.cluster_key = l.cluster_key and a.cluster_id <> l.to_cluster)
            order by l.edit_id desc
            limit 1
            """;

    /** Asked of every new variant, and true of few: the rest is dear to plan, each time anew. */
    private static final String ANY = "select from cluster_link where project_id = ? and cluster_key = ? limit 1";

    static @Nullable LinkRule find(Connection transaction, long projectId, String clusterKey) throws SQLException {
        try (var query = Fragment.prepare(transaction, ANY, List.of(projectId, clusterKey));
                var row = query.executeQuery()) {
            if (!row.next()) {
                return null;
            }
        }
        try (var query = Fragment.prepare(transaction, FIND, List.of(projectId, clusterKey));
                var row = query.executeQuery()) {
            return row.next() ? new LinkRule(row.getLong(1), row.getLong(2)) : null;
        }
    }

    String because() {
        return "the same top frames as a variant that edit %d merged into this cluster".formatted(edit);
    }
}
