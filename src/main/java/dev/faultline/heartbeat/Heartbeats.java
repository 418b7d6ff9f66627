package dev.faultline.heartbeat;

import dev.faultline.fleet.ReleaseName;
import dev.faultline.fleet.Reporters;
import dev.faultline.fleet.Reporters.DeviceRow;
import dev.faultline.heartbeat.HeartbeatBatch.Placed;
import dev.faultline.heartbeat.Reception.Rejected;
import dev.faultline.ops.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Takes heartbeats in: each once, whatever the order, and durable before it is acknowledged. */
@ApplicationScoped
class Heartbeats {
    private static final int SHOWN = 20;

    private final Transactions transactions;
    private final DayPartitions partitions;
    private final MetricNames metricNames;
    private final MeterRegistry meters;
    private final int mostADay;

    Heartbeats(
            Transactions transactions,
            DayPartitions partitions,
            MetricNames metricNames,
            MeterRegistry meters,
            @ConfigProperty(name = "faultline.limits.heartbeats-a-day") int mostADay) {
        this.transactions = transactions;
        this.partitions = partitions;
        this.metricNames = metricNames;
        this.meters = meters;
        this.mostADay = mostADay;
    }

    /**
     * A heartbeat at the time that it counts for.
     *
     * @param ahead its clock was not believed
     */
    record Arrival(int index, Heartbeat heartbeat, Instant at, boolean ahead) {}

    /** What one transaction did with the arrivals. */
    private record Stored(int accepted, int ahead, List<Rejected> rejected) {}

    Reception take(long projectId, HeartbeatBatch batch, Instant received) {
        Instant now = received.truncatedTo(ChronoUnit.MILLIS);
        List<Rejected> rejected = new ArrayList<>(batch.rejected());
        List<Arrival> arrivals = new ArrayList<>();
        Map<Heartbeat.Key, Placed> once = new LinkedHashMap<>();
        for (Placed placed : batch.good()) {
            if (isTooLate(placed.heartbeat(), now)) {
                rejected.add(new Rejected(
                        placed.index(),
                        "at: more than %d days ago; without a clock, leave it out"
                                .formatted(HeartbeatLimits.LATE.toDays())));
            } else {
                once.putIfAbsent(placed.heartbeat().key(), placed);
            }
        }
        SortedSet<String> leftOut = metricNames.withoutRoom(projectId, metrics(once.values()));
        for (Placed placed : once.values()) {
            arrivals.add(arrival(placed, now));
        }
        Stored stored = new Stored(0, 0, List.of());
        if (!arrivals.isEmpty()) {
            Set<LocalDate> days = new HashSet<>();
            arrivals.forEach(arrival -> days.add(DayPartitions.day(arrival.at())));
            partitions.provide(days, now);
            stored = transactions.durable(transaction -> store(transaction, projectId, arrivals, leftOut, now));
        }
        rejected.addAll(stored.rejected());
        rejected.sort(Comparator.comparingInt(Rejected::index));
        int duplicates = batch.good().size() + batch.rejected().size() - stored.accepted() - rejected.size();
        count("accepted", stored.accepted());
        count("duplicate", duplicates);
        count("rejected", rejected.size());
        count("clock-ahead", stored.ahead());
        return new Reception(
                stored.accepted(),
                duplicates,
                stored.ahead(),
                rejected,
                leftOut.stream().limit(SHOWN).toList());
    }

    private static boolean isTooLate(Heartbeat heartbeat, Instant now) {
        return heartbeat.at() != null && heartbeat.at().isBefore(now.minus(HeartbeatLimits.LATE));
    }

    private static Arrival arrival(Placed placed, Instant now) {
        Instant at = placed.heartbeat().at();
        boolean ahead = at != null && at.isAfter(now.plus(HeartbeatLimits.AHEAD));
        return new Arrival(
                placed.index(),
                placed.heartbeat(),
                at == null || ahead ? now : at.truncatedTo(ChronoUnit.MILLIS),
                ahead);
    }

    private static Set<String> metrics(Iterable<Placed> batch) {
        Set<String> names = new HashSet<>();
        for (Placed placed : batch) {
            names.addAll(placed.heartbeat().metrics().keySet());
            placed.heartbeat().reboots().keySet().forEach(reason -> names.add(MetricNames.REBOOT + reason));
        }
        return names;
    }

    private Stored store(
            Connection transaction, long projectId, List<Arrival> arrivals, Set<String> leftOut, Instant now)
            throws SQLException {
        SortedMap<String, Instant> first = new TreeMap<>();
        SortedSet<ReleaseName> releaseNames = new TreeSet<>();
        for (Arrival arrival : arrivals) {
            first.merge(arrival.heartbeat().device(), arrival.at(), (a, b) -> a.isBefore(b) ? a : b);
            releaseNames.add(arrival.heartbeat().release());
        }
        Map<String, DeviceRow> devices = Reporters.devices(transaction, projectId, first, now);
        Map<ReleaseName, Long> releases = Reporters.releases(transaction, projectId, releaseNames);
        List<HeartbeatRow> rows = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            Heartbeat heartbeat = arrival.heartbeat();
            rows.add(new HeartbeatRow(
                    arrival, known(devices, heartbeat.device()).id(), known(releases, heartbeat.release()), leftOut));
        }
        List<HeartbeatRow> unseen = HeartbeatRows.unseen(transaction, rows);
        List<Rejected> rejected = new ArrayList<>();
        List<HeartbeatRow> taken = new ArrayList<>();
        Map<String, Integer> today = new HashMap<>();
        for (HeartbeatRow row : unseen) {
            String device = row.heartbeat().device();
            int count = today.merge(device, 1, Integer::sum);
            if (known(devices, device).beatsToday() + count > mostADay) {
                rejected.add(new Rejected(
                        row.arrival().index(),
                        "device: it sent more than %d heartbeats today; send it again tomorrow".formatted(mostADay)));
            } else {
                taken.add(row);
            }
        }
        if (!taken.isEmpty()) {
            HeartbeatRows.store(transaction, projectId, taken, now);
            DeviceHistory.add(transaction, taken);
        }
        int ahead = (int) taken.stream().filter(row -> row.arrival().ahead()).count();
        return new Stored(taken.size(), ahead, rejected);
    }

    private static <K, V> V known(Map<K, V> rows, K name) {
        V row = rows.get(name);
        if (row == null) {
            throw new IllegalStateException("there is no row right after it was made");
        }
        return row;
    }

    private void count(String disposition, int heartbeats) {
        meters.counter("faultline.heartbeats", "disposition", disposition).increment(heartbeats);
    }
}
