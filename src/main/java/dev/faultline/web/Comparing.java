package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.http.Problem;
import dev.faultline.release.Comparison;
import dev.faultline.release.Comparison.Change;
import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparisons;
import dev.faultline.web.ComparePage.Group;
import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a comparison to the page that shows it. What is not proven is never shown under new or fixed. */
@RequestScoped
class Comparing {
    /** The parameters of the page's address. */
    static final List<String> PARAMETERS = List.of("software", "baseline", "candidate");

    /** Columns of hardware revisions; more do not fit a screen, the table below has them all. */
    private static final int HARDWARE_COLUMNS = 4;

    private final Visit visit;
    private final Comparisons comparisons;
    private final Offers offers;

    Comparing(Visit visit, Comparisons comparisons, Offers offers) {
        this.visit = visit;
        this.comparisons = comparisons;
        this.offers = offers;
    }

    /** A comparison that can not be made is a page with the choices on it and the reason. */
    ComparePage page(Project project, Filters filters) {
        Offered offered = offers.of(project.id());
        String software = filters.get("software");
        if (software == null && offered.software().size() == 1) {
            software = offered.software().getFirst();
        }
        String baseline = filters.get("baseline");
        String candidate = filters.get("candidate");
        List<String> versions = software == null ? List.of() : offered.versions(software);
        ComparePage.Result result = null;
        String trouble = null;
        if (software != null && baseline != null && candidate != null) {
            try {
                result = result(project, comparisons.of(project.id(), software, baseline, candidate));
            } catch (Problem refused) {
                trouble = refused.detail();
            }
        }
        return new ComparePage(
                visit.shell(
                        result == null ? "Compare releases" : candidate + " against " + baseline,
                        project.name(),
                        Shell.Section.COMPARE),
                List.of(
                        Choice.of("software", "Software", "choose", offered.software(), software),
                        release(offered, "baseline", "Baseline", software, baseline),
                        release(offered, "candidate", "Candidate", software, candidate)),
                hint(offered, software, versions),
                trouble,
                result);
    }

    private static Choice release(
            Offered offered, String name, String label, @Nullable String software, @Nullable String chosen) {
        return software == null
                ? Choice.of(name, label, "choose", List.of(), chosen)
                : offered.choice(name, label, "choose", software, chosen);
    }

    private static String hint(Offered offered, @Nullable String software, List<String> versions) {
        if (offered.software().isEmpty()) {
            return "No release has been seen yet";
        }
        if (software == null) {
            return "Choose a software type";
        }
        return versions.size() < 2
                ? software + " has one release so far: a comparison needs two"
                : "Choose the release to measure against, and the one to judge";
    }

    private static ComparePage.Result result(Project project, Comparison comparison) {
        String baseline = comparison.baseline().version();
        String candidate = comparison.candidate().version();
        var hardware = comparison.hardware().stream()
                .map(Comparison.Stratum::hardware)
                .limit(HARDWARE_COLUMNS)
                .toList();
        var clusters = comparison.clusters();
        var groups = List.of(
                group(
                        "regressed",
                        "Regressed",
                        "resolved, and crash in " + candidate + ", which has the fix",
                        Tone.RED,
                        all(clusters).filter(change -> clusters.regressed().contains(change.id())),
                        project,
                        hardware),
                group(
                        "new",
                        "New",
                        "not in " + baseline + ", where they would have shown",
                        Tone.RED,
                        clusters.appeared().stream().filter(Comparing::proven),
                        project,
                        hardware),
                group(
                        "worse",
                        "Worse",
                        "in both; more frequent now",
                        Tone.RED,
                        clusters.worse().stream(),
                        project,
                        hardware),
                group(
                        "fixed",
                        "Fixed",
                        "not in " + candidate + ", where they would have shown",
                        Tone.GREEN,
                        clusters.fixed().stream().filter(Comparing::proven),
                        project,
                        hardware),
                group(
                        "better",
                        "Better",
                        "in both; less frequent now",
                        Tone.GREEN,
                        clusters.better().stream(),
                        project,
                        hardware),
                group(
                        "unproven",
                        "Unproven",
                        "seen in one of the two only, but too little data to call them new or fixed",
                        Tone.AMBER,
                        Stream.concat(clusters.appeared().stream(), clusters.fixed().stream())
                                .filter(change -> !proven(change)),
                        project,
                        hardware),
                group(
                        "unchanged",
                        "No difference shown",
                        "in both; which is not the same as proven equal",
                        Tone.PLAIN,
                        clusters.unchanged().stream(),
                        project,
                        hardware));
        return new ComparePage.Result(
                baseline,
                candidate,
                headline(candidate, baseline, groups),
                exposure(comparison),
                comparison.needed() == null
                        ? null
                        : "To tell more: " + comparison.needed().text() + ".",
                warnings(comparison),
                CompareFigures.of(comparison),
                comparison.metrics().stream().map(CompareFigures::metric).toList(),
                groups.stream().map(Comparing::total).toList(),
                groups,
                hardware.stream().map(Comparing::shown).toList(),
                CompareFigures.byHours(comparison) ? "Device-hours" : "Devices",
                comparison.hardware().stream().map(Comparing::stratum).toList());
    }

    private static Stream<Change> all(Comparison.Changes clusters) {
        return Stream.of(
                        clusters.appeared(),
                        clusters.fixed(),
                        clusters.worse(),
                        clusters.better(),
                        clusters.unchanged())
                .flatMap(List::stream);
    }

    private static boolean proven(Change change) {
        return Boolean.TRUE.equals(change.proven());
    }

    private static String headline(String candidate, String baseline, List<Group> groups) {
        var said = new ArrayList<String>();
        for (Group group : groups) {
            int count = group.lines().size();
            if (count == 0) {
                continue;
            }
            switch (group.id()) {
                case "regressed" -> said.add(count + " regressed");
                case "new" -> said.add(Words.counted(count, "new cluster"));
                case "worse" -> said.add(count + " worse");
                case "fixed" -> said.add(count + " fixed");
                case "better" -> said.add(count + " better");
                default -> {}
            }
        }
        String against = candidate + " against " + baseline + ": ";
        return against + (said.isEmpty() ? "no difference is proven." : String.join(", ", said) + ".");
    }

    private static String exposure(Comparison comparison) {
        var crashRate = comparison.crashRate();
        String rate = crashRate == null
                ? ""
                : "All crashes together: " + forest(crashRate.ratio()).words() + ". ";
        return rate + comparison.exposure().sentence();
    }

    private static List<String> warnings(Comparison comparison) {
        var warnings = new ArrayList<>(comparison.warnings());
        long unnamed = comparison.unsymbolicated().baseline()
                + comparison.unsymbolicated().candidate();
        if (unnamed > 0) {
            warnings.add("%s without symbols, left out here: with them some may turn out to be known or new."
                    .formatted(Words.counted(unnamed, "cluster")));
        }
        return warnings;
    }

    private static ComparePage.Total total(Group group) {
        int count = group.lines().size();
        String css = count == 0
                ? ""
                : switch (group.tone()) {
                    case RED -> "some-red";
                    case GREEN -> "some-green";
                    case AMBER -> "some-amber";
                    case PLAIN, BLUE, VIOLET -> "";
                };
        return new ComparePage.Total(group.id(), group.title().toLowerCase(Locale.ROOT), count, css);
    }

    private static Group group(
            String id,
            String title,
            String meaning,
            Tone tone,
            Stream<Change> changes,
            Project project,
            List<String> hardware) {
        return new Group(
                id,
                title,
                meaning,
                tone,
                changes.map(change -> line(project, change, tone, hardware)).toList());
    }

    private static ComparePage.Line line(Project project, Change change, Tone tone, List<String> hardware) {
        // the ratio within each hardware revision is the fairer one: a new mix of hardware does not move it
        RateRatio ratio = change.byHardware() == null ? change.ratio() : change.byHardware();
        return new ComparePage.Line(
                change.id().toString(),
                ClusterPages.address(project, change.id()),
                Signature.of(change.signature(), change.reason()),
                Reason.of(change.reason()),
                occurrence(change.baseline()),
                occurrence(change.candidate()),
                ratio == null ? null : tone == Tone.PLAIN ? neutral(ratio) : forest(ratio),
                change.sentence() + CompareFigures.findings(change),
                hardware.stream().map(name -> cell(change, name)).toList());
    }

    private static ComparePage.Occurrence occurrence(Comparison.Occurrence seen) {
        return new ComparePage.Occurrence(
                Words.number(seen.counted()),
                Words.counted(seen.devices(), "device"),
                Words.counted(seen.crashes(), "crash") + " as received");
    }

    private static ComparePage.Cell cell(Change change, String name) {
        return change.hardware().stream()
                .filter(stratum -> stratum.hardware().equals(name))
                .findFirst()
                .map(stratum -> new ComparePage.Cell(
                        shown(name), Words.number(stratum.baselineCounted()), Words.number(stratum.candidateCounted())))
                .orElse(new ComparePage.Cell(shown(name), "0", "0"));
    }

    private static ComparePage.Stratum stratum(Comparison.Stratum stratum) {
        return new ComparePage.Stratum(
                shown(stratum.hardware()),
                Words.number(Math.round(stratum.baselineExposure())),
                Words.number(Math.round(stratum.candidateExposure())),
                Words.number(stratum.baselineCounted()),
                Words.number(stratum.candidateCounted()),
                stratum.ratio() == null ? null : forest(stratum.ratio()));
    }

    private static Forest forest(RateRatio ratio) {
        return Forest.of(ratio.ratio(), ratio.low(), ratio.high());
    }

    private static Forest neutral(RateRatio ratio) {
        return Forest.neutral(ratio.ratio(), ratio.low(), ratio.high());
    }

    private static String shown(String hardware) {
        return hardware.isEmpty() ? "unknown" : hardware;
    }
}
