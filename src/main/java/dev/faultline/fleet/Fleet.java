package dev.faultline.fleet;

import dev.faultline.symbols.report.CrashIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** The devices, releases and hardware revisions of a project. */
@ApplicationScoped
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public class Fleet {

    /**
     * Takes note of who crashed, running what.
     *
     * @param transaction an open transaction; it holds the device's row from now on, and a new release's
     * @param at when it crashed
     */
    public Sighting seen(Connection transaction, long projectId, CrashIdentity identity, Instant at)
            throws SQLException {
        throw new UnsupportedOperationException();
    }
}
