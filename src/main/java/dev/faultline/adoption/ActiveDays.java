package dev.faultline.adoption;

import dev.faultline.fleet.Containment;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many devices of a software type reported which release last on each day, as it was rolled up. */
final class ActiveDays {
    /** Most releases that are told apart: those of most active days. */
    static final int MOST_RELEASES = 60;

    private static final String READ = """
            select r.version, a.hardware, a.cohort, a.day, sum(a.devices)
            from active_day a
            join (
                select a.release_id, r.version
                from active_day a join release r on r.id = a.release_id
                where r.project_id = ? and r.software = ? and a.day >= ? and a.day <= ?
                group by 1, 2 order by sum(a.devices) desc, 1 limit ?
            ) r on r.release_id = a.release_id
            where a.day >= ? and a.day <= ?
            group by 1, 2, 3, 4
            """;

    private static final String FIRST = """
            select r.version, min(a.day) from active_day a join release r on r.id = a.release_id
            where r.project_id = ? and r.software = ? group by 1
            """;

    private final long projectId;
    private final String software;
    private final List<Row> rows;
    private final Map<String, LocalDate> firstDays;
    private final Map<String, Set<String>> containing = new HashMap<>();

    /** Devices that reported a release last on a day. */
    record Row(String version, String hardware, String cohort, LocalDate day, long devices) {}

    private ActiveDays(long projectId, String software, List<Row> rows, Map<String, LocalDate> firstDays) {
        this.projectId = projectId;
        this.software = software;
        this.rows = List.copyOf(rows);
        this.firstDays = Map.copyOf(firstDays);
    }

    static ActiveDays read(Connection connection, long projectId, String software, LocalDate from, LocalDate until)
            throws SQLException {
        List<Row> rows = new ArrayList<>();
        List<Object> values = List.of(projectId, software, from, until, MOST_RELEASES, from, until);
        try (var query = Fragment.prepare(connection, READ, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getObject(4, LocalDate.class),
                        row.getLong(5)));
            }
        }
        Map<String, LocalDate> firstDays = new HashMap<>();
        try (var query = Fragment.prepare(connection, FIRST, List.of(projectId, software));
                var row = query.executeQuery()) {
            while (row.next()) {
                firstDays.put(row.getString(1), row.getObject(2, LocalDate.class));
            }
        }
        return new ActiveDays(projectId, software, rows, firstDays);
    }

    List<Row> rows() {
        return rows;
    }

    /** The days on which devices were active, in order. */
    List<LocalDate> days() {
        return rows.stream().map(Row::day).distinct().sorted().toList();
    }

    /** Versions, those of most active days first. */
    List<String> versions() {
        Map<String, Long> sums = new HashMap<>();
        rows.forEach(row -> sums.merge(row.version(), row.devices(), Long::sum));
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The first day on which a device reported it last; such days are kept for good. */
    LocalDate firstDay(String version) {
        return firstDays.getOrDefault(version, LocalDate.MAX);
    }

    /** Those of the versions that are or contain one; where nobody knows, it does not. */
    Set<String> containing(Connection connection, String contained) throws SQLException {
        Set<String> known = containing.get(contained);
        if (known != null) {
            return known;
        }
        Set<String> found = new HashSet<>();
        for (String version : versions()) {
            if (Containment.of(connection, projectId, software, version, contained)
                            .answer()
                    == Containment.Answer.YES) {
                found.add(version);
            }
        }
        containing.put(contained, Set.copyOf(found));
        return found;
    }

    /** Hardware revisions on which a release, or one that contains it, is seen: those that can have it. */
    Set<String> hardwareOf(Set<String> versions) {
        Set<String> hardware = new HashSet<>();
        rows.stream().filter(row -> versions.contains(row.version())).forEach(row -> hardware.add(row.hardware()));
        return hardware;
    }

    /** Devices a day over the days that have any, by what {@code of} makes of a row. */
    <K> Map<K, Double> meanBy(java.util.function.Function<Row, K> of) {
        int days = days().size();
        Map<K, Double> means = new HashMap<>();
        rows.forEach(row -> means.merge(of.apply(row), (double) row.devices() / days, Double::sum));
        return means;
    }

    static <K extends Comparable<K>> Comparator<Map.Entry<K, Double>> mostFirst() {
        return Map.Entry.<K, Double>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());
    }
}
