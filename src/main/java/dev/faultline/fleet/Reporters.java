package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Rows of devices and releases by their names, made where there are none: many at a time, and in the order of their names, so
 * that of two batches one waits for the other.
 */
public final class Reporters {
    private static final String NEW_DEVICES = """
            insert into device (project_id, name, first_seen, last_seen)
            select p.id, n.name, timestamptz 'epoch' + n.at * interval '1 millisecond', timestamptz 'epoch' + n.at * interval '1 millisecond'
            from (select ?::bigint as id) p cross join unnest(?::text[], ?::bigint[]) as n (name, at)
            where not exists (select from device d where d.project_id = p.id and d.name = n.name)
            order by n.name
            on conflict (project_id, name) do nothing
            """;

    private static final String DEVICES = """
            select name, id, beats, beats_on = ? from device where project_id = ? and name = any(?) order by name for no key update
            """;

    private static final String RELEASES = """
            select n.software, n.version, r.id
            from unnest(?::text[], ?::text[]) as n (software, version)
            join release r on r.project_id = ? and r.software = n.software and r.version = n.version
            """;

    private static final String NEW_RELEASES = """
            insert into release (project_id, software, version)
            select ?, n.software, n.version from unnest(?::text[], ?::text[]) as n (software, version) order by 2, 3
            on conflict (project_id, software, version) do nothing
            """;

    private Reporters() {}

    /**
     * A device's row, locked until the transaction ends.
     *
     * @param beatsToday how many heartbeats came from it on this UTC day
     */
    public record DeviceRow(long id, int beatsToday) {}

    /** The devices, by name; {@code first} says since when they are known if they are new. */
    public static Map<String, DeviceRow> devices(
            Connection transaction, long projectId, SortedMap<String, Instant> first, Instant now) throws SQLException {
        String[] names = first.keySet().toArray(String[]::new);
        List<Long> times = first.values().stream().map(Instant::toEpochMilli).toList();
        Fragment.update(transaction, NEW_DEVICES, projectId, names, times);
        Map<String, DeviceRow> devices = new HashMap<>();
        try (var query = Fragment.prepare(
                        transaction, DEVICES, List.of(LocalDate.ofInstant(now, ZoneOffset.UTC), projectId, names));
                var row = query.executeQuery()) {
            while (row.next()) {
                devices.put(row.getString(1), new DeviceRow(row.getLong(2), row.getBoolean(4) ? row.getInt(3) : 0));
            }
        }
        return devices;
    }

    /** The ids of the releases. One that nobody registered is in no line; its first crash is still to come. */
    public static Map<ReleaseName, Long> releases(Connection transaction, long projectId, SortedSet<ReleaseName> names)
            throws SQLException {
        Map<ReleaseName, Long> known = new HashMap<>();
        known(transaction, projectId, names, known);
        if (known.size() < names.size()) {
            List<ReleaseName> unknown = new ArrayList<>(names);
            unknown.removeAll(known.keySet());
            Fragment.update(transaction, NEW_RELEASES, projectId, software(unknown), versions(unknown));
            known(transaction, projectId, unknown, known);
        }
        return known;
    }

    private static void known(
            Connection transaction, long projectId, Collection<ReleaseName> names, Map<ReleaseName, Long> into)
            throws SQLException {
        try (var query = Fragment.prepare(transaction, RELEASES, List.of(software(names), versions(names), projectId));
                var row = query.executeQuery()) {
            while (row.next()) {
                into.put(new ReleaseName(row.getString(1), row.getString(2)), row.getLong(3));
            }
        }
    }

    private static String[] software(Collection<ReleaseName> names) {
        return names.stream().map(ReleaseName::software).toArray(String[]::new);
    }

    private static String[] versions(Collection<ReleaseName> names) {
        return names.stream().map(ReleaseName::version).toArray(String[]::new);
    }
}
