package dev.faultline.triage;

import dev.faultline.fleet.Lineage;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Finds clusters that the newest releases would have shown if they still had them. Only releases that contain every release
 * that crashed stand for a fix, and days of devices count on the hardware where the cluster was seen: a release that nobody runs
 * on rev C says nothing of what happens on rev C.
 */
@ApplicationScoped
public class ProbableFixes {
    /** From here on a cluster is called fixed, probably. */
    static final double CONFIDENCE = 0.95;

    /** Days of devices with a crash; of fewer no rate is known. */
    static final int LEAST_CRASHES = 3;

    /** Clusters of a software type that are looked at, those with most crashes. */
    private static final int MOST_CLUSTERS = 5000;

    private static final String SOFTWARE = """
            select distinct r.project_id, r.software from release r
            where r.registered_at is not null and exists (select from active_day a where a.release_id = r.id)
            order by 1, 2
            """;

    private static final String DAYS = """
            select a.release_id, a.hardware, sum(a.devices)
            from active_day a join release r on r.id = a.release_id
            where r.project_id = ? and r.software = ?
            group by 1, 2
            """;

    /** That crashed in some of these releases and not in the newest one. */
    private static final String CLUSTERS = """
            select cluster_id from cluster_count
            where project_id = ? and release_id = any(?) and hardware is null and days = 0
            group by cluster_id
            having not bool_or(release_id = ?) and sum(device_days) >= ?
            order by sum(device_days) desc, cluster_id
            limit ?
            """;

    private static final String COUNTS = """
            select cluster_id, release_id, hardware, device_days from cluster_count
            where cluster_id = any(?) and days = 0 and release_id = any(?) and hardware is not null and device_days > 0
            """;

    private static final String UNSYMBOLICATED = """
            select release_id, hardware, unsymbolicated from release_count
            where release_id = any(?) and hardware is not null and day is null
            """;

    private static final String FIXED = """
            update cluster k set fixed_since = r.version, fixed_confidence = ?
            from release r
            where k.id = ? and r.id = ? and (k.fixed_since, k.fixed_confidence) is distinct from (r.version, ?)
            """;

    private static final String NOT_FIXED = """
            update cluster set fixed_since = null, fixed_confidence = null
            where project_id = ? and software = ? and fixed_since is not null and not id = any(?)
            """;

    private final Transactions transactions;

    ProbableFixes(Transactions transactions) {
        this.transactions = transactions;
    }

    @Scheduled(every = "1m", delayed = "40s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyMinute() {
        look();
    }

    private record Software(long project, String name) {}

    /** Marks what is probably fixed now, and takes the mark from what is not. */
    void look() {
        List<Software> all = transactions.read(connection -> {
            List<Software> found = new ArrayList<>();
            try (var query = connection.prepareStatement(SOFTWARE);
                    var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Software(row.getLong(1), row.getString(2)));
                }
            }
            return found;
        });
        for (Software software : all) {
            List<Fix> fixes = transactions.snapshot(connection -> fixes(connection, software));
            transactions.durably(transaction -> {
                List<Long> fixed = fixes.stream().map(Fix::cluster).toList();
                Fragment.update(transaction, NOT_FIXED, software.project(), software.name(), fixed);
                for (Fix fix : fixes) {
                    Fragment.update(transaction, FIXED, fix.confidence(), fix.cluster(), fix.since(), fix.confidence());
                }
            });
        }
    }

    /** @param since the release's id */
    private record Fix(long cluster, long since, double confidence) {}

    /** Counts by release and hardware. */
    private static final class Counts {
        private final Map<Long, Map<String, Long>> byRelease = new HashMap<>();

        void add(long release, String hardware, long count) {
            byRelease.computeIfAbsent(release, none -> new HashMap<>()).merge(hardware, count, Long::sum);
        }

        Set<Long> releases() {
            return byRelease.keySet();
        }

        long of(long release, String hardware) {
            return byRelease.getOrDefault(release, Map.of()).getOrDefault(hardware, 0L);
        }

        long of(Set<Long> releases, String hardware) {
            return releases.stream().mapToLong(release -> of(release, hardware)).sum();
        }

        Set<String> hardware() {
            Set<String> all = new HashSet<>();
            byRelease.values().forEach(counts -> all.addAll(counts.keySet()));
            return all;
        }
    }

    private static List<Fix> fixes(Connection connection, Software software) throws SQLException {
        Counts days = counts(connection, DAYS, List.of(software.project(), software.name()));
        Lineage lineage = Lineage.read(connection, software.project(), software.name());
        Long newest = lineage.newestFirst().stream()
                .filter(days.releases()::contains)
                .findFirst()
                .orElse(null);
        if (newest == null) {
            return List.of();
        }
        Map<Long, Set<Long>> contained = new HashMap<>();
        contained.put(newest, lineage.containedIn(newest));
        Set<Long> line = new HashSet<>(contained.get(newest));
        line.add(newest);
        List<Long> candidates = Rows.ids(
                connection,
                CLUSTERS,
                List.of(software.project(), List.copyOf(line), newest, LEAST_CRASHES, MOST_CLUSTERS));
        if (candidates.isEmpty()) {
            return List.of();
        }
        line.forEach(release -> contained.computeIfAbsent(release, lineage::containedIn));
        Counts unsymbolicated = counts(connection, UNSYMBOLICATED, List.of(List.copyOf(line)));
        var fleet = new Line(line, contained, days, unsymbolicated);
        List<Fix> fixes = new ArrayList<>();
        clusters(connection, candidates, line).forEach((cluster, crashes) -> {
            Fix fix = fleet.fix(cluster, crashes);
            if (fix != null) {
                fixes.add(fix);
            }
        });
        return fixes;
    }

    private static Counts counts(Connection connection, String sql, List<Object> values) throws SQLException {
        var counts = new Counts();
        try (var query = Fragment.prepare(connection, sql, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                counts.add(row.getLong(1), row.getString(2), row.getLong(3));
            }
        }
        return counts;
    }

    private static Map<Long, Counts> clusters(Connection connection, List<Long> clusters, Set<Long> line)
            throws SQLException {
        Map<Long, Counts> found = new HashMap<>();
        try (var query = Fragment.prepare(connection, COUNTS, List.of(clusters, List.copyOf(line)));
                var row = query.executeQuery()) {
            while (row.next()) {
                found.computeIfAbsent(row.getLong(1), none -> new Counts())
                        .add(row.getLong(2), row.getString(3), row.getLong(4));
            }
        }
        return found;
    }

    /**
     * The newest release and what it contains.
     *
     * @param contained what each of them contains
     * @param days on which devices ran them
     * @param unsymbolicated days with a crash that may be of any cluster
     */
    private record Line(Set<Long> releases, Map<Long, Set<Long>> contained, Counts days, Counts unsymbolicated) {

        @Nullable
        Fix fix(long cluster, Counts crashes) {
            Set<Long> crashed = crashes.releases();
            Set<Long> after = new HashSet<>();
            Set<Long> during = new HashSet<>();
            for (long release : releases) {
                if (contained(release).containsAll(crashed)) {
                    after.add(release);
                } else if (crashed.contains(release) || !precedesAll(release, crashed)) {
                    during.add(release);
                }
            }
            double expected = 0;
            long counted = 0;
            long unknown = 0;
            for (String hardware : crashes.hardware()) {
                long here = crashes.of(crashed, hardware);
                long daysBefore = days.of(during, hardware);
                if (daysBefore > 0) {
                    expected += (double) here / daysBefore * days.of(after, hardware);
                    counted += here;
                }
                unknown += unsymbolicated.of(after, hardware);
            }
            if (counted < LEAST_CRASHES || expected <= 0) {
                return null;
            }
            double confidence = confidence(counted, expected, unknown);
            return confidence < CONFIDENCE ? null : new Fix(cluster, first(after), rounded(confidence));
        }

        private Set<Long> contained(long release) {
            return contained.getOrDefault(release, Set.of());
        }

        /** It was there before the cluster was. */
        private boolean precedesAll(long release, Set<Long> crashed) {
            return crashed.stream().allMatch(later -> contained(later).contains(release));
        }

        /** The one of these that contains no other one. */
        private long first(Set<Long> after) {
            return after.stream()
                    .min((one, other) -> {
                        int byContent = Integer.compare(
                                contained(one).size(), contained(other).size());
                        return byContent == 0 ? Long.compare(one, other) : byContent;
                    })
                    .orElseThrow();
        }
    }

    /**
     * How sure it is that a rate went down: one minus the chance that at the rate of before no more than {@code unknown} would
     * have been seen. The rate is as uncertain as its count is small (Jeffreys prior), so what is seen is distributed as a
     * negative binomial; without unknown ones this is {@code 1 − (E₀/(E₀ + E))^(x + ½)}.
     *
     * @param counted of before
     * @param expected at the rate of before
     * @param unknown that may be of this cluster
     */
    static double confidence(long counted, double expected, long unknown) {
        double before = counted / (counted + expected);
        return 1 - BetaDistribution.of(counted + 0.5, unknown + 1.0).cumulativeProbability(before);
    }

    private static double rounded(double confidence) {
        return Math.floor(confidence * 10_000) / 10_000;
    }
}
