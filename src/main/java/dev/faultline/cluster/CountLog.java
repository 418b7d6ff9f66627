package dev.faultline.cluster;

import dev.faultline.fleet.Sighting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed in the counts, appended for {@link RollUp}: whoever counts a crash waits for no row that another worker holds,
 * however many crashes of one cluster arrive at once.
 */
final class CountLog {
    private static final String APPEND = """
            insert into crash_counted (project_id, variant_id, device_id, release_id, hardware, day, crashes, arrived, at_start)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private CountLog() {}

    static void append(Connection transaction, long projectId, List<Counters.Move> moves) throws SQLException {
        try (var insert = transaction.prepareStatement(APPEND)) {
            for (Counters.Move move : moves) {
                add(insert, projectId, move.from(), -1, false);
                add(insert, projectId, move.to(), 1, move.from() == null);
            }
            insert.executeBatch();
        }
    }

    private static void add(
            PreparedStatement insert, long projectId, Counters.@Nullable Place place, int crashes, boolean arrived)
            throws SQLException {
        if (place == null) {
            return;
        }
        Sighting sighting = place.sighting();
        insert.setLong(1, projectId);
        insert.setLong(2, place.variant());
        insert.setLong(3, known(sighting.device()));
        insert.setLong(4, known(sighting.release()));
        insert.setString(5, sighting.hardware());
        insert.setObject(6, place.day());
        insert.setInt(7, crashes);
        insert.setBoolean(8, arrived);
        insert.setObject(9, sighting.atStart(), Types.BOOLEAN);
        insert.addBatch();
    }

    private static long known(@Nullable Long id) {
        return id == null ? 0 : id;
    }
}
