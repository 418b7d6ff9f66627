package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the edits of a project. */
@SuppressWarnings("InlineFormatString") // the query stands in one place, before the code
final class EditLog {
    private static final String EDITS = """
            select e.id, e.at, e.actor, e.kind, count(v.variant_id),
                array_agg(distinct v.from_cluster) filter (where v.from_cluster is not null),
                array_agg(distinct v.to_cluster) filter (where v.to_cluster is not null), e.undoes, e.undone_by
            from cluster_edit e left join cluster_edit_variant v on v.edit_id = e.id
            where e.project_id = ? and %s
            group by e.id order by e.id desc limit ?
            """;

    private static final String ONE = EDITS.formatted("e.id = ?");

    private static final String OF_CLUSTER = EDITS.formatted("""
            e.id < ? and e.id in (
                select edit_id from cluster_edit_variant where from_cluster = ?
                union select edit_id from cluster_edit_variant where to_cluster = ?)""");

    private EditLog() {}

    static @Nullable ClusterEdit find(Connection connection, long projectId, long edit) throws SQLException {
        List<ClusterEdit> found = list(connection, ONE, List.of(projectId, edit, 1));
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Edits that moved variants into or out of a cluster, newest first, below {@code before}. */
    static List<ClusterEdit> of(Connection connection, long projectId, ClusterId id, long before, int limit)
            throws SQLException {
        return list(connection, OF_CLUSTER, List.of(projectId, before, id.number(), id.number(), limit));
    }

    private static List<ClusterEdit> list(Connection connection, String sql, List<Object> values) throws SQLException {
        List<ClusterEdit> edits = new ArrayList<>();
        try (var query = Fragment.prepare(connection, sql, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                edits.add(new ClusterEdit(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        ClusterEdit.Kind.of(row.getString(4)),
                        row.getLong(5),
                        clusters(row, 6),
                        clusters(row, 7),
                        row.getObject(8, Long.class),
                        row.getObject(9, Long.class)));
            }
        }
        return edits;
    }

    private static List<ClusterId> clusters(ResultSet row, int column) throws SQLException {
        var array = row.getArray(column);
        return array == null
                ? List.of()
                : Arrays.stream((Long[]) array.getArray()).map(ClusterId::new).toList();
    }
}
