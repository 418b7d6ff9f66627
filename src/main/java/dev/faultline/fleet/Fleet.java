package dev.faultline.fleet;

import dev.faultline.symbols.report.CrashIdentity;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The devices, releases and hardware revisions of a project. */
@Singleton
public class Fleet {
    /** Longest name of a device, software type, version or hardware revision, in characters; longer ones are cut. */
    public static final int NAME_LENGTH = 200;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private static final String DEVICE = """
            insert into device as d (project_id, name, hardware, hardware_at, first_seen, last_seen) values (?, ?, ?, ?, ?, ?)
            on conflict (project_id, name) do update set
                hardware = case when excluded.hardware_at >= coalesce(d.hardware_at, '-infinity')
                    then excluded.hardware else d.hardware end,
                hardware_at = greatest(d.hardware_at, excluded.hardware_at),
                first_seen = least(d.first_seen, excluded.first_seen),
                last_seen = greatest(d.last_seen, excluded.last_seen)
            returning id
            """;

    private static final String RELEASE =
            "select id, first_seen from release where project_id = ? and software = ? and version = ?";

    private static final String NEW_RELEASE = """
            insert into release (project_id, software, version, first_seen) values (?, ?, ?, ?)
            on conflict (project_id, software, version) do nothing
            """;

    private static final String SEEN_EARLIER =
            "update release set first_seen = ? where id = ? and (first_seen is null or first_seen > ?)";

    /**
     * Takes note of who crashed, running what.
     *
     * @param transaction an open transaction; it holds the device's row from now on, and that of a release seen earlier
     *     than ever before
     * @param at when it crashed
     */
    public Sighting seen(Connection transaction, long projectId, CrashIdentity identity, Instant at)
            throws SQLException {
        String hardware = named(identity.hardware());
        String device = named(identity.device());
        String software = named(identity.software());
        String version = named(identity.version());
        return new Sighting(
                device == null ? null : device(transaction, projectId, device, hardware, at),
                software == null || version == null ? null : release(transaction, projectId, software, version, at),
                hardware == null ? "" : hardware,
                identity.uptimeMillis() == null ? null : identity.uptimeMillis() < Sighting.START.toMillis());
    }

    /** A name as it is kept; absent where it says nothing. */
    private static @Nullable String named(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String clean = CONTROL.matcher(text).replaceAll(" ").strip();
        if (clean.isEmpty()) {
            return null;
        }
        return clean.length() > NAME_LENGTH ? clean.substring(0, NAME_LENGTH) : clean;
    }

    private static long device(
            Connection transaction, long projectId, String name, @Nullable String hardware, Instant at)
            throws SQLException {
        try (var upsert = transaction.prepareStatement(DEVICE)) {
            upsert.setLong(1, projectId);
            upsert.setString(2, name);
            upsert.setString(3, hardware);
            upsert.setTimestamp(4, hardware == null ? null : Timestamp.from(at));
            upsert.setTimestamp(5, Timestamp.from(at));
            upsert.setTimestamp(6, Timestamp.from(at));
            try (var row = upsert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Writes only what is news: all crashes of a release share its row, and would wait for one another. */
    private static long release(Connection transaction, long projectId, String software, String version, Instant at)
            throws SQLException {
        Long known = knownRelease(transaction, projectId, software, version, at);
        if (known != null) {
            return known;
        }
        try (var insert = transaction.prepareStatement(NEW_RELEASE)) {
            insert.setLong(1, projectId);
            insert.setString(2, software);
            insert.setString(3, version);
            insert.setTimestamp(4, Timestamp.from(at));
            insert.executeUpdate();
        }
        known = knownRelease(transaction, projectId, software, version, at);
        if (known == null) {
            throw new IllegalStateException("release " + software + " " + version + " is neither new nor known");
        }
        return known;
    }

    private static @Nullable Long knownRelease(
            Connection transaction, long projectId, String software, String version, Instant at) throws SQLException {
        try (var query = transaction.prepareStatement(RELEASE)) {
            query.setLong(1, projectId);
            query.setString(2, software);
            query.setString(3, version);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                long id = row.getLong(1);
                Timestamp first = row.getTimestamp(2);
                if (first == null || first.toInstant().isAfter(at)) {
                    seenEarlier(transaction, id, at);
                }
                return id;
            }
        }
    }

    private static void seenEarlier(Connection transaction, long release, Instant at) throws SQLException {
        try (var update = transaction.prepareStatement(SEEN_EARLIER)) {
            update.setTimestamp(1, Timestamp.from(at));
            update.setLong(2, release);
            update.setTimestamp(3, Timestamp.from(at));
            update.executeUpdate();
        }
    }
}
