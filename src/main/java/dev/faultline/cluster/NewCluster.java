package dev.faultline.cluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A cluster of one variant, named after it. */
record NewCluster(String signature, String reason, @Nullable String software) {
    private static final String ADD = """
            insert into cluster (project_id, signature, reason, software, created_at) values (?, ?, ?, ?, ?)
            returning id
            """;

    long added(Connection transaction, long projectId, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(ADD)) {
            insert.setLong(1, projectId);
            insert.setString(2, signature);
            insert.setString(3, reason);
            insert.setString(4, software);
            insert.setTimestamp(5, Timestamp.from(now));
            return id(insert.executeQuery());
        }
    }

    static long id(ResultSet inserted) throws SQLException {
        try (inserted) {
            inserted.next();
            return inserted.getLong(1);
        }
    }
}
