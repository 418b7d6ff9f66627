package dev.faultline.ops;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Rows that wait in a log until they are added up, project by project: by a schedule, and for whoever is about to read the sums. */
public final class Backlog {
    private static final int PATIENCE_MS = 1000;
    private static final String PATIENCE = "set local lock_timeout to " + PATIENCE_MS;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Transactions transactions;
    private final int atOnce;
    private final Addition addition;
    private final String waiting;
    private final String projects;

    /** Takes rows out of the log and adds them up. */
    @FunctionalInterface
    public interface Addition {
        /** The oldest first; returns how many that were, {@code most} at most. */
        int add(Connection transaction, long projectId, int most) throws SQLException;
    }

    /**
     * A log.
     *
     * @param table with an index that begins with its {@code project_id}
     * @param atOnce rows that one transaction takes
     */
    @SuppressWarnings("InlineFormatString") // queries stand in one place
    public Backlog(Transactions transactions, String table, int atOnce, Addition addition) {
        this.transactions = transactions;
        this.atOnce = atOnce;
        this.addition = addition;
        this.waiting = "select project_id from %s where project_id = ? limit 1".formatted(table);
        // one look at the index for each project, however many rows wait
        this.projects = "select id from project p where exists (select from %s l where l.project_id = p.id) order by id"
                .formatted(table);
    }

    /** Adds up all that waits. */
    public void drain() {
        for (long project : transactions.read(connection -> Rows.ids(connection, projects, List.of()))) {
            while (add(project) == atOnce) {
                // more wait
            }
        }
    }

    /**
     * Every row that was there before is added up, unless more wait than one transaction takes, or somebody else has been at it
     * for {@value #PATIENCE_MS} ms: whoever reads sums is not to wait for all the work of others.
     */
    public void catchUp(long projectId) {
        if (!transactions
                .read(connection -> Rows.ids(connection, waiting, List.of(projectId)))
                .isEmpty()) {
            transactions.repeatable(transaction -> {
                try {
                    Fragment.update(transaction, PATIENCE);
                    return addition.add(transaction, projectId, atOnce);
                } catch (SQLException e) {
                    if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                        throw e;
                    }
                    transaction.rollback();
                    return 0;
                }
            });
        }
    }

    /** What is lost with the server's power still waits in the log then. */
    private int add(long projectId) {
        return transactions.repeatable(transaction -> addition.add(transaction, projectId, atOnce));
    }
}
