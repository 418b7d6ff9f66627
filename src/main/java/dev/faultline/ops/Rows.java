package dev.faultline.ops;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is read again and again out of rows. */
public final class Rows {
    private Rows() {}

    /** The first column of a query for ids, in its order. */
    public static List<Long> ids(Connection connection, String sql, List<?> values) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (var query = Fragment.prepare(connection, sql, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }

    /** A time; null where there is none. */
    public static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
