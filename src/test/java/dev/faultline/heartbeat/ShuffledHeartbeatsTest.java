package dev.faultline.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.ReleaseName;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the order, however often and beside whom heartbeats come: the end is what a recount of them in order gives. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ShuffledHeartbeatsTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Comparator<Heartbeat> order =
            Comparator.comparing(this::at).thenComparing(Heartbeat::boot).thenComparing(Heartbeat::sequence);

    @Inject
    Crashes crashes;

    @Inject
    Transactions transactions;

    @Inject
    Heartbeats heartbeats;

    @Inject
    BeatRollUps rollUps;

    private Instant at(Heartbeat beat) {
        return beat.at() == null ? now : beat.at();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theEndDoesNotDependOnTheOrderOfArrival(long seed) throws Exception {
        long project = crashes.project().id();
        var random = new Random(seed);
        List<Heartbeat> beats = beats(random);
        List<Heartbeat> arriving = new ArrayList<>(beats);
        for (int repeat = 0; repeat < beats.size() / 4; repeat++) {
            arriving.add(beats.get(random.nextInt(beats.size())));
        }
        Collections.shuffle(arriving, random);
        try (var senders = Executors.newFixedThreadPool(3)) {
            List<Future<Reception>> receptions = new ArrayList<>();
            for (int from = 0; from < arriving.size(); ) {
                int until = Math.min(arriving.size(), from + 1 + random.nextInt(40));
                List<Heartbeat> batch = arriving.subList(from, until);
                receptions.add(senders.submit(() -> heartbeats.take(project, batch(batch), now)));
                from = until;
            }
            int accepted = 0;
            int duplicates = 0;
            for (var reception : receptions) {
                accepted += reception.get().accepted();
                duplicates += reception.get().duplicates();
                assertThat(reception.get().rejected()).isEmpty();
                rollUps.catchUp(project);
            }
            assertThat(accepted).isEqualTo(beats.size());
            assertThat(duplicates).isEqualTo(arriving.size() - beats.size());
        }
        rollUps.catchUp(project);
        beats.sort(order);

        assertThat(rows(project, """
                select d.name, h.software, h.since, r.version, h.hardware, h.cohort
                from device_history h join device d on d.id = h.device_id join release r on r.id = h.release_id
                where d.project_id = ?
                """)).containsExactlyInAnyOrderElementsOf(history(beats));
        assertThat(rows(project, """
                select d.name, r.software, r.version, d.cohort, d.hardware, d.attributes ->> 'region', d.first_seen, d.last_seen
                from device d join release r on r.id = d.release_id where d.project_id = ?
                """)).containsExactlyInAnyOrderElementsOf(devices(beats));
        assertThat(rows(project, """
                select r.software, r.version, e.hardware, e.cohort, e.hour, e.operated_ms, e.crash_free_ms
                from exposure_hour e join release r on r.id = e.release_id where e.project_id = ?
                """)).containsExactlyInAnyOrderElementsOf(hours(beats));
        assertThat(rows(project, """
                select r.software, r.version, a.hardware, a.cohort, a.day, a.devices
                from active_day a join release r on r.id = a.release_id where a.project_id = ?
                """)).containsExactlyInAnyOrderElementsOf(active(beats));
        assertThat(rows(project, """
                select n.name, r.software, r.version, m.hardware, m.cohort, m.day, m.count, m.sum::bigint, m.squares::bigint,
                    m.least::bigint, m.greatest::bigint
                from metric_day m join metric_name n on n.id = m.metric_id join release r on r.id = m.release_id
                where n.project_id = ?
                """)).containsExactlyInAnyOrderElementsOf(metrics(beats));
        assertThat(rows(project, "select id from heartbeat_waiting where project_id = ?"))
                .isEmpty();
    }

    /** Few devices, close in time, some at the very same moment and some without a clock. */
    private List<Heartbeat> beats(Random random) {
        List<Heartbeat> beats = new ArrayList<>();
        for (int device = 0; device < 6; device++) {
            for (int beat = 0; beat < 60; beat++) {
                Instant at = now.minus(Duration.ofMinutes(random.nextInt(40) * 70L))
                        .minusMillis(random.nextInt(3) * 1234567L);
                long interval = random.nextInt(5) * 1_234_567L;
                boolean covers = interval > 0;
                beats.add(new Heartbeat(
                        "SN-" + device,
                        pick(random, "", "rev-a", "rev-b"),
                        new ReleaseName(
                                pick(random, "main-fw", "main-fw", "radio-fw"), pick(random, "1.0", "1.1", "1.1")),
                        pick(random, "", "", "beta"),
                        pick(random, "a", "B", "c-9"),
                        beat / 2 * 1000L + beat,
                        random.nextInt(20) == 0 ? null : at,
                        1000L,
                        covers ? interval : null,
                        covers ? interval / (1 + random.nextInt(3)) : null,
                        random.nextInt(4) == 0 ? Map.of("watchdog", 1L + random.nextInt(3)) : Map.of(),
                        random.nextInt(3) == 0 ? Map.of("region", pick(random, "north", "south")) : null,
                        random.nextInt(2) == 0 ? Map.of("heap", (double) random.nextInt(1000)) : Map.of()));
            }
        }
        return beats;
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static HeartbeatBatch batch(List<Heartbeat> beats) {
        List<HeartbeatBatch.Placed> placed = new ArrayList<>();
        for (Heartbeat beat : beats) {
            placed.add(new HeartbeatBatch.Placed(placed.size(), beat));
        }
        return new HeartbeatBatch(placed, List.of());
    }

    private static String group(Heartbeat beat) {
        return beat.release().software() + "|" + beat.release().version() + "|" + beat.hardware() + "|" + beat.cohort();
    }

    private List<String> history(List<Heartbeat> ordered) {
        Map<String, Map<Instant, Heartbeat>> moments = new TreeMap<>();
        for (Heartbeat beat : ordered) {
            moments.computeIfAbsent(beat.device() + "|" + beat.release().software(), key -> new TreeMap<>())
                    .put(at(beat), beat);
        }
        List<String> rows = new ArrayList<>();
        moments.forEach((key, times) -> {
            String before = "";
            for (Heartbeat beat : times.values()) {
                if (!group(beat).equals(before)) {
                    rows.add(key + "|" + at(beat) + "|" + beat.release().version() + "|" + beat.hardware() + "|"
                            + beat.cohort());
                }
                before = group(beat);
            }
        });
        return rows;
    }

    private List<String> devices(List<Heartbeat> ordered) {
        Map<String, List<Heartbeat>> byDevice = new TreeMap<>();
        ordered.forEach(beat -> byDevice.computeIfAbsent(beat.device(), name -> new ArrayList<>())
                .add(beat));
        List<String> rows = new ArrayList<>();
        byDevice.forEach((name, beats) -> {
            Heartbeat last = beats.getLast();
            String hardware = beats.stream()
                    .filter(beat -> !beat.hardware().isEmpty())
                    .max(Comparator.comparing(this::at).thenComparing(Heartbeat::hardware))
                    .map(Heartbeat::hardware)
                    .orElse(null);
            String region = beats.stream()
                    .filter(beat -> beat.attributes() != null)
                    .max(Comparator.comparing(this::at).thenComparing(ShuffledHeartbeatsTest::region))
                    .map(ShuffledHeartbeatsTest::region)
                    .orElse(null);
            rows.add(name + "|" + last.release().software() + "|"
                    + last.release().version() + "|" + last.cohort() + "|" + hardware + "|" + region + "|"
                    + at(beats.getFirst()) + "|" + at(last));
        });
        return rows;
    }

    private static String region(Heartbeat beat) {
        Map<String, String> attributes = beat.attributes();
        return attributes == null ? "" : attributes.getOrDefault("region", "");
    }

    private List<String> hours(List<Heartbeat> beats) {
        Map<String, long[]> hours = new TreeMap<>();
        for (Heartbeat beat : beats) {
            Long interval = beat.intervalMillis();
            Long crashFree = beat.crashFreeMillis();
            if (interval == null || crashFree == null) {
                continue;
            }
            Instant begin = at(beat).minusMillis(interval);
            for (Instant hour = begin.truncatedTo(ChronoUnit.HOURS);
                    hour.isBefore(at(beat));
                    hour = hour.plusSeconds(3600)) {
                long since = Math.max(0, Duration.between(begin, hour).toMillis());
                long till = Math.min(
                        interval,
                        Duration.between(begin, hour.plusSeconds(3600)).toMillis());
                long[] sums = hours.computeIfAbsent(group(beat) + "|" + hour, key -> new long[2]);
                sums[0] += till - since;
                sums[1] += crashFree * till / interval - crashFree * since / interval;
            }
        }
        List<String> rows = new ArrayList<>();
        hours.forEach((key, sums) -> rows.add(key + "|" + sums[0] + "|" + sums[1]));
        return rows;
    }

    private List<String> active(List<Heartbeat> ordered) {
        Map<String, Heartbeat> last = new TreeMap<>();
        ordered.forEach(beat ->
                last.put(beat.device() + "|" + beat.release().software() + "|" + DayPartitions.day(at(beat)), beat));
        Map<String, Integer> devices = new TreeMap<>();
        last.values().forEach(beat -> devices.merge(group(beat) + "|" + DayPartitions.day(at(beat)), 1, Integer::sum));
        List<String> rows = new ArrayList<>();
        devices.forEach((key, count) -> rows.add(key + "|" + count));
        return rows;
    }

    private List<String> metrics(List<Heartbeat> beats) {
        Map<String, List<Long>> values = new TreeMap<>();
        for (Heartbeat beat : beats) {
            String where = "|" + group(beat) + "|" + DayPartitions.day(at(beat));
            beat.metrics()
                    .forEach((name, value) -> values.computeIfAbsent(name + where, key -> new ArrayList<>())
                            .add(value.longValue()));
            beat.reboots()
                    .forEach((reason, count) -> values.computeIfAbsent(
                                    "reboot." + reason + where, key -> new ArrayList<>())
                            .add(count));
        }
        List<String> rows = new ArrayList<>();
        values.forEach((key, all) -> {
            long sum = all.stream().mapToLong(Long::longValue).sum();
            long squares = all.stream().mapToLong(value -> value * value).sum();
            rows.add(key + "|" + all.size() + "|" + sum + "|" + squares + "|" + Collections.min(all) + "|"
                    + Collections.max(all));
        });
        return rows;
    }

    /** Columns joined by bars, times as instants. */
    private List<String> rows(long project, String sql) throws SQLException {
        return transactions.read(connection -> {
            List<String> rows = new ArrayList<>();
            try (var query = connection.prepareStatement(sql)) {
                query.setLong(1, project);
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        List<String> columns = new ArrayList<>();
                        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                            columns.add(shown(row.getObject(column)));
                        }
                        rows.add(String.join("|", columns));
                    }
                }
            }
            return rows;
        });
    }

    private static String shown(@Nullable Object value) {
        return value instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(value);
    }
}
