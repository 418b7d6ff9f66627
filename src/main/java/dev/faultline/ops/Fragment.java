package dev.faultline.ops;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of SQL with the values of its question marks, in the order in which these stand in the text. */
public final class Fragment {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** Conditions that begin with none: what comes stands behind others. */
    public Fragment() {}

    public Fragment(String text, Object... values) {
        append(text, values);
    }

    public Fragment and(String condition, Object... more) {
        return append(" and " + condition, more);
    }

    /** A condition, or that it does not hold. */
    public Fragment and(boolean negated, String condition, Object... more) {
        return append((negated ? " and not (" : " and (") + condition + ")", more);
    }

    public Fragment or(String condition, Object... more) {
        return append(" or " + condition, more);
    }

    /** More of the text that is no condition. */
    public Fragment append(String more, Object... moreValues) {
        text.append(more);
        values.addAll(List.of(moreValues));
        return this;
    }

    public Fragment append(Fragment more) {
        text.append(more.text);
        values.addAll(more.values);
        return this;
    }

    public String text() {
        return text.toString();
    }

    public List<Object> values() {
        return List.copyOf(values);
    }

    public PreparedStatement prepare(Connection connection) throws SQLException {
        return prepare(connection, text(), values);
    }

    /** Executes a statement with its values; how many rows it changed. */
    public static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = prepare(connection, sql, List.of(values))) {
            return statement.executeUpdate();
        }
    }

    /** A statement with its values; a list of them is an array of {@code bigint}. */
    public static PreparedStatement prepare(Connection connection, String sql, List<? extends @Nullable Object> values)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            switch (values.get(i)) {
                case List<?> ids -> statement.setArray(i + 1, connection.createArrayOf("bigint", ids.toArray()));
                case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
                case Instant instant -> statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
                case null, default -> statement.setObject(i + 1, values.get(i));
            }
        }
        return statement;
    }
}
