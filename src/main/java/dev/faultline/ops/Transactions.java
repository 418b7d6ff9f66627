package dev.faultline.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Short transactions in plain SQL. A transaction that PostgreSQL ends because of others (deadlock, serialization) is run
 * again, so the work must have no effect outside of the database.
 */
@ApplicationScoped
public class Transactions {
    private static final Logger LOG = Logger.getLogger(Transactions.class);
    private static final int TRIES = 4;
    /** {@code serialization_failure} and {@code deadlock_detected}. */
    private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01");

    private final DataSource database;

    public Transactions(DataSource database) {
        this.database = database;
    }

    /** What is done with one connection. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    /** One statement, or some that need not agree with each other; each is its own transaction. */
    public <T extends @Nullable Object> T read(Work<T> work) {
        try (var connection = database.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not answer: " + e.getMessage(), e);
        }
    }

    /** Statements that have to agree with each other: all of them see the database as the first one sees it. */
    public <T extends @Nullable Object> T snapshot(Work<T> work) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var set = connection.createStatement()) {
                set.execute("set transaction isolation level repeatable read, read only");
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not answer: " + e.getMessage(), e);
        }
    }

    /** All or nothing, durable when this returns. */
    public <T extends @Nullable Object> T durable(Work<T> work) {
        return run(work, true);
    }

    /** What is done with one connection, for its effect. */
    @FunctionalInterface
    public interface Deed {
        void run(Connection connection) throws SQLException;
    }

    /** All or nothing, durable when this returns. */
    public void durably(Deed deed) {
        durable(connection -> {
            deed.run(connection);
            return true;
        });
    }

    /**
     * All or nothing, but a power failure or the end of the database may undo it: only for work that is then done again,
     * such as that of a queue.
     */
    public <T extends @Nullable Object> T repeatable(Work<T> work) {
        return run(work, false);
    }

    private <T extends @Nullable Object> T run(Work<T> work, boolean durable) {
        for (int tries = 1; ; tries++) {
            try {
                return once(work, durable);
            } catch (SQLException e) {
                if (tries == TRIES || !TRY_AGAIN.contains(String.valueOf(e.getSQLState()))) {
                    throw new IllegalStateException("the database did not take it: " + e.getMessage(), e);
                }
                LOG.infof("transaction is tried again: %s", e.getMessage());
            }
        }
    }

    private <T extends @Nullable Object> T once(Work<T> work, boolean durable) throws SQLException {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (!durable) {
                    try (var set = connection.createStatement()) {
                        set.execute("set local synchronous_commit to off");
                    }
                }
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private static void rollBack(Connection connection, Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
