package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.adoption.Adoption;
import dev.faultline.adoption.Adoptions;
import dev.faultline.adoption.Finding;
import dev.faultline.adoption.Findings;
import dev.faultline.fleet.Release;
import dev.faultline.fleet.Releases;
import dev.faultline.http.Page;
import dev.faultline.release.GateStanding;
import dev.faultline.release.Gates;
import dev.faultline.web.LineChart.Height;
import dev.faultline.web.LineChart.Series;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From what a fleet runs to the page that shows it. */
@RequestScoped
class ReleasePages {
    static final List<String> PARAMETERS = List.of("software", "after");

    private static final int ROWS = 50;
    private static final int DAYS = 30;

    /** Columns and rows of the matrix; more do not fit a screen. */
    private static final int MOST_PLACES = 10;

    private static final int MOST_MATRIX_LINES = 12;
    private static final double[] HEAT = {0.01, 0.05, 0.2, 0.5};
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final List<Height> PERCENT = List.of(
            new Height(0, "0 %"),
            new Height(0.25, "25 %"),
            new Height(0.5, "50 %"),
            new Height(0.75, "75 %"),
            new Height(1, "100 %"));

    private final Visit visit;
    private final Releases releases;
    private final Adoptions adoptions;
    private final Findings findings;
    private final Gates gates;

    ReleasePages(Visit visit, Releases releases, Adoptions adoptions, Findings findings, Gates gates) {
        this.visit = visit;
        this.releases = releases;
        this.adoptions = adoptions;
        this.findings = findings;
        this.gates = gates;
    }

    ReleasesPage page(Project project, Filters filters, Instant now) {
        List<String> types = releases.software(project.id());
        String software = filters.get("software") == null && !types.isEmpty()
                ? types.contains("main-fw") ? "main-fw" : types.getFirst()
                : filters.text("software");
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Adoption adoption = adoptions.of(project.id(), software, today.minusDays(DAYS - 1L), today);
        Page<Release> page = releases.inOrder(project.id(), software, ROWS, filters.get("after"));
        boolean first = filters.get("after") == null;
        List<String> places = places(adoption);
        Address here = Address.ofProject(project.name(), "releases").with("software", software);
        return new ReleasesPage(
                visit.shell("Releases", project.name(), Shell.Section.RELEASES),
                Choice.of("software", "Software", "choose", types, software.isEmpty() ? null : software),
                first ? shares(adoption) : null,
                first ? curves(adoption) : null,
                lines(project, software, page.items(), adoption),
                first
                        ? findings.of(project, software, now).stream()
                                .map(finding -> finding(project, software, finding))
                                .toList()
                        : List.of(),
                first ? places : List.of(),
                first ? matrix(adoption, places) : List.of(),
                page.next() == null ? null : here.with("after", page.next()).toString(),
                "./faultline releases register --software main-fw --version 1.0.0");
    }

    private static @Nullable LineChart shares(Adoption adoption) {
        if (adoption.days().isEmpty()) {
            return null;
        }
        List<Series> series = new ArrayList<>();
        List<String> most = adoption.releases().stream()
                .sorted((one, other) -> Double.compare(other.share(), one.share()))
                .limit(LineChart.MOST_LINES)
                .map(Adoption.Active::version)
                .toList();
        for (Adoption.Active release : adoption.releases()) {
            if (most.contains(release.version())) {
                List<@Nullable Double> values = new ArrayList<>();
                for (Adoption.Day day : adoption.days()) {
                    values.add(day.releases().stream()
                            .filter(share -> share.version().equals(release.version()))
                            .map(Adoption.Share::share)
                            .findFirst()
                            .orElse(0.0));
                }
                series.add(new Series(release.version(), values));
            }
        }
        var last = adoption.days().getLast();
        return LineChart.of(
                series,
                adoption.days().stream().map(day -> DATE.format(day.day())).toList(),
                PERCENT,
                null,
                List.of(),
                "Share of active devices by release over %d days; on the last one %s"
                        .formatted(
                                adoption.days().size(),
                                last.releases().stream()
                                        .limit(LineChart.MOST_LINES)
                                        .map(share -> share.version() + " " + Words.percent(share.share()))
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable LineChart curves(Adoption adoption) {
        if (adoption.curves().isEmpty() || adoption.days().size() < 2) {
            return null;
        }
        List<Series> series = new ArrayList<>();
        for (Adoption.Curve curve : adoption.curves()) {
            Map<LocalDate, Double> shares = new HashMap<>();
            curve.points().forEach(point -> {
                if (point.eligible() > 0) {
                    shares.put(point.day(), (double) point.adopted() / point.eligible());
                }
            });
            List<@Nullable Double> values = new ArrayList<>();
            adoption.days().forEach(day -> values.add(shares.get(day.day())));
            series.add(new Series(curve.version(), values));
        }
        return LineChart.of(
                series,
                adoption.days().stream().map(day -> DATE.format(day.day())).toList(),
                PERCENT,
                null,
                List.of(),
                "Adoption by release: "
                        + adoption.curves().stream()
                                .map(curve -> curve.version() + " "
                                        + (curve.share() == null ? "unknown" : Words.percent(curve.share())))
                                .collect(Collectors.joining(", ")));
    }

    private List<ReleasesPage.Line> lines(Project project, String software, List<Release> found, Adoption adoption) {
        Map<String, Adoption.Active> active = new HashMap<>();
        adoption.releases().forEach(release -> active.put(release.version(), release));
        Map<String, Adoption.Curve> curves = new HashMap<>();
        adoption.curves().forEach(curve -> curves.put(curve.version(), curve));
        Map<String, GateStanding> standings = new HashMap<>();
        // of several gates the one that was asked last
        gates.standings(project).stream()
                .filter(standing -> standing.software().equals(software))
                .forEach(standing -> standings.putIfAbsent(standing.candidate(), standing));
        return found.stream()
                .map(release -> line(
                        project,
                        adoption,
                        release,
                        active.get(release.version()),
                        curves.get(release.version()),
                        standings.get(release.version())))
                .toList();
    }

    private static ReleasesPage.Line line(
            Project project,
            Adoption adoption,
            Release release,
            Adoption.@Nullable Active active,
            Adoption.@Nullable Curve curve,
            @Nullable GateStanding standing) {
        return new ReleasesPage.Line(
                release.version(),
                release.registered(),
                release.parents().isEmpty() ? null : String.join(", ", release.parents()),
                active == null ? null : active.firstDay().toString(),
                active == null ? null : trend(adoption, release.version()),
                active == null ? null : share(active.share()),
                active == null ? "0" : String.format(Locale.ROOT, "%,.1f", active.devices()),
                curve == null || curve.share() == null ? null : Words.percent(curve.share()),
                Words.number(release.crashes()),
                standing == null ? null : VerdictBadge.of(standing.verdict()),
                standing == null
                        ? null
                        : Address.ofProject(
                                        project.name(), "gates", standing.gate(), "runs", Long.toString(standing.run()))
                                .toString(),
                Address.ofProject(project.name(), "crashes")
                        .with("software", release.software())
                        .with("release", release.version())
                        .toString(),
                Address.ofProject(project.name(), "devices")
                        .with("software", release.software())
                        .with("version", release.version())
                        .toString());
    }

    /** Its devices on each of the days, to the last one. */
    private static Sparkline trend(Adoption adoption, String version) {
        Map<LocalDate, Long> counts = new HashMap<>();
        for (Adoption.Day day : adoption.days()) {
            day.releases().stream()
                    .filter(share -> share.version().equals(version))
                    .forEach(share -> counts.put(day.day(), share.devices()));
        }
        List<Integer> days = adoption.from()
                .datesUntil(adoption.until().plusDays(1))
                .map(day -> Math.toIntExact(Math.min(counts.getOrDefault(day, 0L), Integer.MAX_VALUE)))
                .toList();
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return Sparkline.of(days, "%d days: at most %s a day".formatted(days.size(), Words.counted(most, "device")));
    }

    /** No share is good or bad by itself: the bar has no colour that says so. */
    private static Meter share(double share) {
        return new Meter(Words.percent(share), Math.round(share * 560) / 10.0, "plain");
    }

    private static ReleasesPage.FindingLine finding(Project project, String software, Finding finding) {
        return new ReleasesPage.FindingLine(
                badge(finding.kind()),
                finding.text() + ".",
                finding.groups().stream()
                        .map(group -> "%s%s: %.0f a day"
                                .formatted(
                                        group.hardware().isEmpty() ? "unknown hardware" : group.hardware(),
                                        group.cohort().isEmpty() ? "" : ", " + group.cohort(),
                                        group.devices()))
                        .collect(Collectors.joining("; ")),
                Address.ofProject(project.name(), "devices")
                        .with("finding", finding.kind().label())
                        .with("software", software)
                        .with("version", finding.version())
                        .toString(),
                Words.number(finding.devices()));
    }

    static Badge badge(Finding.Kind kind) {
        return switch (kind) {
            case SLOW_ADOPTION ->
                new Badge("slow adoption", Tone.AMBER, "Two weeks after its first day fewer than half have it");
            case FRAGMENTATION -> new Badge("fragmentation", Tone.AMBER, "More than five releases are in use");
            case ROLLBACK_STORM ->
                new Badge("rollback storm", Tone.RED, "More than a tenth of the devices that took it went back");
            case CRASH_LOOP -> new Badge("crash loop", Tone.RED, "Devices crash at each start");
            case SILENT_AFTER_UPDATE ->
                new Badge("silent after update", Tone.RED, "More devices fell silent on it than on other releases");
        };
    }

    // ---- hardware and cohorts ----

    private static String place(Adoption.Cell cell) {
        String hardware = cell.hardware().isEmpty() ? "unknown" : cell.hardware();
        return cell.cohort().isEmpty() ? hardware : hardware + " · " + cell.cohort();
    }

    private static List<String> places(Adoption adoption) {
        Map<String, Double> sums = new HashMap<>();
        adoption.matrix().forEach(cell -> sums.merge(place(cell), cell.devices(), Double::sum));
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(MOST_PLACES)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static List<ReleasesPage.MatrixLine> matrix(Adoption adoption, List<String> places) {
        Map<String, Map<String, Double>> byVersion = new HashMap<>();
        double all = 0;
        for (Adoption.Cell cell : adoption.matrix()) {
            byVersion
                    .computeIfAbsent(cell.version(), none -> new HashMap<>())
                    .merge(place(cell), cell.devices(), Double::sum);
            all += cell.devices();
        }
        double sum = all;
        List<ReleasesPage.MatrixLine> lines = new ArrayList<>();
        for (Adoption.Active release : adoption.releases()) {
            Map<String, Double> devices = byVersion.get(release.version());
            if (devices != null && lines.size() < MOST_MATRIX_LINES) {
                lines.add(new ReleasesPage.MatrixLine(
                        release.version(),
                        places.stream()
                                .map(place -> cell(devices.getOrDefault(place, 0.0), sum))
                                .toList()));
            }
        }
        return lines;
    }

    private static ReleasesPage.Cell cell(double devices, double all) {
        int heat = 0;
        for (double step : HEAT) {
            heat += devices > 0 && devices / all >= step ? 1 : 0;
        }
        String css = devices == 0 ? "zero" : heat == 0 ? "" : "heat-" + heat;
        return new ReleasesPage.Cell(devices == 0 ? "0" : String.format(Locale.ROOT, "%,.1f", devices), css);
    }
}
