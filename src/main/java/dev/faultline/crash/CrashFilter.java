package dev.faultline.crash;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Conditions of a query with their values, in the order in which they stand in the text. */
final class CrashFilter {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    CrashFilter(String begin, Object... values) {
        text.append(begin);
        this.values.addAll(List.of(values));
    }

    void and(boolean negated, String condition, Object... more) {
        text.append(negated ? " and not (" : " and (").append(condition).append(')');
        values.addAll(List.of(more));
    }

    /** More of the text that is no condition. */
    CrashFilter append(String more, Object... moreValues) {
        text.append(more);
        values.addAll(List.of(moreValues));
        return this;
    }

    CrashFilter append(CrashFilter more) {
        text.append(more.text);
        values.addAll(more.values);
        return this;
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        var statement = connection.prepareStatement(text.toString());
        for (int i = 0; i < values.size(); i++) {
            switch (values.get(i)) {
                case List<?> ids -> statement.setArray(i + 1, connection.createArrayOf("bigint", ids.toArray()));
                case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
                case Instant instant -> statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
                case Object value -> statement.setObject(i + 1, value);
            }
        }
        return statement;
    }
}
