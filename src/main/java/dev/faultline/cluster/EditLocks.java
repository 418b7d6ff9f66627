package dev.faultline.cluster;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The order in which locks are taken, so that ingest and edits never wait for each other in a circle:
 *
 * <ol>
 *   <li>rows of the fleet and the row of the crash (ingest only);
 *   <li>the edits of the project: shared by whoever brings a new variant, alone by an edit;
 *   <li>the incomplete variants of the project, by whoever brings one or may change their keys (ingest only);
 *   <li>the top frames, k3 (ingest only);
 *   <li>rows of variants and their counters by variant, then rows of clusters.
 * </ol>
 *
 * <p>An edit touches no row of 1 and no counter, and whoever holds a row of 5 asks for nothing of 2 to 4 any more. An edit
 * thus sees no variant come between its statements, and the top frames of a thousand variants need no thousand locks.
 */
final class EditLocks {
    /** Tells this lock of a project from those of top frames, which are hashed with the project as the seed. */
    private static final String SHARED =
            "select pg_advisory_xact_lock_shared(hashtextextended('cluster edits of a project', ?))";

    private static final String ALONE =
            "select pg_advisory_xact_lock(hashtextextended('cluster edits of a project', ?))";

    private static final String INCOMPLETE =
            "select pg_advisory_xact_lock(hashtextextended('incomplete variants of a project', ?))";

    /** Whoever comes with the same top frames at the same moment waits here, and then finds this one's cluster. */
    private static final String TOP_FRAMES = "select pg_advisory_xact_lock(hashtextextended(?, ?))";

    private EditLocks() {}

    /**
     * For a new variant: no edit runs from here to the end of the transaction, nor does another variant with that k3 come.
     *
     * @param rekeys the variant is incomplete, or may change the cluster keys of incomplete ones
     */
    static void forVariant(Connection transaction, long projectId, String k3, boolean rekeys) throws SQLException {
        lock(transaction, SHARED, projectId);
        if (rekeys) {
            lock(transaction, INCOMPLETE, projectId);
        }
        try (var lock = transaction.prepareStatement(TOP_FRAMES)) {
            lock.setString(1, k3);
            lock.setLong(2, projectId);
            lock.execute();
        }
    }

    /** For an edit: no variant comes, and no other edit runs, from here to the end of the transaction. */
    static void forEdit(Connection transaction, long projectId) throws SQLException {
        lock(transaction, ALONE, projectId);
    }

    private static void lock(Connection transaction, String sql, long projectId) throws SQLException {
        try (var lock = transaction.prepareStatement(sql)) {
            lock.setLong(1, projectId);
            lock.execute();
        }
    }
}
