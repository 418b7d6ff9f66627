package dev.faultline.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Statements with their arguments, in the transaction of the caller if there is one. */
@ApplicationScoped
class Sql {
    private final DataSource database;

    Sql(DataSource database) {
        this.database = database;
    }

    /** Reads one row into a value. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows; the statement has a limit. */
    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepared(connection, sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<T> values = new ArrayList<>();
            while (rows.next()) {
                values.add(reader.read(rows));
            }
            return List.copyOf(values);
        } catch (SQLException e) {
            throw new IllegalStateException("the database refused: " + sql, e);
        }
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        return list(sql, reader, arguments).stream().findFirst();
    }

    /** How many rows it changed. */
    int update(String sql, @Nullable Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepared(connection, sql, arguments)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database refused: " + sql, e);
        }
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Set<String> strings(ResultSet row, String column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case Instant time -> statement.setObject(i + 1, time.atOffset(ZoneOffset.UTC));
                    case Set<?> strings ->
                        statement.setArray(i + 1, connection.createArrayOf("text", strings.toArray()));
                    case null, default -> statement.setObject(i + 1, arguments[i]);
                }
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }
}
