package dev.faultline.adoption;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.faultline.access.Project;
import dev.faultline.adoption.ActiveDays.Row;
import dev.faultline.fleet.Part;
import dev.faultline.fleet.Releases;
import dev.faultline.fleet.Rollbacks;
import dev.faultline.fleet.SilentDevices;
import dev.faultline.heartbeat.BeatRollUps;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import dev.faultline.sequential.RateEvidence;
import dev.faultline.sequential.Split;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What about the releases of a fleet somebody should look at: each with its limit, named here. */
@Singleton
public class Findings {
    /** A release is slow that so few of those have that could, so many days after its first. */
    static final double ADOPTED = 0.5;

    static final int ADOPTION_DAYS = 14;

    /** A release is in use from this share and so many devices on; more of them than that are too many. */
    static final double IN_USE = 0.01;

    static final int IN_USE_DEVICES = 5;
    static final int TOO_MANY = 5;

    /** A storm: the share of devices that went back is more than this at 95 %, of so many devices at least. */
    static final double STORM = 0.1;

    static final int STORM_DEVICES = 10;

    /** Crashes at the start within a day that are a loop. */
    static final int LOOP = 3;

    static final Duration LOOP_WITHIN = Duration.ofDays(1);

    /** Devices that fell silent since then are counted. */
    static final Duration SILENT_SINCE = Duration.ofDays(14);

    /** Evidence that more fell silent than on the other releases: one false alarm in twenty at most. */
    private static final double EVIDENCE = 20;

    /** Most releases that are looked at for rollbacks and silence: the newest. */
    private static final int MOST_RELEASES = 12;

    private static final int MOST_GROUPS = 10;

    /** An answer is kept for so many times the time that it took. */
    private static final int KEPT_TIMES = 20;

    private static final Duration LONGEST_KEPT = Duration.ofMinutes(10);
    private static final int MOST_KEPT = 1000;

    static final String LOOPS = """
            select c.device_id, count(*) as crashes, max(c.effective_at) as last
            from release r
            join crash c on c.release_id = r.id and c.at_start and c.device_id is not null and c.effective_at >= ?
            where r.project_id = ? and r.software = ?
            group by 1 having count(*) >= ?
            """;

    private static final String COUNT_LOOPS = "select count(*) from (" + LOOPS + ") l";

    private final Transactions transactions;
    private final Releases releases;
    private final BeatRollUps rollUps;
    private final SilentDevices silentDevices;
    private final Cache<Asked, Answer> kept = Caffeine.newBuilder()
            .maximumSize(MOST_KEPT)
            .expireAfter(Expiry.creating((Asked asked, Answer answer) -> keptFor(answer)))
            .build();

    Findings(Transactions transactions, Releases releases, BeatRollUps rollUps, SilentDevices silentDevices) {
        this.transactions = transactions;
        this.releases = releases;
        this.rollUps = rollUps;
        this.silentDevices = silentDevices;
    }

    /** One look at a software type. */
    private static final class Look {
        final Connection connection;
        final Project project;
        final String software;
        final Instant now;
        final ActiveDays week;
        final List<Finding> found = new ArrayList<>();

        Look(Connection connection, Project project, String software, Instant now) throws SQLException {
            this.connection = connection;
            this.project = project;
            this.software = software;
            this.now = now;
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            this.week = ActiveDays.read(
                    connection, project.id(), software, today.minusDays(Adoptions.MATRIX_DAYS - 1L), today);
        }

        void add(Finding.Kind kind, @Nullable String version, String text, long devices, List<Finding.Group> groups) {
            String of = version == null ? "" : "&version=" + encoded(version);
            found.add(new Finding(
                    kind,
                    version,
                    text,
                    devices,
                    groups,
                    "/api/v1/projects/%s/findings/%s/devices?software=%s%s"
                            .formatted(project.name(), kind.label(), encoded(software), of)));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What was asked, and what is kept of the answer: so long that asking again costs a twentieth of the time at most. */
    private record Asked(long projectId, String software) {}

    private record Answer(List<Finding> findings, Duration took) {}

    /** All that there is, in the order of {@link Finding.Kind}; of a large fleet up to {@link #LONGEST_KEPT} old. */
    public List<Finding> of(Project project, String software, Instant now) {
        return kept.get(new Asked(project.id(), software), asked -> {
                    long start = System.nanoTime();
                    List<Finding> found = look(project, software, now);
                    return new Answer(found, Duration.ofNanos(System.nanoTime() - start));
                })
                .findings();
    }

    private static Duration keptFor(Answer answer) {
        Duration wanted = answer.took().multipliedBy(KEPT_TIMES);
        return wanted.compareTo(LONGEST_KEPT) > 0 ? LONGEST_KEPT : wanted;
    }

    private List<Finding> look(Project project, String software, Instant now) {
        rollUps.catchUp(project.id());
        List<Releases.Ordered> order = releases.ordered(project.id(), software);
        return transactions.snapshot(connection -> {
            var look = new Look(connection, project, software, now);
            slowAdoption(look, order);
            fragmentation(look);
            List<Releases.Ordered> recent = recent(look, order);
            rollbackStorms(look, recent);
            crashLoops(look);
            silent(look, recent);
            return List.copyOf(look.found);
        });
    }

    /** The newest release that had its time: an older one that was overtaken is nobody's concern. */
    static Optional<String> dueForAdoption(List<Releases.Ordered> order, ActiveDays week, LocalDate today) {
        return order.stream()
                .filter(Releases.Ordered::registered)
                .map(Releases.Ordered::version)
                .filter(version -> !week.firstDay(version).isAfter(today.minusDays(ADOPTION_DAYS)))
                .findFirst();
    }

    private static void slowAdoption(Look look, List<Releases.Ordered> order) throws SQLException {
        LocalDate today = LocalDate.ofInstant(look.now, ZoneOffset.UTC);
        String version = dueForAdoption(order, look.week, today).orElse(null);
        if (version == null) {
            return;
        }
        Set<String> containing = look.week.containing(look.connection, version);
        Set<String> hardware = look.week.hardwareOf(containing);
        int days = Math.max(1, look.week.days().size());
        double adopted = 0;
        Map<List<String>, Double> without = new HashMap<>();
        double rest = 0;
        for (Row row : look.week.rows()) {
            double mean = (double) row.devices() / days;
            if (containing.contains(row.version())) {
                adopted += mean;
            } else if (hardware.isEmpty() || hardware.contains(row.hardware())) {
                rest += mean;
                without.merge(List.of(row.hardware(), row.cohort()), mean, Double::sum);
            }
        }
        double share = adopted + rest == 0 ? 1 : adopted / (adopted + rest);
        if (share < ADOPTED) {
            List<Finding.Group> groups = without.entrySet().stream()
                    .sorted(Map.Entry.<List<String>, Double>comparingByValue().reversed())
                    .limit(MOST_GROUPS)
                    .map(group -> new Finding.Group(
                            group.getKey().get(0), group.getKey().get(1), group.getValue()))
                    .toList();
            look.add(
                    Finding.Kind.SLOW_ADOPTION,
                    version,
                    "%s of the devices that could run %s or what contains it do, %d days after its first day; %s are wanted after %d"
                            .formatted(
                                    percent(share),
                                    version,
                                    look.week.firstDay(version).until(today, java.time.temporal.ChronoUnit.DAYS),
                                    percent(ADOPTED),
                                    ADOPTION_DAYS),
                    Math.round(rest),
                    groups);
        }
    }

    private static void fragmentation(Look look) {
        Map<String, Double> means = look.week.meanBy(Row::version);
        double all = means.values().stream().mapToDouble(Double::doubleValue).sum();
        long inUse = means.values().stream()
                .filter(mean -> mean >= IN_USE_DEVICES && mean >= IN_USE * all)
                .count();
        if (inUse > TOO_MANY) {
            double entropy = means.values().stream()
                    .mapToDouble(mean -> mean / all)
                    .filter(share -> share > 0)
                    .map(share -> -share * Math.log(share))
                    .sum();
            double most = means.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
            look.add(
                    Finding.Kind.FRAGMENTATION,
                    null,
                    String.format(
                            Locale.ROOT,
                            "%d releases are in use, each on %s of the devices or more; more than %d are too many. They are as"
                                    + " spread as %.1f releases of equal share",
                            inUse,
                            percent(IN_USE),
                            TOO_MANY,
                            Math.exp(entropy)),
                    Math.round(all - most),
                    List.of());
        }
    }

    /** Those that devices run, or began to within four weeks: after a storm nobody runs the release any more. */
    private static List<Releases.Ordered> recent(Look look, List<Releases.Ordered> order) {
        Set<String> active = Set.copyOf(look.week.versions());
        LocalDate since = LocalDate.ofInstant(look.now, ZoneOffset.UTC).minusDays(2L * ADOPTION_DAYS);
        return order.stream()
                .filter(release -> {
                    LocalDate first = look.week.firstDay(release.version());
                    return active.contains(release.version()) || (!first.equals(LocalDate.MAX) && first.isAfter(since));
                })
                .limit(MOST_RELEASES)
                .toList();
    }

    private static void rollbackStorms(Look look, List<Releases.Ordered> recent) throws SQLException {
        for (Releases.Ordered release : recent) {
            Part part = Rollbacks.count(look.connection, release.id());
            double least = WilsonBound.low(part.affected(), part.devices());
            if (part.devices() >= STORM_DEVICES && least > STORM) {
                look.add(
                        Finding.Kind.ROLLBACK_STORM,
                        release.version(),
                        "%d of the %d devices that ran %s went back within a week to a release that it contains: at least %s at 95 %%"
                                .formatted(part.affected(), part.devices(), release.version(), percent(least)),
                        part.affected(),
                        List.of());
            }
        }
    }

    private static void crashLoops(Look look) throws SQLException {
        List<Object> values = List.of(look.now.minus(LOOP_WITHIN), look.project.id(), look.software, LOOP);
        long devices = Rows.ids(look.connection, COUNT_LOOPS, values).getFirst();
        if (devices > 0) {
            look.add(
                    Finding.Kind.CRASH_LOOP,
                    null,
                    "%d devices crashed %d times or more within a minute of their start since yesterday"
                            .formatted(devices, LOOP),
                    devices,
                    List.of());
        }
    }

    private void silent(Look look, List<Releases.Ordered> recent) throws SQLException {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Releases.Ordered release : recent) {
            Instant since = look.now.minus(SILENT_SINCE);
            parts.put(release.version(), silentDevices.count(look.connection, release.id(), since, look.now));
        }
        long devices = parts.values().stream().mapToLong(Part::devices).sum();
        long silent = parts.values().stream().mapToLong(Part::affected).sum();
        parts.forEach((version, part) -> {
            long others = devices - part.devices();
            long silentOthers = silent - part.affected();
            var split = new Split(silentOthers, others, part.affected(), part.devices());
            if (part.affected() > 0 && others > 0 && RateEvidence.ofMore(List.of(split), 1) >= EVIDENCE) {
                look.add(
                        Finding.Kind.SILENT_AFTER_UPDATE,
                        version,
                        "%d of %d devices fell silent on %s within two weeks, %d of %d on the other releases"
                                .formatted(part.affected(), part.devices(), version, silentOthers, others),
                        part.affected(),
                        List.of());
            }
        });
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
