package dev.faultline.adoption;

import dev.faultline.adoption.ActiveDays.Row;
import dev.faultline.fleet.Releases;
import dev.faultline.heartbeat.BeatRollUps;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads which releases a fleet runs; of days that were rolled up, so that a million devices cost what ten do. */
@Singleton
public class Adoptions {
    static final int MATRIX_DAYS = 7;

    /** Most releases whose curve is drawn: the newest. */
    private static final int MOST_CURVES = 8;

    /** Most cells, those of most devices. */
    private static final int MOST_CELLS = 500;

    private final Transactions transactions;
    private final Releases releases;
    private final BeatRollUps rollUps;

    Adoptions(Transactions transactions, Releases releases, BeatRollUps rollUps) {
        this.transactions = transactions;
        this.releases = releases;
        this.rollUps = rollUps;
    }

    /** From the first day to the last, both with it. */
    public Adoption of(long projectId, String software, LocalDate from, LocalDate until) {
        rollUps.catchUp(projectId);
        List<Releases.Ordered> order = releases.ordered(projectId, software);
        return transactions.snapshot(connection -> {
            var all = ActiveDays.read(connection, projectId, software, from, until);
            var last = ActiveDays.read(connection, projectId, software, until.minusDays(MATRIX_DAYS - 1L), until);
            Map<String, Boolean> registered = new HashMap<>();
            order.forEach(release -> registered.put(release.version(), release.registered()));
            List<String> versions = inOrder(order, all.versions());
            return new Adoption(
                    software,
                    from,
                    until,
                    active(versions, registered, all, last),
                    days(versions, all),
                    curves(connection, versions, registered, all),
                    matrix(last));
        });
    }

    /** Newest first; what is in no order comes last. */
    private static List<String> inOrder(List<Releases.Ordered> order, List<String> active) {
        Set<String> versions = new LinkedHashSet<>();
        order.stream().map(Releases.Ordered::version).filter(active::contains).forEach(versions::add);
        versions.addAll(active);
        return List.copyOf(versions);
    }

    private static List<Adoption.Active> active(
            List<String> versions, Map<String, Boolean> registered, ActiveDays all, ActiveDays last) {
        Map<String, Double> means = last.meanBy(Row::version);
        double devices =
                means.values().stream().mapToDouble(Double::doubleValue).sum();
        return versions.stream()
                .map(version -> {
                    double mean = means.getOrDefault(version, 0.0);
                    return new Adoption.Active(
                            version,
                            registered.getOrDefault(version, false),
                            all.firstDay(version),
                            mean,
                            devices == 0 ? 0 : mean / devices);
                })
                .toList();
    }

    private static List<Adoption.Day> days(List<String> versions, ActiveDays all) {
        Map<LocalDate, Map<String, Long>> byDay = new TreeMap<>();
        for (Row row : all.rows()) {
            byDay.computeIfAbsent(row.day(), none -> new HashMap<>()).merge(row.version(), row.devices(), Long::sum);
        }
        List<Adoption.Day> days = new ArrayList<>();
        byDay.forEach((day, counts) -> {
            long devices = counts.values().stream().mapToLong(Long::longValue).sum();
            List<Adoption.Share> shares = new ArrayList<>();
            for (String version : versions) {
                Long count = counts.get(version);
                if (count != null) {
                    shares.add(new Adoption.Share(version, count, (double) count / Math.max(1, devices)));
                }
            }
            days.add(new Adoption.Day(day, devices, shares));
        });
        return days;
    }

    private static List<Adoption.Curve> curves(
            Connection connection, List<String> versions, Map<String, Boolean> registered, ActiveDays all)
            throws SQLException {
        List<Adoption.Curve> curves = new ArrayList<>();
        for (String version : versions) {
            if (curves.size() < MOST_CURVES && registered.getOrDefault(version, false)) {
                curves.add(curve(version, all, all.containing(connection, version)));
            }
        }
        return curves;
    }

    static Adoption.Curve curve(String version, ActiveDays all, Set<String> containing) {
        Set<String> hardware = all.hardwareOf(containing);
        LocalDate since = all.firstDay(version);
        Map<LocalDate, long[]> byDay = new TreeMap<>();
        for (Row row : all.rows()) {
            if (hardware.contains(row.hardware()) && !row.day().isBefore(since)) {
                long[] counts = byDay.computeIfAbsent(row.day(), none -> new long[2]);
                counts[0] += containing.contains(row.version()) ? row.devices() : 0;
                counts[1] += row.devices();
            }
        }
        List<Adoption.Point> points = new ArrayList<>();
        byDay.forEach((day, counts) -> points.add(new Adoption.Point(day, counts[0], counts[1])));
        Double share = null;
        if (!points.isEmpty() && points.getLast().eligible() > 0) {
            share = (double) points.getLast().adopted() / points.getLast().eligible();
        }
        return new Adoption.Curve(version, since, share, points);
    }

    private record Place(String version, String hardware, String cohort) implements Comparable<Place> {
        private static final java.util.Comparator<Place> ORDER = java.util.Comparator.comparing(Place::version)
                .thenComparing(Place::hardware)
                .thenComparing(Place::cohort);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private static List<Adoption.Cell> matrix(ActiveDays last) {
        Map<Place, Double> means = last.meanBy(row -> new Place(row.version(), row.hardware(), row.cohort()));
        return means.entrySet().stream()
                .sorted(ActiveDays.mostFirst())
                .limit(MOST_CELLS)
                .map(cell -> new Adoption.Cell(
                        cell.getKey().version(),
                        cell.getKey().hardware(),
                        cell.getKey().cohort(),
                        cell.getValue()))
                .collect(Collectors.toList());
    }
}
