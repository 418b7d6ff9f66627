package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.http.Page;
import dev.faultline.release.GateDecision;
import dev.faultline.release.GatePolicy;
import dev.faultline.release.GateRun;
import dev.faultline.release.GateStanding;
import dev.faultline.release.GateWatches;
import dev.faultline.release.Gates;
import dev.faultline.release.Verdict;
import dev.faultline.web.LineChart.Height;
import dev.faultline.web.LineChart.Mark;
import dev.faultline.web.LineChart.Series;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From what gates said to the pages that show it. */
@RequestScoped
class GatePages {
    static final List<String> PARAMETERS = List.of("after");

    private static final int ROWS = 50;
    private static final int MOST_RUNS = 100;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** Evidence is drawn by powers of ten, from a hundredth to a million. */
    private static final double LOWEST = -2;

    private static final double HIGHEST = 6;

    private final Visit visit;
    private final Gates gates;
    private final GateWatches watches;

    GatePages(Visit visit, Gates gates, GateWatches watches) {
        this.visit = visit;
        this.gates = gates;
        this.watches = watches;
    }

    static Address address(Project project, GateRun run) {
        return Address.ofProject(project.name(), "gates", run.gate(), "runs", Long.toString(run.id()));
    }

    GatesPage list(Project project, Instant now) {
        return new GatesPage(
                visit.shell("Gates", project.name(), Shell.Section.GATES),
                gates.standings(project).stream()
                        .map(standing -> row(project, standing, now))
                        .toList(),
                watches.list(project).stream()
                        .map(watch -> new GatesPage.Watch(
                                watch.gate(),
                                watch.software(),
                                watch.candidate() == null ? "the newest that runs" : watch.candidate(),
                                watch.askedAt() == null ? null : new Moment(watch.askedAt(), now),
                                watch.problem()))
                        .toList(),
                command("default"));
    }

    private static String command(String gate) {
        return "./faultline gate --gate %s --software main-fw --candidate 2.4.0".formatted(gate);
    }

    private static GatesPage.Row row(Project project, GateStanding standing, Instant now) {
        Address gate = Address.ofProject(project.name(), "gates", standing.gate());
        return new GatesPage.Row(
                standing.gate(),
                gate.toString(),
                standing.software(),
                standing.candidate(),
                VerdictBadge.of(standing.verdict()),
                Long.toString(standing.run()),
                Address.ofProject(project.name(), "gates", standing.gate(), "runs", Long.toString(standing.run()))
                        .toString(),
                new Moment(standing.askedAt(), now));
    }

    GatePage page(Project project, String gate, Filters filters, Instant now) {
        long before = before(filters.get("after"));
        Page<GateRun> runs = gates.runs(project, gate, before, ROWS);
        Address here = Address.ofProject(project.name(), "gates", gate);
        return new GatePage(
                visit.shell("Gate " + gate, project.name(), Shell.Section.GATES),
                gate,
                gates.policy(project, gate),
                runs.items().stream().map(run -> line(project, run, now)).toList(),
                runs.next() == null ? null : here.with("after", runs.next()).toString(),
                filters.get("after") == null ? null : here.toString(),
                command(gate));
    }

    private static long before(@Nullable String after) {
        return after != null && after.matches("[0-9]{1,18}") ? Long.parseLong(after) : Long.MAX_VALUE;
    }

    private static GatePage.Run line(Project project, GateRun run, Instant now) {
        return new GatePage.Run(
                Long.toString(run.id()),
                address(project, run).toString(),
                run.software() + " " + run.candidate(),
                run.baseline(),
                VerdictBadge.of(run.verdict()),
                run.override() == null
                        ? decides(run)
                        : "overridden: " + run.override().because(),
                run.askedBy(),
                new Moment(run.askedAt(), now));
    }

    private static String decides(GateRun run) {
        var reasons = run.decision().reasons();
        return reasons.isEmpty() ? "" : reasons.getFirst().text();
    }

    GateRunPage run(Project project, String gate, long id, Instant now) {
        GateRun run = gates.run(project, gate, id);
        List<GateRun> runs = gates.runsOf(project, gate, run.software(), run.candidate(), MOST_RUNS);
        boolean open = run.override() == null && run.verdict() != Verdict.GO;
        return new GateRunPage(
                visit.shell("Run %d of %s".formatted(id, gate), project.name(), Shell.Section.GATES),
                "%s %s".formatted(run.software(), run.candidate()),
                VerdictBadge.of(run.verdict()),
                gate,
                Address.ofProject(project.name(), "gates", gate).toString(),
                sentence(run),
                run.decision().reasons().stream()
                        .map(reason -> new GateRunPage.Rule(
                                reason.rule().label().replace('-', ' '),
                                VerdictBadge.of(reason.verdict()),
                                reason.text()))
                        .toList(),
                facts(run),
                new Moment(run.askedAt(), now),
                later(run),
                run.override() == null
                        ? null
                        : new GateRunPage.Word(
                                run.override().by(),
                                run.override().because(),
                                new Moment(run.override().at(), now)),
                open && visit.mayWrite() ? address(project, run) + "/override" : null,
                runs.size() < 2 ? null : history(runs.reversed(), GatePolicy.parse(run.policy())),
                runs.size() < 2
                        ? List.of()
                        : runs.stream().map(one -> line(project, one, now)).toList(),
                run.policy(),
                Address.ofProject(project.name(), "compare")
                        .with("software", run.software())
                        .with("baseline", run.baseline())
                        .with("candidate", run.candidate())
                        .toString());
    }

    private static String sentence(GateRun run) {
        GateDecision decision = run.decision();
        if (decision.needed() != null) {
            return "Too little is known: " + decision.needed().text() + ".";
        }
        return switch (decision.verdict()) {
            case GO -> "As good as %s, as far as the policy asks.".formatted(run.baseline());
            case NO_GO -> "Worse than %s, beyond what the policy allows.".formatted(run.baseline());
            case PAUSE -> "Evidence against it: roll it out no further for now.";
            case INSUFFICIENT -> "Too little is known.";
        };
    }

    private static List<CrashPage.Fact> facts(GateRun run) {
        List<CrashPage.Fact> facts = new ArrayList<>();
        facts.add(CrashPage.Fact.of("Baseline", run.baseline()));
        facts.add(CrashPage.Fact.of(
                "Device-hours from",
                run.exposureSource() == null
                        ? "nothing knows any"
                        : run.exposureSource().words()));
        var rate = run.decision().crashRate();
        if (rate != null) {
            facts.add(CrashPage.Fact.of(
                    "Device-hours", "%,.0f against %,.0f".formatted(rate.candidateHours(), rate.baselineHours())));
            facts.add(CrashPage.Fact.of(
                    "Crashes in 1,000 h",
                    String.format(
                            Locale.ROOT, "%.2f against %.2f", rate.candidatePer1000h(), rate.baselinePer1000h())));
            facts.add(CrashPage.Fact.of(
                    "Ratio, 95 %",
                    String.format(
                            Locale.ROOT,
                            "%.2f (%.2f to %s)",
                            rate.ratio(),
                            rate.low(),
                            rate.high() == null ? "no bound" : String.format(Locale.ROOT, "%.2f", rate.high()))));
            facts.add(CrashPage.Fact.of("Evidence", String.format(Locale.ROOT, "%.3g", rate.eValue())));
        }
        if (run.containment() != null) {
            facts.add(new CrashPage.Fact(
                    "Contains the baseline",
                    run.containment().answer().label(),
                    null,
                    run.containment().because(),
                    false));
        }
        if (run.needsSymbols() > 0) {
            facts.add(CrashPage.Fact.of("Crashes without symbols", Words.number(run.needsSymbols())));
        }
        facts.add(CrashPage.Fact.of("Asked by", run.askedBy()));
        return facts;
    }

    private static @Nullable String later(GateRun run) {
        var later = run.later();
        if (later == null || (later.crashes() == 0 && Math.abs(later.deviceHours()) < 0.01)) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "Later data: %s and %,.1f device-hours of the time that was judged arrived after this verdict. Asked again, the gate"
                        + " counts them.",
                Words.counted(later.crashes(), "crash"),
                later.deviceHours());
    }

    /** The oldest run first. */
    private static LineChart history(List<GateRun> runs, GatePolicy policy) {
        List<@Nullable Double> evidence = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            GateRun run = runs.get(i);
            var rate = run.decision().crashRate();
            Double height = rate == null ? null : Double.valueOf(height(rate.eValue()));
            evidence.add(height);
            marks.add(LineChart.mark(
                    i,
                    runs.size(),
                    height == null ? 0 : height,
                    VerdictBadge.of(run.verdict()).tone().css(),
                    "%s: %s%s"
                            .formatted(
                                    DAY.format(run.askedAt()),
                                    run.verdict(),
                                    rate == null ? "" : String.format(Locale.ROOT, ", evidence %.3g", rate.eValue()))));
        }
        return LineChart.of(
                List.of(new Series("evidence", evidence)),
                runs.stream().map(run -> DAY.format(run.askedAt())).toList(),
                List.of(
                        new Height(height(0.01), "0.01"),
                        new Height(height(1), "1"),
                        new Height(height(100), "100"),
                        new Height(height(10_000), "10⁴"),
                        new Height(height(1_000_000), "10⁶")),
                height(policy.crashRate().eValue()),
                marks,
                "Evidence of a higher crash rate in %d runs, the last one %s"
                        .formatted(runs.size(), runs.getLast().verdict()));
    }

    private static double height(double evidence) {
        return (Math.clamp(Math.log10(Math.max(evidence, Double.MIN_NORMAL)), LOWEST, HIGHEST) - LOWEST)
                / (HIGHEST - LOWEST);
    }
}
