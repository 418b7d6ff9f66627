package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterState;
import dev.faultline.exposure.ExposureSource;
import dev.faultline.exposure.ReleaseHours;
import dev.faultline.exposure.ReleaseHours.Hours;
import dev.faultline.fleet.Part;
import dev.faultline.fleet.ReleaseFleets;
import dev.faultline.ops.Fragment;
import dev.faultline.release.GateFacts.Burn;
import dev.faultline.release.GateFacts.NewCluster;
import dev.faultline.release.GateFacts.Revision;
import dev.faultline.release.GateFacts.Stretch;
import dev.faultline.sequential.FalseDiscoveries;
import dev.faultline.sequential.RateEvidence;
import dev.faultline.sequential.Split;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a gate judges, from what crashes and heartbeats were rolled up to; all of one snapshot. */
final class GateFactsReader {
    /** A cluster that the baseline should have shown this often, and did not, may be new. */
    private static final double EXPECTED_FOR_NEW = 3;

    /** Of the clusters that are called new, most that may be false. */
    private static final double FALSE_SHARE = 0.05;

    /** Before the candidate came, the baseline was as it usually is. */
    private static final Duration USUAL = Duration.ofDays(14);

    private static final double HOUR_MS = 3_600_000;

    /** In hours. */
    private static final double DAY = 24;

    /** Capped at one a device, cluster and day. */
    private static final String CRASHES = """
            select release_id, hardware, day, counted from release_count
            where release_id = any(?) and hardware is not null and day >= ?
            """;

    private static final String ACTIVE = """
            select release_id, hardware, sum(devices) from active_day where release_id = any(?) and day >= ? group by 1, 2
            """;

    private static final String AFFECTED = """
            select release_id, hardware, sum(device_days) from release_count
            where release_id = any(?) and hardware is not null and day >= ?
            group by 1, 2
            """;

    private static final String BURN = """
            select coalesce(sum(operated_ms), 0), coalesce(sum(operated_ms - crash_free_ms), 0)
            from exposure_hour where release_id = ? and hour > ?
            """;

    /** Of the two releases, on any hardware and of all time: one range each of an index. */
    private static final String COUNTS = """
            (select cluster_id, devices, device_days from cluster_count
                where project_id = ? and release_id = ? and hardware is null and days = 0)""";

    /** Those with a stack that says enough; how many there are of all stacks stands in each row. */
    private static final String CLUSTERS = """
            with counted as materialized (
                select cluster_id, a.cluster_id is null as appeared, b.device_days, b.devices
                from %1$s a full join %1$s b using (cluster_id)
            )
            select k.id, k.signature, k.state, k.regressed_in is not null, t.first_at, c.device_days, c.devices,
                (select count(*) from counted)
            from counted c join cluster k on k.id = c.cluster_id join cluster_total t on t.cluster_id = c.cluster_id
            where c.appeared and t.complete
            order by k.id
            """.formatted(COUNTS);

    private final Connection connection;
    private final ReleaseHours hours;
    private final ReleaseFleets fleets;
    private final long project;
    private final long baseline;
    private final long candidate;
    private final Instant now;

    GateFactsReader(
            Connection connection,
            ReleaseHours hours,
            ReleaseFleets fleets,
            long project,
            long baseline,
            long candidate,
            Instant now) {
        this.connection = connection;
        this.hours = hours;
        this.fleets = fleets;
        this.project = project;
        this.baseline = baseline;
        this.candidate = candidate;
        this.now = now;
    }

    /**
     * What was read.
     *
     * @param hours where device-hours are from; absent: nothing knows any of the candidate
     * @param from what was counted is of the time since then; absent likewise
     */
    record Reading(
            GateFacts facts,
            @Nullable ExposureSource hours,
            @Nullable Instant from) {}

    Reading read(String software, String candidateVersion, GatePolicy policy) throws SQLException {
        var known = hours.known(connection, baseline, candidate);
        if (known == null) {
            return new Reading(nothing(software, candidateVersion), null, null);
        }
        Instant midnight = known.first().truncatedTo(ChronoUnit.DAYS);
        List<Hours> read = hours.since(connection, known.source(), both(), midnight);
        List<Stretch> stretches = stretches(read, midnight);
        Map<String, Sides> active = activeDays(day(midnight));
        boolean byTheHour = known.source() == ExposureSource.HEARTBEATS;
        var facts = new GateFacts(
                fleets.devices(connection, candidate),
                Duration.between(known.first(), now).toMinutes() / 60.0,
                stretches,
                revisions(active, day(midnight)),
                byTheHour ? burn(policy, known.last()) : List.of(),
                byTheHour ? usuallyLost(known.first()) : 0,
                loops(active, midnight),
                silent(known.first()),
                newClusters(stretches),
                RegressedClusters.in(connection, project, software, candidateVersion),
                byTheHour ? burn(DAY, known.last()).deviceHours() / DAY : lately(read, day(known.last())));
        return new Reading(facts, known.source(), midnight);
    }

    /** Device-hours of the candidate in one hour, where only those of days are known: of the last two that are. */
    private double lately(List<Hours> read, LocalDate last) {
        return read.stream()
                        .filter(part ->
                                part.release() == candidate && !part.day().isBefore(last.minusDays(1)))
                        .mapToDouble(Hours::hours)
                        .sum()
                / (2 * DAY);
    }

    /** No device said that it runs the candidate; what is fixed and crashes in it all the same is known. */
    private GateFacts nothing(String software, String candidateVersion) throws SQLException {
        return new GateFacts(
                fleets.devices(connection, candidate),
                0,
                List.of(),
                List.of(),
                List.of(),
                0,
                null,
                null,
                List.of(),
                RegressedClusters.in(connection, project, software, candidateVersion),
                0);
    }

    // ---- crashes and hours by hardware revision and day ----

    private record Place(String hardware, LocalDate day) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byDay = day.compareTo(other.day);
            return byDay == 0 ? hardware.compareTo(other.hardware) : byDay;
        }
    }

    /** Events and exposure of both sides while they are read. */
    private static final class Sides {
        private long baselineEvents;
        private double baselineExposure;
        private long candidateEvents;
        private double candidateExposure;

        private void events(boolean ofCandidate, long events) {
            if (ofCandidate) {
                candidateEvents += events;
            } else {
                baselineEvents += events;
            }
        }

        private void exposure(boolean ofCandidate, double exposure) {
            if (ofCandidate) {
                candidateExposure += exposure;
            } else {
                baselineExposure += exposure;
            }
        }

        private Split split() {
            return new Split(baselineEvents, baselineExposure, candidateEvents, candidateExposure);
        }
    }

    private List<Stretch> stretches(List<Hours> read, Instant from) throws SQLException {
        Map<Place, Sides> places = new TreeMap<>();
        for (Hours part : read) {
            places.computeIfAbsent(new Place(part.hardware(), part.day()), none -> new Sides())
                    .exposure(part.release() == candidate, part.hours());
        }
        LocalDate day = day(from);
        try (var query = Fragment.prepare(connection, CRASHES, List.of(both(), day));
                var row = query.executeQuery()) {
            while (row.next()) {
                at(places, row).events(ofCandidate(row), row.getLong(4));
            }
        }
        List<Stretch> stretches = new ArrayList<>();
        places.forEach((place, sides) -> stretches.add(new Stretch(place.hardware(), sides.split())));
        return stretches;
    }

    private static Sides at(Map<Place, Sides> places, ResultSet row) throws SQLException {
        var place = new Place(row.getString(2), row.getObject(3, LocalDate.class));
        return places.computeIfAbsent(place, none -> new Sides());
    }

    /** Days on which devices ran the releases, by hardware revision. */
    private Map<String, Sides> activeDays(LocalDate from) throws SQLException {
        Map<String, Sides> revisions = new TreeMap<>();
        try (var query = Fragment.prepare(connection, ACTIVE, List.of(both(), from));
                var row = query.executeQuery()) {
            while (row.next()) {
                revisions
                        .computeIfAbsent(row.getString(2), none -> new Sides())
                        .exposure(ofCandidate(row), row.getDouble(3));
            }
        }
        return revisions;
    }

    private List<Revision> revisions(Map<String, Sides> revisions, LocalDate from) throws SQLException {
        try (var query = Fragment.prepare(connection, AFFECTED, List.of(both(), from));
                var row = query.executeQuery()) {
            while (row.next()) {
                revisions
                        .computeIfAbsent(row.getString(2), none -> new Sides())
                        .events(ofCandidate(row), row.getLong(3));
            }
        }
        List<Revision> found = new ArrayList<>();
        revisions.forEach((hardware, sides) -> {
            if (sides.candidateExposure > 0) {
                found.add(new Revision(hardware, sides.split()));
            }
        });
        return found;
    }

    // ---- the last hours ----

    private List<Burn> burn(GatePolicy policy, Instant last) throws SQLException {
        List<Burn> burn = new ArrayList<>();
        for (double window : policy.burnRate().windows()) {
            burn.add(burn(window, last));
        }
        return burn;
    }

    /** Up to the newest hour that was heard of: heartbeats are as late as they are long. */
    private Burn burn(double window, Instant last) throws SQLException {
        Instant from = last.minus(Duration.ofMinutes(Math.round(window * 60)));
        try (var query = Fragment.prepare(connection, BURN, List.of(candidate, from));
                var row = query.executeQuery()) {
            row.next();
            return new Burn(window, row.getLong(1) / HOUR_MS, row.getLong(2) / HOUR_MS);
        }
    }

    /** Devices that reboot by themselves without a dump do so in the baseline too. */
    private double usuallyLost(Instant first) throws SQLException {
        Instant from = first.minus(USUAL);
        try (var query = Fragment.prepare(connection, BURN, List.of(baseline, from));
                var row = query.executeQuery()) {
            row.next();
            return row.getLong(1) == 0 ? 0 : (double) row.getLong(2) / row.getLong(1);
        }
    }

    private Split loops(Map<String, Sides> active, Instant from) throws SQLException {
        var all = new Sides();
        for (Sides revision : active.values()) {
            all.exposure(false, revision.baselineExposure);
            all.exposure(true, revision.candidateExposure);
        }
        CrashLoops.since(connection, both(), from)
                .forEach((release, loops) -> all.events(release == candidate, loops.days()));
        return all.split();
    }

    /** Of both since the candidate's first hour: an outage since then counts for both. */
    private Split silent(Instant from) throws SQLException {
        Part before = fleets.silent(connection, baseline, from, now);
        Part after = fleets.silent(connection, candidate, from, now);
        return new Split(before.affected(), before.devices(), after.affected(), after.devices());
    }

    // ---- clusters ----

    /** One that the baseline does not have, while it is judged with the others. */
    private record Appeared(NewCluster cluster, double evidence, double expected) {}

    private List<NewCluster> newClusters(List<Stretch> stretches) throws SQLException {
        double baselineHours = 0;
        double candidateHours = 0;
        for (Stretch stretch : stretches) {
            baselineHours += stretch.split().baselineExposure();
            candidateHours += stretch.split().exposure();
        }
        if (candidateHours == 0) {
            return List.of();
        }
        List<Appeared> appeared = new ArrayList<>();
        long clusters = 0;
        try (var query = Fragment.prepare(connection, CLUSTERS, List.of(project, baseline, project, candidate));
                var row = query.executeQuery()) {
            while (row.next()) {
                appeared.add(appeared(row, baselineHours, candidateHours));
                clusters = row.getLong(8);
            }
        }
        double threshold = FalseDiscoveries.threshold(
                appeared.stream().mapToDouble(Appeared::evidence).toArray(), clusters, FALSE_SHARE);
        return appeared.stream()
                .map(found -> found.expected() >= EXPECTED_FOR_NEW && found.evidence() >= threshold
                        ? proven(found.cluster())
                        : found.cluster())
                .toList();
    }

    private Appeared appeared(ResultSet row, double baselineHours, double candidateHours) throws SQLException {
        var state = ClusterState.of(
                row.getString(3), row.getBoolean(4), row.getTimestamp(5).toInstant(), now);
        long counted = row.getLong(6);
        var cluster =
                new NewCluster(new ClusterId(row.getLong(1)), row.getString(2), state.label(), row.getLong(7), false);
        return new Appeared(
                cluster,
                RateEvidence.ofMore(List.of(new Split(0, baselineHours, counted, candidateHours)), 1),
                counted / candidateHours * baselineHours);
    }

    private static NewCluster proven(NewCluster cluster) {
        return new NewCluster(cluster.id(), cluster.signature(), cluster.state(), cluster.devices(), true);
    }

    private List<Long> both() {
        return List.of(baseline, candidate);
    }

    private boolean ofCandidate(ResultSet row) throws SQLException {
        return row.getLong(1) == candidate;
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
