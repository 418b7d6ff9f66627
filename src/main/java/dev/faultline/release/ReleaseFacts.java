package dev.faultline.release;

import dev.faultline.exposure.ExposureSource;
import dev.faultline.exposure.ReleaseHours;
import dev.faultline.exposure.ReleaseHours.Hours;
import dev.faultline.fleet.Part;
import dev.faultline.fleet.ReleaseFleets;
import dev.faultline.ops.Fragment;
import dev.faultline.release.Comparison.Difference;
import dev.faultline.release.Comparison.Estimate;
import dev.faultline.release.Comparison.Health;
import dev.faultline.release.Comparison.MetricChange;
import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparison.SelfControlled;
import dev.faultline.release.Comparison.Share;
import dev.faultline.release.Comparison.Shares;
import dev.faultline.release.CrashLoops.Loops;
import dev.faultline.release.ReleaseCounts.Total;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of two releases beside the clusters of their crashes.
 *
 * @param baseline devices and hours
 * @param updated of devices that were updated; null: none was
 * @param hoursPerHour device-hours of the candidate in one hour, at present
 */
record ReleaseFacts(
        OfRelease baseline,
        OfRelease candidate,
        @Nullable UpdatedDevices updated,
        List<MetricChange> metrics,
        double hoursPerHour) {
    private static final double HOUR_MS = 3_600_000;
    private static final double DAY = 24;

    /** A ratio of updated devices that is so many times that of all tells another story. */
    private static final double DISAGREES = 2;

    private static final String HOURS = """
            select release_id, sum(operated_ms), sum(crash_free_ms) from exposure_hour where release_id = any(?) group by 1
            """;

    ReleaseFacts {
        metrics = List.copyOf(metrics);
    }

    /**
     * One release.
     *
     * @param devices that ran it, as heartbeats say; 0: nobody knows
     * @param operation as heartbeats say; none: they do not
     */
    record OfRelease(long devices, Operation operation, Loops loops, Part silent, Part rolledBack) {
        private static final Part NOBODY = new Part(0, 0);

        /** Without heartbeats only its crashes are known. */
        static OfRelease ofCrashes(Loops loops) {
            return new OfRelease(0, Operation.NONE, loops, NOBODY, NOBODY);
        }

        double operated() {
            return operation.hours();
        }

        double crashFree() {
            return operation.crashFree();
        }
    }

    /** Hours of operation, and those of them without a crash. */
    record Operation(double hours, double crashFree) {
        static final Operation NONE = new Operation(0, 0);
    }

    /** @param known null: no source knows hours */
    static ReleaseFacts read(
            Connection connection,
            ReleaseFleets fleets,
            ReleaseHours.@Nullable Known known,
            List<Hours> hours,
            long baseline,
            long candidate,
            Instant now)
            throws SQLException {
        List<Long> both = List.of(baseline, candidate);
        Map<Long, Loops> loops = CrashLoops.since(connection, both, Instant.EPOCH);
        if (known == null) {
            return new ReleaseFacts(
                    OfRelease.ofCrashes(loops.getOrDefault(baseline, Loops.NONE)),
                    OfRelease.ofCrashes(loops.getOrDefault(candidate, Loops.NONE)),
                    null,
                    List.of(),
                    0);
        }
        Map<Long, Operation> operation =
                known.source() == ExposureSource.HEARTBEATS ? operation(connection, both) : Map.of();
        OfRelease before = of(connection, fleets, known, operation, loops, baseline, now);
        OfRelease after = of(connection, fleets, known, operation, loops, candidate, now);
        return new ReleaseFacts(
                before,
                after,
                UpdatedDevices.read(connection, baseline, candidate, now),
                MetricChanges.read(connection, baseline, candidate, before.devices(), after.devices()),
                lately(known, hours, candidate));
    }

    private static Map<Long, Operation> operation(Connection connection, List<Long> releases) throws SQLException {
        Map<Long, Operation> operation = new HashMap<>();
        try (var query = Fragment.prepare(connection, HOURS, List.of(releases));
                var row = query.executeQuery()) {
            while (row.next()) {
                operation.put(row.getLong(1), new Operation(row.getLong(2) / HOUR_MS, row.getLong(3) / HOUR_MS));
            }
        }
        return operation;
    }

    private static OfRelease of(
            Connection connection,
            ReleaseFleets fleets,
            ReleaseHours.Known known,
            Map<Long, Operation> operation,
            Map<Long, Loops> loops,
            long release,
            Instant now)
            throws SQLException {
        return new OfRelease(
                fleets.devices(connection, release),
                operation.getOrDefault(release, Operation.NONE),
                loops.getOrDefault(release, Loops.NONE),
                fleets.silent(connection, release, known.first(), now),
                fleets.rolledBack(connection, release));
    }

    /** Of the last whole day that is known and the one that runs. */
    private static double lately(ReleaseHours.Known known, List<Hours> hours, long candidate) {
        LocalDate last = LocalDate.ofInstant(known.last(), ZoneOffset.UTC);
        double hoursOfLast = known.last().atOffset(ZoneOffset.UTC).getHour() + 1;
        return hours.stream()
                        .filter(part ->
                                part.release() == candidate && !part.day().isBefore(last.minusDays(1)))
                        .mapToDouble(Hours::hours)
                        .sum()
                / (DAY + hoursOfLast);
    }

    /**
     * Hours with a crash come in as many stretches as crashes are counted, so the share that is lost is as sure as that count.
     *
     * @return absent where heartbeats of both do not say
     */
    @Nullable
    Difference crashFree(Total before, Total after, double overdispersion) {
        if (baseline.operated() <= 0 || candidate.operated() <= 0) {
            return null;
        }
        Estimate from = crashFree(baseline, before.counted(), overdispersion);
        Estimate to = crashFree(candidate, after.counted(), overdispersion);
        return new Difference(from, to, Intervals.difference(from, to));
    }

    private static Estimate crashFree(OfRelease release, long counted, double overdispersion) {
        double lost = 1 - release.crashFree() / release.operated();
        Estimate rate = Intervals.rate((double) counted, release.operated(), overdispersion);
        if (lost <= 0 || counted == 0) {
            return new Estimate(1 - lost, Math.max(0, 1 - Math.max(lost, rate.high())), 1 - lost);
        }
        double perCrash = lost / rate.value();
        return new Estimate(1 - lost, Math.max(0, 1 - rate.high() * perCrash), 1 - rate.low() * perCrash);
    }

    /** Absent where nobody knows which devices ran them. */
    @Nullable
    Difference affected(Total before, Total after) {
        if (baseline.devices() == 0 || candidate.devices() == 0) {
            return null;
        }
        Estimate from = affected(before, baseline);
        Estimate to = affected(after, candidate);
        return new Difference(from, to, Intervals.difference(from, to));
    }

    /** A device that crashed ran it, whether it sent a heartbeat or not. */
    private static Estimate affected(Total total, OfRelease release) {
        return Intervals.share(total.devices(), Math.max(total.devices(), release.devices()));
    }

    Health health(Total before, Total after) {
        return new Health(
                new Shares(Share.of(before.atStart(), before.timed()), Share.of(after.atStart(), after.timed())),
                new Shares(loops(before, baseline), loops(after, candidate)),
                new Shares(share(baseline.silent()), share(candidate.silent())),
                new Shares(share(baseline.rolledBack()), share(candidate.rolledBack())));
    }

    private static Share loops(Total total, OfRelease release) {
        long devices = Math.max(total.devices(), release.devices());
        return Share.of(Math.min(devices, release.loops().devices()), devices);
    }

    private static Share share(Part part) {
        return Share.of(part.affected(), part.devices());
    }

    /** @param all the ratio of all devices; null: there is none */
    @Nullable
    SelfControlled selfControlled(@Nullable RateRatio all) {
        if (updated == null) {
            return null;
        }
        RateRatio ratio = Rates.ratio(
                updated.baselineCrashDays(),
                updated.baselineDays(),
                updated.candidateCrashDays(),
                updated.candidateDays());
        boolean agrees = all == null
                || ratio == null
                // what is not known to differ agrees
                || (ratio.low() <= DISAGREES * all.ratio() && ratio.high() >= all.ratio() / DISAGREES);
        return new SelfControlled(
                updated.devices(),
                updated.baselineDays(),
                updated.baselineCrashDays(),
                updated.candidateDays(),
                updated.candidateCrashDays(),
                ratio,
                agrees);
    }
}
