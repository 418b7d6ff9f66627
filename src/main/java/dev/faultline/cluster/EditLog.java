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
final class EditLog {
    private static final String EDITS = """
            select e.id, e.at, e.actor, e.kind, count(v.variant_id),
                array_agg(distinct v.from_cluster) filter (where v.from_cluster is not null),
                array_agg(distinct v.to_cluster) filter (where v.to_cluster is not null), e.undoes, e.undone_by
            from cluster_edit e left join cluster_edit_variant v on v.edit_id = e.id
            where e.project_id = ? and e.id = any(?)
            group by e.id
            """;

    private EditLog() {}

    static @Nullable ClusterEdit find(Connection connection, long projectId, long edit) throws SQLException {
        List<ClusterEdit> found = list(connection, projectId, List.of(edit));
        return found.isEmpty() ? null : found.getFirst();
    }

    static List<ClusterEdit> list(Connection connection, long projectId, List<Long> ids) throws SQLException {
        List<ClusterEdit> edits = new ArrayList<>();
        try (var query = Fragment.prepare(connection, EDITS, List.of(projectId, ids));
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
