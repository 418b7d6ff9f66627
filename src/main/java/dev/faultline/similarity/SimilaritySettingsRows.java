package dev.faultline.similarity;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/** The row of a project's settings. */
@Singleton
class SimilaritySettingsRows {

    SimilaritySettings of(Connection connection, long projectId) throws SQLException {
        String sql = """
                select auto_join, alpha, beta, gamma, tuned_at, "right" from similarity where project_id = ?
                """;
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, projectId);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    return SimilaritySettings.NONE;
                }
                Timestamp tuned = row.getTimestamp(5);
                return new SimilaritySettings(
                        row.getBoolean(1),
                        new Weights(row.getDouble(2), row.getDouble(3), row.getDouble(4)),
                        tuned == null ? null : tuned.toInstant(),
                        row.getObject(6, Double.class));
            }
        }
    }

    void autoJoin(Connection transaction, long projectId, boolean autoJoin) throws SQLException {
        String sql = """
                insert into similarity (project_id, auto_join) values (?, ?)
                on conflict (project_id) do update set auto_join = excluded.auto_join
                """;
        try (var update = transaction.prepareStatement(sql)) {
            update.setLong(1, projectId);
            update.setBoolean(2, autoJoin);
            update.executeUpdate();
        }
    }

    void tuned(Connection transaction, long projectId, Tuning.Tuned tuned, Instant now) throws SQLException {
        String sql = """
                insert into similarity (project_id, alpha, beta, gamma, "right", tuned_at) values (?, ?, ?, ?, ?, ?)
                on conflict (project_id) do update set alpha = excluded.alpha, beta = excluded.beta,
                    gamma = excluded.gamma, "right" = excluded."right", tuned_at = excluded.tuned_at
                """;
        try (var update = transaction.prepareStatement(sql)) {
            update.setLong(1, projectId);
            update.setDouble(2, tuned.weights().alpha());
            update.setDouble(3, tuned.weights().beta());
            update.setDouble(4, tuned.weights().gamma());
            update.setDouble(5, tuned.right());
            update.setTimestamp(6, Timestamp.from(now));
            update.executeUpdate();
        }
    }
}
