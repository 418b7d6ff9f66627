package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.ops.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Clusters that were resolved, and crash in a release that contains the fix. */
final class RegressedClusters {
    private static final String REGRESSED = """
            select id from cluster where project_id = ? and software = ? and state = 'open' and regressed_in = ? order by id
            """;

    private RegressedClusters() {}

    /** Those that regressed in a version. */
    static List<ClusterId> in(Connection connection, long projectId, String software, String version)
            throws SQLException {
        return Rows.ids(connection, REGRESSED, List.of(projectId, software, version)).stream()
                .map(ClusterId::new)
                .toList();
    }
}
