package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the crashes of two releases, from the roll-ups: totals, and each cluster whose stack says enough. A count is
 * of distinct (device, day) pairs.
 *
 * @param hardware totals by hardware revision, empty where unknown
 * @param cells the same by hardware revision and day
 */
record ReleaseCounts(
        Total baseline,
        Total candidate,
        SortedMap<String, Pair> hardware,
        Map<Cell, Pair> cells,
        List<ClusterCount> clusters) {

    private static final String TOTALS = """
            select release_id, hardware, crashes, unnamed, counted, devices, unsymbolicated, timed, at_start
            from release_count where release_id = any(?) and day is null
            """;

    private static final String DAYS = """
            select release_id, hardware, day, counted, devices from release_count
            where release_id = any(?) and hardware is not null and day is not null
            """;

    private static final String SPANS = """
            select release_id, min(day), max(day) from release_count
            where release_id = any(?) and hardware is null and day is not null
            group by 1
            """;

    /** Of one release, on any hardware and of all time: one range of an index. */
    private static final String OF_RELEASE = """
            (select cluster_id, crashes, device_days, devices from cluster_count
                where project_id = ? and release_id = ? and hardware is null and days = 0)""";

    private static final String CLUSTERS = """
            select cluster_id, coalesce(a.crashes, 0), coalesce(a.device_days, 0), coalesce(a.devices, 0), coalesce(b.crashes, 0),
                coalesce(b.device_days, 0), coalesce(b.devices, 0)
            from %1$s a full join %1$s b using (cluster_id)
            join (select cluster_id from cluster_total where project_id = ? and complete) t using (cluster_id)
            """.formatted(OF_RELEASE);

    private static final String NAMES = "select id, signature, reason from cluster where id = any(?)";

    private static final String BY_HARDWARE = """
            select release_id, hardware, cluster_id, device_days, devices from cluster_count
            where cluster_id = any(?) and days = 0 and release_id = any(?) and hardware is not null
            """;

    /**
     * One release.
     *
     * @param unnamed crashes of devices that did not say who they are
     * @param timed crashes whose time since the boot is known
     * @param atStart those of them within a minute of it
     */
    record Total(
            long crashes,
            long counted,
            long devices,
            long unsymbolicated,
            long unnamed,
            long timed,
            long atStart,
            @Nullable LocalDate firstDay,
            @Nullable LocalDate lastDay) {
        static final Total NONE = new Total(0, 0, 0, 0, 0, 0, 0, null, null);

        Total between(@Nullable LocalDate first, @Nullable LocalDate last) {
            return new Total(crashes, counted, devices, unsymbolicated, unnamed, timed, atStart, first, last);
        }
    }

    /** One side of one count. */
    record Count(long counted, long devices) {
        static final Count NONE = new Count(0, 0);
    }

    /** Both sides of one count. */
    record Pair(Count baseline, Count candidate) {
        static final Pair NONE = new Pair(Count.NONE, Count.NONE);

        Pair with(boolean ofCandidate, Count count) {
            return ofCandidate ? new Pair(baseline, count) : new Pair(count, candidate);
        }
    }

    /** A hardware revision on a day. */
    record Cell(String hardware, LocalDate day) {}

    /** One cluster on both sides. Its name, and its counts by hardware, are there once it is described. */
    static final class ClusterCount {
        final ClusterId id;
        final Pair whole;
        final long baselineCrashes;
        final long candidateCrashes;
        final SortedMap<String, Pair> hardware = new TreeMap<>();
        String signature = "";
        String reason = "";

        ClusterCount(ClusterId id, Pair whole, long baselineCrashes, long candidateCrashes) {
            this.id = id;
            this.whole = whole;
            this.baselineCrashes = baselineCrashes;
            this.candidateCrashes = candidateCrashes;
        }
    }

    static ReleaseCounts read(Connection connection, long project, long baseline, long candidate) throws SQLException {
        List<Long> both = List.of(baseline, candidate);
        SortedMap<String, Pair> hardware = new TreeMap<>();
        Map<Long, Total> totals = totals(connection, both, candidate, hardware);
        return new ReleaseCounts(
                totals.getOrDefault(baseline, Total.NONE),
                totals.getOrDefault(candidate, Total.NONE),
                hardware,
                cells(connection, both, candidate),
                clusters(connection, project, baseline, candidate));
    }

    private static Map<Long, Total> totals(
            Connection connection, List<Long> both, long candidate, SortedMap<String, Pair> hardware)
            throws SQLException {
        Map<Long, Total> totals = new HashMap<>();
        try (var query = Fragment.prepare(connection, TOTALS, List.of(both));
                var row = query.executeQuery()) {
            while (row.next()) {
                long release = row.getLong(1);
                String revision = row.getString(2);
                if (revision != null) {
                    put(hardware, revision, release == candidate, new Count(row.getLong(5), row.getLong(6)));
                    continue;
                }
                totals.put(
                        release,
                        new Total(
                                row.getLong(3),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(4),
                                row.getLong(8),
                                row.getLong(9),
                                null,
                                null));
            }
        }
        try (var query = Fragment.prepare(connection, SPANS, List.of(both));
                var row = query.executeQuery()) {
            while (row.next()) {
                LocalDate first = row.getObject(2, LocalDate.class);
                LocalDate last = row.getObject(3, LocalDate.class);
                totals.computeIfPresent(row.getLong(1), (release, total) -> total.between(first, last));
            }
        }
        return totals;
    }

    private static Map<Cell, Pair> cells(Connection connection, List<Long> both, long candidate) throws SQLException {
        Map<Cell, Pair> cells = new HashMap<>();
        try (var query = Fragment.prepare(connection, DAYS, List.of(both));
                var row = query.executeQuery()) {
            while (row.next()) {
                put(
                        cells,
                        new Cell(row.getString(2), row.getObject(3, LocalDate.class)),
                        row.getLong(1) == candidate,
                        new Count(row.getLong(4), row.getLong(5)));
            }
        }
        return cells;
    }

    private static List<ClusterCount> clusters(Connection connection, long project, long baseline, long candidate)
            throws SQLException {
        List<ClusterCount> clusters = new ArrayList<>();
        List<Object> values = List.of(project, baseline, project, candidate, project);
        try (var query = Fragment.prepare(connection, CLUSTERS, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                clusters.add(new ClusterCount(
                        new ClusterId(row.getLong(1)),
                        new Pair(count(row, 3), count(row, 6)),
                        row.getLong(2),
                        row.getLong(5)));
            }
        }
        return clusters;
    }

    private static Count count(ResultSet row, int column) throws SQLException {
        return new Count(row.getLong(column), row.getLong(column + 1));
    }

    /** Gives some clusters their names, and their counts by hardware. */
    static void describe(Connection connection, Collection<ClusterCount> clusters, long baseline, long candidate)
            throws SQLException {
        Map<Long, ClusterCount> byId = new HashMap<>();
        clusters.forEach(cluster -> byId.put(cluster.id.number(), cluster));
        List<Long> ids = List.copyOf(byId.keySet());
        try (var query = Fragment.prepare(connection, NAMES, List.of(ids));
                var row = query.executeQuery()) {
            while (row.next()) {
                ClusterCount cluster = byId.get(row.getLong(1));
                if (cluster != null) {
                    cluster.signature = row.getString(2);
                    cluster.reason = row.getString(3);
                }
            }
        }
        try (var query = Fragment.prepare(connection, BY_HARDWARE, List.of(ids, List.of(baseline, candidate)));
                var row = query.executeQuery()) {
            while (row.next()) {
                ClusterCount cluster = byId.get(row.getLong(3));
                if (cluster != null) {
                    put(cluster.hardware, row.getString(2), row.getLong(1) == candidate, count(row, 4));
                }
            }
        }
    }

    private static <K> void put(Map<K, Pair> counts, K key, boolean ofCandidate, Count count) {
        counts.put(key, counts.getOrDefault(key, Pair.NONE).with(ofCandidate, count));
    }

    /** The revisions on which one of the sides of a cluster was seen. */
    static List<String> seenOn(ClusterCount cluster, boolean candidate) {
        List<String> revisions = new ArrayList<>();
        cluster.hardware.forEach((revision, pair) -> {
            if ((candidate ? pair.candidate() : pair.baseline()).devices() > 0) {
                revisions.add(revision);
            }
        });
        return revisions;
    }
}
