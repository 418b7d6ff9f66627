package dev.faultline.cluster;

import dev.faultline.fleet.Sighting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counters of variants, kept by differences, so that they equal a recount of the crashes at every commit. */
final class Counters {
    private static final String ADD_DAY = """
            insert into variant_day (variant_id, release_id, hardware, day, crashes) values (?, ?, ?, ?, ?)
            on conflict (variant_id, release_id, hardware, day)
                do update set crashes = variant_day.crashes + excluded.crashes
            """;

    private static final String ADD_DEVICE = """
            insert into variant_device (variant_id, release_id, hardware, day, device_id, crashes)
            values (?, ?, ?, ?, ?, ?)
            on conflict (variant_id, release_id, device_id, hardware, day)
                do update set crashes = variant_device.crashes + excluded.crashes
            """;

    private static final String OF_DAY =
            " variant_day where variant_id = ? and release_id is not distinct from ? and hardware = ? and day = ?";

    private static final String OF_DEVICE = " variant_device where variant_id = ? and release_id is not distinct from ?"
            + " and hardware = ? and day = ? and device_id = ?";

    /** The order in which everybody locks them, so that two moves never wait for each other; no device: of the day. */
    private static final Comparator<Row> ORDER = Comparator.comparingLong(Row::variant)
            .thenComparing(Row::device, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Row::release, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Row::hardware)
            .thenComparing(Row::day);

    private Counters() {}

    /** What one crash is counted under. */
    record Place(long variant, Sighting sighting, LocalDate day) {}

    /** A crash that is counted somewhere else from now on; no place: nowhere. */
    record Move(@Nullable Place from, @Nullable Place to) {}

    private record Row(
            long variant, @Nullable Long device, @Nullable Long release, String hardware, LocalDate day) {}

    /** Moves crashes, whose rows the caller has locked. */
    static void move(Connection transaction, List<Move> moves) throws SQLException {
        Map<Row, Integer> changes = new TreeMap<>(ORDER);
        for (Move move : moves) {
            count(changes, move.from(), -1);
            count(changes, move.to(), 1);
        }
        for (var change : changes.entrySet()) {
            if (change.getValue() > 0) {
                add(transaction, change.getKey(), change.getValue());
            } else if (change.getValue() < 0) {
                take(transaction, change.getKey(), -change.getValue());
            }
        }
    }

    private static void count(Map<Row, Integer> changes, @Nullable Place place, int crashes) {
        if (place == null) {
            return;
        }
        Sighting seen = place.sighting();
        changes.merge(
                new Row(place.variant(), null, seen.release(), seen.hardware(), place.day()), crashes, Integer::sum);
        if (seen.device() != null) {
            changes.merge(
                    new Row(place.variant(), seen.device(), seen.release(), seen.hardware(), place.day()),
                    crashes,
                    Integer::sum);
        }
    }

    private static void add(Connection transaction, Row row, int crashes) throws SQLException {
        try (var insert = transaction.prepareStatement(row.device() == null ? ADD_DAY : ADD_DEVICE)) {
            insert.setInt(bind(insert, row, 1), crashes);
            insert.executeUpdate();
        }
    }

    /** Locks before it decides: between two statements somebody else may count. */
    private static void take(Connection transaction, Row row, int crashes) throws SQLException {
        String of = row.device() == null ? OF_DAY : OF_DEVICE;
        int counted = 0;
        try (var query = transaction.prepareStatement("select crashes from" + of + " for update")) {
            bind(query, row, 1);
            try (var found = query.executeQuery()) {
                counted = found.next() ? found.getInt(1) : 0;
            }
        }
        if (counted < crashes) {
            throw new IllegalStateException(
                    "%d crashes are counted under %s, where %d were".formatted(counted, row, crashes));
        }
        String change = counted == crashes
                ? "delete from" + of
                : "update" + of.replace(" where ", " set crashes = crashes - ? where ");
        try (var update = transaction.prepareStatement(change)) {
            if (counted != crashes) {
                update.setInt(1, crashes);
            }
            bind(update, row, counted == crashes ? 1 : 2);
            update.executeUpdate();
        }
    }

    /** The index of the next parameter. */
    private static int bind(PreparedStatement statement, Row row, int first) throws SQLException {
        statement.setLong(first, row.variant());
        statement.setObject(first + 1, row.release(), Types.BIGINT);
        statement.setString(first + 2, row.hardware());
        statement.setObject(first + 3, row.day());
        if (row.device() == null) {
            return first + 4;
        }
        statement.setLong(first + 4, row.device());
        return first + 5;
    }
}
