package dev.faultline.cluster;

import dev.faultline.fleet.Sighting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The counters of variants, kept by differences, so that they equal a recount of the crashes at every commit. */
final class Counters {
    private static final String ADD_DAY = """
            insert into variant_day (variant_id, release_id, hardware, day, crashes) values (?, ?, ?, ?, 1)
            on conflict (variant_id, release_id, hardware, day) do update set crashes = variant_day.crashes + 1
            """;

    private static final String ADD_DEVICE = """
            insert into variant_device (variant_id, release_id, hardware, day, device_id, crashes)
            values (?, ?, ?, ?, ?, 1)
            on conflict (variant_id, release_id, device_id, hardware, day)
                do update set crashes = variant_device.crashes + 1
            """;

    private static final String OF_DAY =
            " variant_day where variant_id = ? and release_id is not distinct from ? and hardware = ? and day = ?";

    private static final String OF_DEVICE = " variant_device where variant_id = ? and release_id is not distinct from ?"
            + " and hardware = ? and day = ? and device_id = ?";

    private Counters() {}

    /** What one crash is counted under. */
    record Place(long variant, Sighting sighting, LocalDate day) {}

    /** Moves a crash; rows are locked in the order of their variants, so that two moves never wait for each other. */
    static void move(Connection transaction, @Nullable Place from, @Nullable Place to) throws SQLException {
        if (from != null && (to == null || from.variant() <= to.variant())) {
            take(transaction, from);
        }
        if (to != null) {
            add(transaction, to);
        }
        if (from != null && to != null && from.variant() > to.variant()) {
            take(transaction, from);
        }
    }

    private static void add(Connection transaction, Place place) throws SQLException {
        try (var insert = transaction.prepareStatement(ADD_DAY)) {
            bind(insert, place);
            insert.executeUpdate();
        }
        Long device = place.sighting().device();
        if (device != null) {
            try (var insert = transaction.prepareStatement(ADD_DEVICE)) {
                bind(insert, place);
                insert.setLong(5, device);
                insert.executeUpdate();
            }
        }
    }

    private static void take(Connection transaction, Place place) throws SQLException {
        take(transaction, place, OF_DAY, null);
        if (place.sighting().device() != null) {
            take(transaction, place, OF_DEVICE, place.sighting().device());
        }
    }

    /** Locks before it decides: between two statements somebody else may count. */
    private static void take(Connection transaction, Place place, String row, @Nullable Long device)
            throws SQLException {
        int crashes = 0;
        try (var query = transaction.prepareStatement("select crashes from" + row + " for update")) {
            bind(query, place, device);
            try (var found = query.executeQuery()) {
                crashes = found.next() ? found.getInt(1) : 0;
            }
        }
        if (crashes == 0) {
            throw new IllegalStateException("no counter for " + place + ", where a crash was counted");
        }
        String change = crashes == 1
                ? "delete from" + row
                : "update" + row.replace(" where ", " set crashes = crashes - 1 where ");
        try (var update = transaction.prepareStatement(change)) {
            bind(update, place, device);
            update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Place place, @Nullable Long device) throws SQLException {
        bind(statement, place);
        if (device != null) {
            statement.setLong(5, device);
        }
    }

    private static void bind(PreparedStatement statement, Place place) throws SQLException {
        statement.setLong(1, place.variant());
        statement.setObject(2, place.sighting().release(), Types.BIGINT);
        statement.setString(3, place.sighting().hardware());
        statement.setObject(4, place.day());
    }
}
