package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of two releases: totals, and each cluster whose stack says enough. A count is of distinct
 * (device, day) pairs.
 *
 * @param hardware totals by hardware revision, empty where unknown
 */
record ReleaseCounts(
        Total baseline, Total candidate, SortedMap<String, Pair> hardware, Collection<ClusterCount> clusters) {

    /** Device and day pairs, summed over clusters: what the ratio over all clusters is made of. */
    private static final String TOTALS = """
            select d.release_id, grouping(d.hardware) = 1, d.hardware,
                count(distinct (v.cluster_id, d.device_id, d.day)), count(distinct d.device_id),
                count(distinct (d.device_id, d.day)) filter (where v.provisional), sum(d.crashes)
            from variant_device d join variant v on v.id = d.variant_id
            where d.release_id in (?, ?)
            group by grouping sets ((d.release_id), (d.release_id, d.hardware))
            """;

    private static final String CRASHES = """
            select d.release_id, sum(d.crashes), min(d.day), max(d.day)
            from variant_day d
            where d.release_id in (?, ?)
            group by d.release_id
            """;

    private static final String CLUSTERS = """
            select d.release_id, k.id, k.signature, k.reason, sum(d.crashes)
            from variant_day d join variant v on v.id = d.variant_id join cluster k on k.id = v.cluster_id
            where d.release_id in (?, ?) and not v.provisional
            group by d.release_id, k.id
            """;

    private static final String CLUSTER_DEVICES = """
            select d.release_id, grouping(d.hardware) = 1, d.hardware, v.cluster_id,
                count(distinct (d.device_id, d.day)), count(distinct d.device_id)
            from variant_device d join variant v on v.id = d.variant_id
            where d.release_id in (?, ?) and not v.provisional
            group by grouping sets ((d.release_id, v.cluster_id), (d.release_id, v.cluster_id, d.hardware))
            """;

    /**
     * One release.
     *
     * @param unnamed crashes of devices that did not say who they are
     */
    record Total(
            long crashes,
            long counted,
            long devices,
            long unsymbolicated,
            long unnamed,
            @Nullable LocalDate firstDay,
            @Nullable LocalDate lastDay) {
        static final Total NONE = new Total(0, 0, 0, 0, 0, null, null);
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

    /** One cluster on both sides, while and after it is read. */
    static final class ClusterCount {
        final ClusterId id;
        final String signature;
        final String reason;
        final SortedMap<String, Pair> hardware = new TreeMap<>();
        Pair whole = Pair.NONE;
        long baselineCrashes;
        long candidateCrashes;

        ClusterCount(ClusterId id, String signature, String reason) {
            this.id = id;
            this.signature = signature;
            this.reason = reason;
        }
    }

    static ReleaseCounts read(Connection connection, long baseline, long candidate) throws SQLException {
        Map<Long, ClusterCount> clusters = clusters(connection, baseline, candidate);
        clusterDevices(connection, baseline, candidate, clusters);
        SortedMap<String, Pair> hardware = new TreeMap<>();
        Map<Long, Total> totals = totals(connection, baseline, candidate, hardware);
        return new ReleaseCounts(
                totals.getOrDefault(baseline, Total.NONE),
                totals.getOrDefault(candidate, Total.NONE),
                hardware,
                List.copyOf(clusters.values()));
    }

    private static Map<Long, ClusterCount> clusters(Connection connection, long baseline, long candidate)
            throws SQLException {
        Map<Long, ClusterCount> clusters = new TreeMap<>();
        try (var query = prepared(connection, CLUSTERS, baseline, candidate);
                var row = query.executeQuery()) {
            while (row.next()) {
                var id = new ClusterId(row.getLong(2));
                String signature = row.getString(3);
                String reason = row.getString(4);
                ClusterCount cluster =
                        clusters.computeIfAbsent(id.number(), number -> new ClusterCount(id, signature, reason));
                if (row.getLong(1) == candidate) {
                    cluster.candidateCrashes = row.getLong(5);
                } else {
                    cluster.baselineCrashes = row.getLong(5);
                }
            }
        }
        return clusters;
    }

    private static void clusterDevices(
            Connection connection, long baseline, long candidate, Map<Long, ClusterCount> clusters)
            throws SQLException {
        try (var query = prepared(connection, CLUSTER_DEVICES, baseline, candidate);
                var row = query.executeQuery()) {
            while (row.next()) {
                ClusterCount cluster = clusters.get(row.getLong(4));
                if (cluster == null) {
                    continue; // came between the two queries
                }
                boolean ofCandidate = row.getLong(1) == candidate;
                var count = new Count(row.getLong(5), row.getLong(6));
                if (row.getBoolean(2)) {
                    cluster.whole = cluster.whole.with(ofCandidate, count);
                } else {
                    put(cluster.hardware, row, ofCandidate, count);
                }
            }
        }
    }

    private static Map<Long, Total> totals(
            Connection connection, long baseline, long candidate, SortedMap<String, Pair> hardware)
            throws SQLException {
        Map<Long, Total> totals = new TreeMap<>();
        try (var query = prepared(connection, CRASHES, baseline, candidate);
                var row = query.executeQuery()) {
            while (row.next()) {
                long crashes = row.getLong(2);
                LocalDate first = row.getObject(3, LocalDate.class);
                LocalDate last = row.getObject(4, LocalDate.class);
                totals.put(row.getLong(1), new Total(crashes, 0, 0, 0, crashes, first, last));
            }
        }
        try (var query = prepared(connection, TOTALS, baseline, candidate);
                var row = query.executeQuery()) {
            while (row.next()) {
                long release = row.getLong(1);
                if (!row.getBoolean(2)) {
                    put(hardware, row, release == candidate, new Count(row.getLong(4), row.getLong(5)));
                    continue;
                }
                Total total = totals.getOrDefault(release, Total.NONE);
                totals.put(
                        release,
                        new Total(
                                total.crashes(),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                Math.max(0, total.crashes() - row.getLong(7)),
                                total.firstDay(),
                                total.lastDay()));
            }
        }
        return totals;
    }

    private static void put(SortedMap<String, Pair> hardware, ResultSet row, boolean ofCandidate, Count count)
            throws SQLException {
        String revision = row.getString(3);
        hardware.put(revision, hardware.getOrDefault(revision, Pair.NONE).with(ofCandidate, count));
    }

    private static PreparedStatement prepared(Connection connection, String sql, long baseline, long candidate)
            throws SQLException {
        var query = connection.prepareStatement(sql);
        query.setLong(1, baseline);
        query.setLong(2, candidate);
        return query;
    }

    /** Whether there are devices on more than one hardware revision, so that the mix may differ. */
    boolean mixed() {
        return hardware.size() > 1;
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
