package dev.faultline.release;

import dev.faultline.exposure.ExposureSource;
import dev.faultline.exposure.ReleaseHours.Hours;
import dev.faultline.release.ReleaseCounts.Cell;
import dev.faultline.release.ReleaseCounts.Pair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the counts of two releases are divided by: device-hours, or devices that were seen where nobody sent a heartbeat.
 *
 * @param source of hours; null: devices are counted
 * @param hardware by hardware revision, empty where unknown
 * @param cells hours by hardware revision and day; empty without hours
 */
record ComparedExposure(@Nullable ExposureSource source, SortedMap<String, Sides> hardware, Map<Cell, Sides> cells) {
    private static final String DEVICES_SEEN = "devices-seen";
    private static final int LEAST_FREEDOM = 5;

    /** Of both releases. */
    record Sides(double baseline, double candidate) {
        static final Sides NONE = new Sides(0, 0);

        Sides plus(boolean ofCandidate, double more) {
            return ofCandidate ? new Sides(baseline, candidate + more) : new Sides(baseline + more, candidate);
        }

        Sides plus(Sides more) {
            return new Sides(baseline + more.baseline, candidate + more.candidate);
        }
    }

    static ComparedExposure ofHours(ExposureSource source, List<Hours> hours, long candidate) {
        SortedMap<String, Sides> hardware = new TreeMap<>();
        Map<Cell, Sides> cells = new HashMap<>();
        for (Hours part : hours) {
            boolean ofCandidate = part.release() == candidate;
            hardware.merge(part.hardware(), Sides.NONE.plus(ofCandidate, part.hours()), Sides::plus);
            cells.merge(new Cell(part.hardware(), part.day()), Sides.NONE.plus(ofCandidate, part.hours()), Sides::plus);
        }
        return new ComparedExposure(source, hardware, cells);
    }

    static ComparedExposure ofDevices(ReleaseCounts counts) {
        SortedMap<String, Sides> hardware = new TreeMap<>();
        counts.hardware()
                .forEach((revision, pair) -> hardware.put(
                        revision,
                        new Sides(pair.baseline().devices(), pair.candidate().devices())));
        return new ComparedExposure(null, hardware, Map.of());
    }

    boolean isHours() {
        return source != null;
    }

    String kind() {
        return source == null
                ? DEVICES_SEEN
                : switch (source) {
                    case HEARTBEATS -> "heartbeats";
                    case CONTACTS -> "contacts";
                    case DAYS -> "days";
                };
    }

    Sides all() {
        return hardware.values().stream().reduce(Sides.NONE, Sides::plus);
    }

    /** On these revisions; on all of them if none is given, as nothing is known then. */
    Sides on(List<String> revisions) {
        return revisions.isEmpty()
                ? all()
                : revisions.stream()
                        .map(revision -> hardware.getOrDefault(revision, Sides.NONE))
                        .reduce(Sides.NONE, Sides::plus);
    }

    /** Whether there is more than one hardware revision, so that the mix may differ. */
    boolean mixed() {
        return hardware.values().stream()
                        .filter(sides -> sides.baseline() + sides.candidate() > 0)
                        .count()
                > 1;
    }

    /** Crashes of all revisions as in {@link #countedOn}. */
    Sides counted(ReleaseCounts counts) {
        return hardware.keySet().stream()
                .map(revision -> countedOn(revision, counts))
                .reduce(Sides.NONE, Sides::plus);
    }

    /** Crashes on a revision, of days of which hours are known; without hours of all days. */
    Sides countedOn(String revision, ReleaseCounts counts) {
        if (!isHours()) {
            Pair pair = counts.hardware().getOrDefault(revision, Pair.NONE);
            return new Sides(pair.baseline().counted(), pair.candidate().counted());
        }
        Sides known = Sides.NONE;
        for (var cell : cells.entrySet()) {
            if (cell.getKey().hardware().equals(revision)) {
                Pair pair = counts.cells().getOrDefault(cell.getKey(), Pair.NONE);
                known = known.plus(new Sides(
                        cell.getValue().baseline() > 0 ? pair.baseline().counted() : 0,
                        cell.getValue().candidate() > 0 ? pair.candidate().counted() : 0));
            }
        }
        return known;
    }

    /**
     * How many times as much counts by revision and day vary as those of independent crashes: Pearson's statistic over its degrees
     * of freedom, with the rate of each release on each revision as what is expected. 1 where there are too few of them to tell.
     */
    double overdispersion(ReleaseCounts counts) {
        double statistic = 0;
        int cellsSeen = 0;
        int rates = 0;
        for (var revision : hardware.entrySet()) {
            for (boolean ofCandidate : List.of(false, true)) {
                double events = 0;
                double hours = 0;
                List<Cell> here = cells.keySet().stream()
                        .filter(cell -> cell.hardware().equals(revision.getKey()))
                        .filter(cell -> side(cells.getOrDefault(cell, Sides.NONE), ofCandidate) > 0)
                        .toList();
                for (Cell cell : here) {
                    events += counted(counts, cell, ofCandidate);
                    hours += side(cells.getOrDefault(cell, Sides.NONE), ofCandidate);
                }
                if (events == 0) {
                    continue;
                }
                rates++;
                for (Cell cell : here) {
                    double expected = events / hours * side(cells.getOrDefault(cell, Sides.NONE), ofCandidate);
                    // Pearson's statistic is none of its distribution where less is expected
                    if (expected >= 1) {
                        double more = counted(counts, cell, ofCandidate) - expected;
                        statistic += more * more / expected;
                        cellsSeen++;
                    }
                }
            }
        }
        int freedom = cellsSeen - rates;
        return freedom < LEAST_FREEDOM ? 1 : Math.max(1, statistic / freedom);
    }

    private static double side(Sides sides, boolean ofCandidate) {
        return ofCandidate ? sides.candidate() : sides.baseline();
    }

    private static long counted(ReleaseCounts counts, Cell cell, boolean ofCandidate) {
        Pair pair = counts.cells().getOrDefault(cell, Pair.NONE);
        return (ofCandidate ? pair.candidate() : pair.baseline()).counted();
    }
}
