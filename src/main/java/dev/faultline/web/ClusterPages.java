package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterDetail;
import dev.faultline.cluster.ClusterDetail.BreakdownRow;
import dev.faultline.cluster.ClusterField;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterQuery;
import dev.faultline.cluster.ClusterRow;
import dev.faultline.cluster.ClusterSort;
import dev.faultline.cluster.Clusters;
import dev.faultline.cluster.RollUps;
import dev.faultline.cluster.Standing;
import dev.faultline.crash.CrashDetail;
import dev.faultline.fleet.ActiveFleet;
import dev.faultline.fleet.ActiveFleets;
import dev.faultline.http.Page;
import dev.faultline.similarity.Similarities;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.triage.Triage;
import dev.faultline.view.SavedView;
import dev.faultline.view.SavedViews;
import dev.faultline.web.ClusterListPage.Column;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From clusters as they are counted to the pages that show them. */
@RequestScoped
class ClusterPages {
    /** The parameters of the list's address. */
    static final List<String> PARAMETERS =
            List.of("q", "software", "release", "hardware", "reason", "since", "sort", "after");

    private static final int ROWS = 50;
    private static final int ACTIVITY = 20;
    private static final int MATRIX_RELEASES = 12;
    private static final int MATRIX_HARDWARE = 5;
    private static final String OTHERS = "others";
    private static final String PROBABLY_FIXED = "probably-fixed";

    private final Visit visit;
    private final Clusters clusters;
    private final RollUps rollUps;
    private final Triage triage;
    private final Similarities similarities;
    private final Offers offers;
    private final ActiveFleets activeFleets;
    private final SavedViews savedViews;

    ClusterPages(
            Visit visit,
            Clusters clusters,
            RollUps rollUps,
            Triage triage,
            Similarities similarities,
            Offers offers,
            ActiveFleets activeFleets,
            SavedViews savedViews) {
        this.visit = visit;
        this.clusters = clusters;
        this.rollUps = rollUps;
        this.triage = triage;
        this.similarities = similarities;
        this.offers = offers;
        this.activeFleets = activeFleets;
        this.savedViews = savedViews;
    }

    ClusterListPage list(Project project, Filters filters, Instant now) {
        ClusterSort sort = filters.get("sort") == null ? ClusterSort.IMPACT : ClusterSort.parse(filters.text("sort"));
        var search = Search.parse(filters.text("q"), List.of(ClusterField.values()));
        var query = new ClusterQuery(
                filters.get("software"),
                filters.get("release"),
                filters.get("hardware"),
                filters.get("reason"),
                Span.start(filters.get("since"), now),
                null,
                null,
                search.query(),
                sort,
                ROWS,
                filters.get("after"));
        Page<ClusterRow> found = search.search().trouble() == null
                ? clusters.list(project.id(), query, now)
                : new Page<>(List.of(), null);
        Offered offered = offers.of(project.id());
        ActiveFleet fleet = activeFleets.of(project.id());
        boolean atBeginning = filters.get("after") == null;
        var rows = new ArrayList<ClusterListPage.Row>();
        for (ClusterRow row : found.items()) {
            // a rank is only known from the beginning on: pages are found by key, not by number
            Integer rank = atBeginning ? rows.size() + 1 : null;
            rows.add(row(project, row, rank, fleet, offered.hardware(), now));
        }
        Address here = filters.on(Address.ofProject(project.name(), "clusters"));
        return new ClusterListPage(
                visit.shell("Clusters", project.name(), Shell.Section.CLUSTERS),
                rollUps.behind(project.id()),
                search.search(),
                offered.choices(filters),
                filters.narrow(),
                views(project, filters, search.search().trouble() == null),
                filters.get("sort"),
                columns(here, sort),
                rows,
                found.next() == null ? null : here.with("after", found.next()).toString(),
                atBeginning ? null : here.toString(),
                Commands.firstCrash(project));
    }

    private ClusterListPage.Views views(Project project, Filters filters, boolean readable) {
        String sort = filters.get("sort") == null ? ClusterSort.IMPACT.parameter() : filters.text("sort");
        var all = new ArrayList<ClusterListPage.View>();
        Long current = null;
        for (SavedView view : savedViews.of(project.id())) {
            boolean shown =
                    view.query().equals(filters.text("q")) && view.sort().equals(sort);
            current = shown ? (Long) view.id() : current;
            all.add(new ClusterListPage.View(view.name(), address(project, view), shown));
        }
        boolean something = filters.get("q") != null || filters.get("sort") != null;
        return new ClusterListPage.Views(all, current, readable && something && current == null);
    }

    static String address(Project project, SavedView view) {
        return Address.ofProject(project.name(), "clusters")
                .with("q", view.query())
                .with("sort", view.sort().equals(ClusterSort.IMPACT.parameter()) ? null : view.sort())
                .toString();
    }

    /**
     * One cluster.
     *
     * @param exemplar a crash that stands for the cluster; null where there is none
     */
    ClusterPage page(Project project, ClusterDetail detail, @Nullable CrashDetail exemplar, Instant now) {
        CrashReport report = exemplar == null ? null : exemplar.report();
        ClusterRow summary = detail.summary();
        String id = summary.id().toString();
        Signature signature = Signature.of(summary.signature(), summary.reason());
        Offered offered = offers.of(project.id());
        String software = summary.software() == null ? "" : summary.software();
        var thread = report == null ? null : report.crashedThread();
        return new ClusterPage(
                visit.shell(id + " " + signature.function(), project.name(), Shell.Section.CLUSTERS),
                rollUps.behind(project.id()),
                id,
                address(project, summary.id()),
                signature,
                Reason.of(summary.reason()),
                badges(summary),
                sentence(summary, signature, now),
                impact(summary, now),
                report == null ? null : Prose.of(report.fault().sentence()),
                exemplar == null || thread == null ? null : CrashPages.stack(project, exemplar, thread),
                exemplar == null ? null : CrashPages.address(project, exemplar.id()),
                report == null ? null : CrashPages.text(report),
                StateView.of(summary, offered.versions(software), now),
                facts(project, summary, now),
                hardware(summary, activeFleets.of(project.id()), offered.hardware()),
                trend(detail, now),
                matrix(detail.breakdown(), release -> offered.shown(software, release)),
                variants(project, detail),
                similarities.of(project, summary.id()).stream()
                        .map(similar -> SimilarView.of(project, id, similar, summary.reason()))
                        .toList(),
                triage.activity(project, summary.id(), null, ACTIVITY).items().stream()
                        .map(entry -> ActivityLine.of(project, summary.id(), entry, now))
                        .toList(),
                detail.latestCrashes().stream()
                        .map(crash -> CrashPages.row(project, summary, crash, now))
                        .toList(),
                Address.ofProject(project.name(), "crashes").with("cluster", id).toString());
    }

    /** The formula with its values. */
    private static String impact(ClusterRow row, Instant now) {
        return "Impact %s = %s × severity %s (%s) × %s (last seen %s; half every %d days)"
                .formatted(
                        figure(row.impact()),
                        Words.counted(Math.max(1, row.devices()), "device"),
                        figure(row.severity()),
                        row.reason(),
                        figure(row.recency()),
                        new Moment(row.lastSeen().at(), now).ago(),
                        ClusterRow.HALF_LIFE.toDays());
    }

    private static String figure(double value) {
        return value >= 100 ? Words.number(Math.round(value)) : String.format(Locale.ROOT, "%.3g", value);
    }

    private static ClusterListPage.Row row(
            Project project,
            ClusterRow row,
            @Nullable Integer rank,
            ActiveFleet fleet,
            List<String> hardware,
            Instant now) {
        return new ClusterListPage.Row(
                rank,
                row.id().toString(),
                address(project, row.id()),
                Signature.of(row.signature(), row.reason()),
                row.place(),
                Reason.of(row.reason()),
                row.software(),
                badges(row),
                row.standing().assignee(),
                row.standing().ticket(),
                row.standing().ticket() == null
                        ? null
                        : StateView.label(row.standing().ticket()),
                impact(row, now),
                Words.number(row.devices()),
                row.devices() == 1 ? "device" : "devices",
                row.activeShare() == null ? null : Words.percent(row.activeShare()),
                Words.number(row.crashes()),
                row.crashes() == 1 ? "crash" : "crashes",
                row.firstSeen().release(),
                new Moment(row.firstSeen().at(), now),
                row.lastSeen().release(),
                new Moment(row.lastSeen().at(), now),
                hardware(row, fleet, hardware),
                Sparkline.of(row.days()));
    }

    static String address(Project project, ClusterId cluster) {
        return Address.ofProject(project.name(), "clusters", cluster.toString()).toString();
    }

    private static List<Badge> badges(ClusterRow row) {
        return Stream.concat(state(row.standing()), row.badges().stream())
                .map(word -> row.probableFix() != null && word.equals(PROBABLY_FIXED)
                        ? Badge.probablyFixed(row.probableFix())
                        : Badge.of(word))
                .toList();
    }

    /** What is open needs no badge: it is new, regressed, or as it was. */
    private static Stream<String> state(Standing standing) {
        return switch (standing.state()) {
            case NEW, ONGOING, REGRESSED -> Stream.empty();
            case RESOLVED, MUTED -> Stream.of(standing.state().label());
        };
    }

    private static ShareBar hardware(ClusterRow row, ActiveFleet fleet, List<String> known) {
        var counts = new LinkedHashMap<String, Long>();
        row.hardware().forEach(share -> counts.put(share.revision(), share.crashes()));
        return ShareBar.of(counts, fleet.byHardware(), known);
    }

    private static List<Column> columns(Address here, ClusterSort sorted) {
        return List.of(
                column("Devices", "c-devices", ClusterSort.DEVICES, "devices affected", here, sorted),
                column("Crashes", "c-crashes", ClusterSort.CRASHES, null, here, sorted),
                column("First seen", "c-first", ClusterSort.FIRST_SEEN, null, here, sorted),
                column("Last seen", "c-last", ClusterSort.LAST_SEEN, null, here, sorted),
                new Column("Hardware", "c-hardware", null, null, "hardware revisions by their share of the crashes"),
                new Column("30 days", "c-trend", null, null, "crashes by day; each row has its own scale"));
    }

    private static Column column(
            String label, String css, ClusterSort order, @Nullable String meaning, Address here, ClusterSort sorted) {
        // a second click on the order in force goes back to the default one
        boolean inForce = order == sorted;
        return new Column(
                label,
                css,
                here.with("sort", inForce ? null : order.parameter()).toString(),
                inForce ? "descending" : null,
                meaning);
    }

    private static String sentence(ClusterRow row, Signature signature, Instant now) {
        var words = new StringBuilder();
        words.append(Reason.of(row.reason()).words()).append(" in ").append(signature.function());
        words.append(" on ").append(Words.counted(row.devices(), "device"));
        words.append(", ").append(row.crashes() == 1 ? "once" : Words.number(row.crashes()) + " times");
        if (!row.hardware().isEmpty() && !row.hardware().getFirst().revision().isEmpty()) {
            var most = row.hardware().getFirst();
            words.append("; ")
                    .append(most.share() == 1 ? "all" : Words.percent(most.share()))
                    .append(" on ")
                    .append(most.revision());
        }
        words.append("; first seen: ").append(seen(row, row.firstSeen(), now));
        words.append("; last: ")
                .append(new Moment(row.lastSeen().at(), now).ago())
                .append('.');
        return words.toString();
    }

    private static String seen(ClusterRow row, ClusterRow.Seen seen, Instant now) {
        String ago = new Moment(seen.at(), now).ago();
        if (seen.release() == null) {
            return ago;
        }
        return (row.software() == null ? "" : row.software() + " ") + seen.release() + ", " + ago;
    }

    private static List<CrashPage.Fact> facts(Project project, ClusterRow row, Instant now) {
        var facts = new ArrayList<CrashPage.Fact>();
        facts.add(CrashPage.Fact.of("Devices", Words.number(row.devices())));
        if (row.activeShare() != null) {
            facts.add(CrashPage.Fact.of("Of active devices", Words.percent(row.activeShare()) + " within 30 days"));
        }
        facts.add(CrashPage.Fact.of("Crashes", Words.number(row.crashes())));
        facts.add(fact("First seen", row, row.firstSeen(), now));
        facts.add(fact("Last seen", row, row.lastSeen(), now));
        if (row.software() != null) {
            String url = Address.ofProject(project.name(), "clusters")
                    .with("software", row.software())
                    .toString();
            facts.add(new CrashPage.Fact("Software", row.software(), url, "All clusters of it", false));
        }
        if (row.place() != null) {
            facts.add(CrashPage.Fact.of("Place", row.place()));
        }
        return facts;
    }

    private static CrashPage.Fact fact(String name, ClusterRow row, ClusterRow.Seen seen, Instant now) {
        return new CrashPage.Fact(name, seen(row, seen, now), null, new Moment(seen.at(), now).exact(), false);
    }

    private static TrendChart trend(ClusterDetail detail, Instant now) {
        var days = new TreeMap<LocalDate, Integer>();
        detail.trend().forEach(row -> days.merge(row.day(), Math.toIntExact(row.crashes()), Integer::sum));
        return TrendChart.of(days, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    private static ClusterPage.Matrix matrix(List<BreakdownRow> breakdown, UnaryOperator<String> marked) {
        var byHardware = new LinkedHashMap<String, Long>();
        var byRelease = new LinkedHashMap<String, Map<String, Long>>();
        var devices = new LinkedHashMap<String, Long>();
        for (BreakdownRow row : breakdown) {
            byHardware.merge(shown(row.hardware()), row.crashes(), Long::sum);
        }
        List<String> named = byHardware.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MATRIX_HARDWARE)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        for (BreakdownRow row : breakdown) {
            String release = shown(row.release() == null ? "" : row.release());
            String hardware = named.contains(shown(row.hardware())) ? shown(row.hardware()) : OTHERS;
            byRelease.computeIfAbsent(release, _ -> new LinkedHashMap<>()).merge(hardware, row.crashes(), Long::sum);
            devices.merge(release, row.devices(), Long::sum);
        }
        var columns = new ArrayList<>(named);
        if (byHardware.size() > named.size()) {
            columns.add(OTHERS);
        }
        long most = byRelease.values().stream()
                .flatMap(cells -> cells.values().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(1);
        var rows = byRelease.entrySet().stream()
                .limit(MATRIX_RELEASES)
                .map(release -> new ClusterPage.MatrixRow(
                        marked.apply(release.getKey()),
                        columns.stream()
                                .map(column -> cell(release.getValue().getOrDefault(column, 0L), most))
                                .toList(),
                        Words.number(release.getValue().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()),
                        "on " + Words.counted(devices.getOrDefault(release.getKey(), 0L), "device")))
                .toList();
        return new ClusterPage.Matrix(columns, rows);
    }

    private static ClusterPage.Cell cell(long count, long most) {
        String css = count == 0 ? "zero" : "heat-" + Math.clamp((int) Math.ceil(4.0 * count / most), 1, 4);
        return new ClusterPage.Cell(Words.number(count), css);
    }

    private static String shown(String name) {
        return name.isEmpty() ? "unknown" : name;
    }

    private static List<ClusterPage.Variant> variants(Project project, ClusterDetail detail) {
        long all = Math.max(1, detail.summary().crashes());
        String software = detail.summary().software();
        var links = new RuleLinks(project, software == null ? "" : software);
        return detail.variants().stream()
                .map(variant -> new ClusterPage.Variant(
                        Address.ofProject(
                                        project.name(),
                                        "clusters",
                                        detail.summary().id().toString(),
                                        "variants",
                                        Long.toString(variant.id()))
                                .toString(),
                        Signature.of(variant.signature(), detail.summary().reason()),
                        Words.counted(variant.crashes(), "crash"),
                        Words.counted(variant.devices(), "device"),
                        Words.percent((double) variant.crashes() / all),
                        variant.because(),
                        variant.provisional(),
                        variant.frames().stream()
                                .map(frame -> CrashPage.GroupedFrame.of(frame, links))
                                .toList()))
                .toList();
    }
}
