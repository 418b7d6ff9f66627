package dev.faultline.cluster;

import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.http.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The clusters of a project. */
@ApplicationScoped
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public class Clusters {

    /**
     * Puts a crash where it belongs and counts it there, or moves it there from where it was counted before. Writes the
     * crash row's {@code variant_id}, {@code device_id}, {@code release_id}, {@code hardware} and {@code fingerprint}
     * (nobody else may: they say what was counted); reads its {@code effective_at}, which must not change once counted.
     *
     * @param transaction an open transaction, which the caller ends soon: it holds locks now
     */
    public Assignment assign(
            Connection transaction, long projectId, Fingerprint fingerprint, CrashFacts facts, Instant now)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Takes a crash out of all counts, before its row is deleted. */
    public void forget(Connection transaction, long projectId, UUID crash) throws SQLException {
        throw new UnsupportedOperationException();
    }

    public Page<ClusterRow> list(long projectId, ClusterQuery query, Instant now) {
        throw new UnsupportedOperationException();
    }

    /** The cluster, if the project has it and it has crashes. */
    public Optional<ClusterDetail> detail(long projectId, ClusterId id, Instant now) {
        throw new UnsupportedOperationException();
    }

    /** Where the crashes of an emptied cluster went. */
    public Optional<ClusterId> movedTo(long projectId, ClusterId id) {
        throw new UnsupportedOperationException();
    }
}
