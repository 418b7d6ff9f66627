package dev.faultline.release;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Devices that crash at each start. */
final class CrashLoops {
    /** Crashes of one device within a minute of its boot, on one day (UTC), that are a loop. */
    static final int LOOP = 3;

    private static final String DAYS = """
            select release_id, count(*), count(distinct device_id)
            from (
                select release_id, device_id from crash
                where release_id = any(?) and at_start and device_id is not null and effective_at >= ?
                group by release_id, device_id, (effective_at at time zone 'UTC')::date
                having count(*) >= ?
            ) c
            group by 1
            """;

    private CrashLoops() {}

    /**
     * Of one release.
     *
     * @param days on which a device was in a loop, each device for itself
     */
    record Loops(long days, long devices) {
        static final Loops NONE = new Loops(0, 0);
    }

    /** By release, those that have some. */
    static Map<Long, Loops> since(Connection connection, List<Long> releases, Instant from) throws SQLException {
        Map<Long, Loops> loops = new HashMap<>();
        try (var query = Fragment.prepare(connection, DAYS, List.of(releases, from, LOOP));
                var row = query.executeQuery()) {
            while (row.next()) {
                loops.put(row.getLong(1), new Loops(row.getLong(2), row.getLong(3)));
            }
        }
        return loops;
    }
}
