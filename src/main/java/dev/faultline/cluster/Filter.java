package dev.faultline.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Conditions of a query with their values, in the order in which they stand in the text. */
final class Filter {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** What restricts the clusters {@code k} themselves. */
    static Filter clusters(ClusterQuery query) {
        var filter = new Filter();
        if (query.software() != null) {
            filter.and("k.software = ?", query.software());
        }
        if (query.reason() != null) {
            filter.and("k.reason = ?", query.reason());
        }
        if (query.state() != null) {
            filter.and("k.state = ?", query.state());
        }
        if (query.text() != null) {
            // strpos, not like: % and _ in a name are characters
            filter.and("strpos(lower(k.signature || ' ' || coalesce(k.title, '')), lower(?)) > 0", query.text());
        }
        return filter;
    }

    /** One that begins with a condition, to stand behind {@code where}. */
    static Filter of(String condition, Object... values) {
        var filter = new Filter();
        filter.text.append(condition);
        filter.values.addAll(List.of(values));
        return filter;
    }

    Filter and(String condition, Object... more) {
        text.append(" and ").append(condition);
        values.addAll(List.of(more));
        return this;
    }

    Filter or(String condition, Object... more) {
        text.append(" or ").append(condition);
        values.addAll(List.of(more));
        return this;
    }

    String text() {
        return text.toString();
    }

    List<Object> values() {
        return List.copyOf(values);
    }

    /** A statement with its values, given in the order of their question marks. */
    static PreparedStatement prepare(Connection connection, String sql, List<Object> values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value instanceof List<?> numbers) {
                statement.setArray(i + 1, connection.createArrayOf("bigint", numbers.toArray()));
            } else if (value instanceof Instant instant) {
                statement.setTimestamp(i + 1, Timestamp.from(instant));
            } else {
                statement.setObject(i + 1, value);
            }
        }
        return statement;
    }
}
