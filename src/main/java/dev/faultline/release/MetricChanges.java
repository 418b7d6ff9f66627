package dev.faultline.release;

import dev.faultline.ops.Fragment;
import dev.faultline.release.Comparison.Estimate;
import dev.faultline.release.Comparison.MetricChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of two releases, on the hardware that both run, with the candidate's mix of it. Heartbeats of one device tell about the
 * same, so a mean is as sure as there are devices, not heartbeats.
 */
final class MetricChanges {
    /** From this growth of the mean on a metric is flagged. */
    static final double FLAGGED = 0.5;

    private static final String METRICS = """
            select n.name, m.hardware, m.release_id, sum(m.count), sum(m.sum), sum(m.squares)
            from metric_day m join metric_name n on n.id = m.metric_id
            where m.release_id = any(?) and n.name not like 'reboot.%'
            group by 1, 2, 3
            """;

    private MetricChanges() {}

    /** Values of one metric. */
    record Values(long count, double sum, double squares) {
        static final Values NONE = new Values(0, 0, 0);

        double mean() {
            return sum / count;
        }

        double variance() {
            return count < 2 ? 0 : Math.max(0, (squares - sum * sum / count) / (count - 1));
        }
    }

    /** Of both releases on one revision. */
    record Pair(Values baseline, Values candidate) {
        static final Pair NONE = new Pair(Values.NONE, Values.NONE);

        boolean both() {
            return baseline.count() > 0 && candidate.count() > 0;
        }
    }

    static List<MetricChange> read(
            Connection connection, long baseline, long candidate, long baselineDevices, long candidateDevices)
            throws SQLException {
        Map<String, Map<String, Pair>> metrics = new TreeMap<>();
        try (var query = Fragment.prepare(connection, METRICS, List.of(List.of(baseline, candidate)));
                var row = query.executeQuery()) {
            while (row.next()) {
                var values = new Values(row.getLong(4), row.getDouble(5), row.getDouble(6));
                boolean ofCandidate = row.getLong(3) == candidate;
                metrics.computeIfAbsent(row.getString(1), none -> new HashMap<>())
                        .compute(row.getString(2), (hardware, pair) -> {
                            Pair known = pair == null ? Pair.NONE : pair;
                            return ofCandidate
                                    ? new Pair(known.baseline(), values)
                                    : new Pair(values, known.candidate());
                        });
            }
        }
        List<MetricChange> changes = new ArrayList<>();
        metrics.forEach((name, byHardware) -> {
            var shared = byHardware.values().stream().filter(Pair::both).toList();
            MetricChange change = change(name, shared, baselineDevices, candidateDevices);
            if (change != null) {
                changes.add(change);
            }
        });
        return changes;
    }

    /** Absent where they share no hardware. */
    static @Nullable MetricChange change(
            String name, List<Pair> byHardware, long baselineDevices, long candidateDevices) {
        long all =
                byHardware.stream().mapToLong(pair -> pair.candidate().count()).sum();
        if (all == 0) {
            return null;
        }
        double before = 0;
        double after = 0;
        double errorBefore = 0;
        double errorAfter = 0;
        long heartbeatsBefore =
                byHardware.stream().mapToLong(pair -> pair.baseline().count()).sum();
        for (Pair pair : byHardware) {
            double weight = (double) pair.candidate().count() / all;
            before += weight * pair.baseline().mean();
            after += weight * pair.candidate().mean();
            errorBefore += weight
                    * weight
                    * pair.baseline().variance()
                    / independent(pair.baseline(), heartbeatsBefore, baselineDevices);
            errorAfter += weight
                    * weight
                    * pair.candidate().variance()
                    / independent(pair.candidate(), all, candidateDevices);
        }
        Estimate from = Intervals.mean(before, Math.sqrt(errorBefore));
        Estimate to = Intervals.mean(after, Math.sqrt(errorAfter));
        if (before == 0) {
            return new MetricChange(name, from, to, null, false);
        }
        // the baseline's mean is as uncertain below the line as it is above (delta method)
        double ratio = after / before;
        double error = Math.sqrt(errorAfter + ratio * ratio * errorBefore) / Math.abs(before);
        Estimate change = Intervals.mean((after - before) / Math.abs(before), error);
        return new MetricChange(name, from, to, change, change.value() >= FLAGGED && change.low() > 0);
    }

    /** As many values as a revision has devices, by its part of the heartbeats. */
    private static double independent(Values values, long heartbeats, long devices) {
        double count = (double) values.count();
        return devices == 0 ? count : Math.clamp(count / heartbeats * devices, 1, count);
    }
}
