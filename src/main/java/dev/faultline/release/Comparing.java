package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.fleet.Containment;
import dev.faultline.release.ComparedExposure.Sides;
import dev.faultline.release.Comparison.Change;
import dev.faultline.release.Comparison.Changes;
import dev.faultline.release.Comparison.CrashRate;
import dev.faultline.release.Comparison.Exposure;
import dev.faultline.release.Comparison.HardwareFinding;
import dev.faultline.release.Comparison.Occurrence;
import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparison.SelfControlled;
import dev.faultline.release.Comparison.Side;
import dev.faultline.release.Comparison.Stratum;
import dev.faultline.release.Comparison.Unsymbolicated;
import dev.faultline.release.GateDecision.Needed;
import dev.faultline.release.ReleaseCounts.ClusterCount;
import dev.faultline.release.ReleaseCounts.Count;
import dev.faultline.release.ReleaseCounts.Pair;
import dev.faultline.release.ReleaseCounts.Total;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One comparison while it is made. A false verdict is worse than no answer, so a cluster is called worse or better only
 * if every way of looking at it says so: as one of many, by all devices, by hardware revision, with every crash whose stack says
 * too little counted against the verdict, and, where only devices are known, by devices and time.
 */
final class Comparing {
    /** Most clusters told in one list; the ones left out have the fewest crashes. */
    static final int MOST_CHANGES = 100;

    /** A cluster that the baseline should have shown this often, and did not, is new. */
    private static final double EXPECTED_FOR_NEW = 3;

    private static final double CONFIDENCE_FOR_FIXED = 0.95;
    private static final double UNEQUAL_SPANS = 2;

    /** A ratio that is to be told from 1. */
    private static final double RATIO_TO_TELL = 1.5;

    /** From here on counts are not those of independent crashes. */
    private static final double OVERDISPERSED = 1.5;

    /** Part of the crashes that may be of days of which no hours are known. */
    private static final double UNKNOWN_DAYS = 0.05;

    /** When a hardware revision is told as the one that a cluster is about. */
    private static final double FOUND_RATIO = 1.5;

    private static final long FOUND_CRASHES = 5;
    private static final double FOUND_PART = 0.15;

    private static final String BY_DEVICES =
            "Without heartbeats the only devices known to run a release are those that crashed on it: a ratio compares"
                    + " crashes per such device, and can not tell how many devices ran well, or for how long.";

    private static final Comparator<ClusterCount> MOST_COUNTED = Comparator.comparingLong(
                    (ClusterCount cluster) -> cluster.whole.baseline().counted()
                            + cluster.whole.candidate().counted())
            .reversed()
            .thenComparing(cluster -> cluster.id.number());

    private enum Kind {
        NEW,
        FIXED,
        WORSE,
        BETTER,
        UNCHANGED
    }

    private final ReleaseCounts counts;
    private final ComparedExposure exposure;
    private final Total before;
    private final Total after;
    private final Sides all;

    /** Crashes that are in the rate over all clusters. */
    private final Sides counted;

    private final List<Stratum> totalStrata;
    private final double overdispersion;
    private final ManyTests tests;

    /** The days on which the baseline crashed, first to last, over those of the candidate; 1 where one never did, or hours are known. */
    private final double spans;

    private final List<String> warnings = new ArrayList<>();
    private final Map<Kind, List<Change>> changes = new EnumMap<>(Kind.class);

    Comparing(ReleaseCounts counts, ComparedExposure exposure) {
        this.counts = counts;
        this.exposure = exposure;
        this.before = counts.baseline();
        this.after = counts.candidate();
        this.all = exposure.all();
        this.counted = exposure.counted(counts);
        this.totalStrata = totalStrata(counts, exposure);
        double found = exposure.isHours() ? exposure.overdispersion(counts) : 1;
        this.overdispersion = found > OVERDISPERSED ? found : 1;
        this.spans = exposure.isHours() || before.crashes() == 0 || after.crashes() == 0
                ? 1
                : (double) days(before) / days(after);
        this.tests = ManyTests.of(
                counts.clusters().stream().filter(Comparing::inBoth).toList(), all);
    }

    private static boolean inBoth(ClusterCount cluster) {
        return cluster.baselineCrashes > 0 && cluster.candidateCrashes > 0;
    }

    /** The clusters that are told, which have to be described first. */
    List<ClusterCount> told() {
        return Stream.of(
                        counts.clusters().stream().filter(cluster -> cluster.baselineCrashes == 0),
                        counts.clusters().stream().filter(cluster -> cluster.candidateCrashes == 0),
                        tests.found().stream().filter(this::moreNow),
                        tests.found().stream().filter(cluster -> !moreNow(cluster)),
                        counts.clusters().stream().filter(cluster -> inBoth(cluster) && !tests.found(cluster)))
                .flatMap(clusters -> clusters.sorted(MOST_COUNTED).limit(MOST_CHANGES))
                .toList();
    }

    private boolean moreNow(ClusterCount cluster) {
        return cluster.whole.candidate().counted() * all.baseline()
                > cluster.whole.baseline().counted() * all.candidate();
    }

    /** @param told described */
    Comparison of(
            String software,
            String baseline,
            String candidate,
            Containment lineage,
            List<ClusterCount> told,
            List<ClusterId> regressed,
            ReleaseFacts facts) {
        CrashRate rate = rate();
        SelfControlled updated = facts.selfControlled(rate == null ? null : rate.ratio());
        warn(updated);
        told.forEach(this::judge);
        return new Comparison(
                software,
                side(baseline, before),
                side(candidate, after),
                lineage,
                new Exposure(exposure.kind(), all.baseline(), all.candidate(), sentence(baseline, candidate)),
                rate,
                facts.crashFree(before, after, overdispersion),
                facts.affected(before, after),
                facts.health(before, after),
                updated,
                facts.metrics(),
                needed(rate, facts),
                new Changes(
                        told(Kind.NEW),
                        told(Kind.FIXED),
                        told(Kind.WORSE),
                        told(Kind.BETTER),
                        told(Kind.UNCHANGED),
                        regressed,
                        counts.clusters().size()),
                totalStrata,
                new Unsymbolicated(before.unsymbolicated(), after.unsymbolicated()),
                warnings);
    }

    private static long days(Total total) {
        return total.firstDay() == null || total.lastDay() == null
                ? 1
                : ChronoUnit.DAYS.between(total.firstDay(), total.lastDay()) + 1;
    }

    private String sentence(String baseline, String candidate) {
        return exposure.isHours()
                ? String.format(
                        Locale.ROOT,
                        "Rates are crashes per 1,000 device-hours, %s: %,.0f hours of %s, %,.0f of %s.",
                        exposure.kind().equals("heartbeats")
                                ? "which devices report in heartbeats"
                                : "as far as devices were in contact",
                        all.baseline(),
                        baseline,
                        all.candidate(),
                        candidate)
                : BY_DEVICES;
    }

    // ---- all clusters together ----

    private @Nullable CrashRate rate() {
        long xa = Math.round(counted.baseline());
        long xb = Math.round(counted.candidate());
        RateRatio crude = Rates.ratio(xa, all.baseline(), xb, all.candidate());
        if (crude == null) {
            return null;
        }
        RateRatio byHardware = exposure.mixed() ? Rates.stratified(totalStrata) : null;
        double unit = exposure.isHours() ? 1000 : 1;
        return new CrashRate(
                exposure.isHours() ? "1,000 device-hours" : "device",
                Intervals.rate((double) xa, all.baseline() / unit, overdispersion),
                Intervals.rate((double) xb, all.candidate() / unit, overdispersion),
                Rates.widened(byHardware == null ? crude : byHardware, overdispersion),
                Rates.widened(crude, overdispersion),
                byHardware == null ? null : "hardware",
                overdispersion);
    }

    /** How much more of the candidate tells the ratio from 1.5, if the rates are equal; the baseline stays as it is. */
    private @Nullable Needed needed(@Nullable CrashRate rate, ReleaseFacts facts) {
        if (rate == null
                || !exposure.isHours()
                || rate.ratio().low() > 1
                || rate.ratio().high() < RATIO_TO_TELL
                || before.counted() == 0) {
            return null;
        }
        double perHour = before.counted() / all.baseline();
        // x = k · (1 + E/E₀) crashes of the candidate are wanted, and come in x / perHour hours
        double wanted = overdispersion * Math.pow(Intervals.REACH / Math.log(RATIO_TO_TELL), 2);
        double left = perHour - wanted / all.baseline();
        if (left <= 0) {
            return new Needed(
                    0,
                    null,
                    String.format(
                            Locale.ROOT,
                            "the baseline itself has too few crashes: %d, where more than %.0f are wanted",
                            before.counted(),
                            wanted));
        }
        double hours = Math.max(0, wanted / left - all.candidate());
        return Needs.of(hours, 0, facts.hoursPerHour());
    }

    private void warn(@Nullable SelfControlled updated) {
        if (spans >= UNEQUAL_SPANS || spans <= 1 / UNEQUAL_SPANS) {
            warnings.add(
                    "The baseline's crashes span %d days, the candidate's %d: a verdict was given only where it holds"
                                    .formatted(days(before), days(after))
                            + " for crashes per device and for crashes per device and day.");
        }
        if (exposure.isHours()) {
            unknownDays("baseline", before, counted.baseline());
            unknownDays("candidate", after, counted.candidate());
        }
        if (overdispersion > 1) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "Counts of single days vary %.1f times as much as those of independent crashes: intervals are %.1f times as wide.",
                    overdispersion,
                    Math.sqrt(overdispersion)));
        }
        unsymbolicated("baseline", before, "a cluster that looks new may be among them");
        unsymbolicated("candidate", after, "a cluster that looks fixed may be among them");
        unnamed("baseline", before);
        unnamed("candidate", after);
        if (exposure.isHours() ? all.candidate() <= 0 : after.devices() == 0) {
            warnings.add("No device was seen on the candidate: nothing is known about it yet.");
        }
        if (updated != null && !updated.agrees()) {
            warnings.add(
                    "Devices that were updated tell another ratio than all devices together: the population differs,"
                            + " treat both with care.");
        }
    }

    private void unknownDays(String side, Total total, double known) {
        long unknown = total.counted() - Math.round(known);
        if (unknown > UNKNOWN_DAYS * total.counted()) {
            warnings.add(
                    "%d of %d crashes of the %s are of days of which no device-hours are known: they are in no rate over all clusters, but in those of single clusters."
                            .formatted(unknown, total.counted(), side));
        }
    }

    private void unsymbolicated(String side, Total total, String danger) {
        if (total.unsymbolicated() > 0) {
            warnings.add("%d crashes of the %s have a stack that says too little, for want of symbols or of frames: %s."
                    .formatted(total.unsymbolicated(), side, danger));
        }
    }

    private void unnamed(String side, Total total) {
        if (total.unnamed() > 0) {
            warnings.add("%d crashes of the %s do not say which device they are of and are in no rate."
                    .formatted(total.unnamed(), side));
        }
    }

    // ---- one cluster ----

    private void judge(ClusterCount cluster) {
        if (cluster.baselineCrashes == 0) {
            appeared(cluster);
        } else if (cluster.candidateCrashes == 0) {
            gone(cluster);
        } else {
            stayed(cluster);
        }
    }

    /** The baseline only counts where the cluster shows: revisions it does not affect prove nothing about it. */
    private void appeared(ClusterCount cluster) {
        Sides sides = exposure.on(ReleaseCounts.seenOn(cluster, true));
        double expected = Rates.expectedBefore(cluster.whole.candidate().counted(), sides.baseline(), sides.candidate())
                * Math.min(1, spans);
        boolean proven = expected >= EXPECTED_FOR_NEW && before.unsymbolicated() == 0;
        String sentence = proven
                ? "New: at this rate the baseline would have shown it about %.0f times.".formatted(expected)
                : "First seen in the candidate, unproven: at this rate the baseline would have shown it only about %.1f times%s."
                        .formatted(
                                expected,
                                before.unsymbolicated() > 0 ? ", and some of its crashes have no usable stack" : "");
        add(Kind.NEW, cluster, null, null, proven, null, sentence);
    }

    private void gone(ClusterCount cluster) {
        Sides sides = exposure.on(ReleaseCounts.seenOn(cluster, false));
        long counted = cluster.whole.baseline().counted();
        double confidence = Math.min(
                Rates.confidenceGone(counted, sides.baseline(), sides.candidate()),
                Rates.confidenceGone(counted, sides.baseline() * spans, sides.candidate()));
        boolean proven = confidence >= CONFIDENCE_FOR_FIXED && after.unsymbolicated() == 0;
        String sentence = "Not seen in the candidate; %s fixed: confidence %.0f %%%s."
                .formatted(
                        proven ? "probably" : "not proven",
                        Math.floor(100 * confidence),
                        after.unsymbolicated() > 0 ? ", but some of its crashes have no usable stack" : "");
        add(Kind.FIXED, cluster, null, null, proven, confidence, sentence);
    }

    private void stayed(ClusterCount cluster) {
        Count a = cluster.whole.baseline();
        Count b = cluster.whole.candidate();
        RateRatio ratio = Rates.ratio(a.counted(), all.baseline(), b.counted(), all.candidate());
        RateRatio byHardware = exposure.mixed() ? Rates.stratified(strata(cluster)) : null;
        if (ratio == null) {
            add(
                    Kind.UNCHANGED,
                    cluster,
                    null,
                    null,
                    null,
                    null,
                    "In both, but no device is known that a rate could be of.");
            return;
        }
        RateRatio ifMoreBefore =
                Rates.ratio(a.counted() + before.unsymbolicated(), all.baseline(), b.counted(), all.candidate());
        RateRatio ifMoreAfter =
                Rates.ratio(a.counted(), all.baseline(), b.counted() + after.unsymbolicated(), all.candidate());
        boolean found = tests.found(cluster);
        boolean worse = found && above(ratio) && above(ifMoreBefore) && (!exposure.mixed() || above(byHardware));
        boolean better = found && below(ratio) && below(ifMoreAfter) && (!exposure.mixed() || below(byHardware));
        if (worse) {
            add(Kind.WORSE, cluster, ratio, byHardware, null, null, "Worse: " + times(ratio, byHardware));
        } else if (better) {
            add(Kind.BETTER, cluster, ratio, byHardware, null, null, "Better: " + times(ratio, byHardware));
        } else {
            add(Kind.UNCHANGED, cluster, ratio, byHardware, null, null, noDifference(ratio, byHardware));
        }
    }

    private boolean above(@Nullable RateRatio ratio) {
        return ratio != null && ratio.low() > 1 && ratio.low() * spans > 1;
    }

    private boolean below(@Nullable RateRatio ratio) {
        return ratio != null && ratio.high() < 1 && ratio.high() * spans < 1;
    }

    private String noDifference(RateRatio ratio, @Nullable RateRatio byHardware) {
        return differs(ratio) || (byHardware != null && differs(byHardware))
                ? "No verdict: " + times(ratio, byHardware)
                        + " There is a difference in one way of looking at it, but not in all: as one of %d clusters,"
                                .formatted(tests.count())
                        + " by %s, by hardware revision, with crashes without a usable stack."
                                .formatted(exposure.isHours() ? "all hours" : "device, by time")
                : "No difference shown: " + times(ratio, byHardware);
    }

    private static boolean differs(RateRatio ratio) {
        return ratio.low() > 1 || ratio.high() < 1;
    }

    /** The one number that is told: within the hardware revisions where there are several, as their mix does not move it. */
    private static String times(RateRatio ratio, @Nullable RateRatio byHardware) {
        RateRatio told = byHardware == null ? ratio : byHardware;
        return String.format(
                Locale.ROOT,
                "%.2f times the baseline's rate%s (95 %% %.2f to %.2f).",
                told.ratio(),
                byHardware == null ? "" : " within each hardware revision",
                told.low(),
                told.high());
    }

    private void add(
            Kind kind,
            ClusterCount cluster,
            @Nullable RateRatio ratio,
            @Nullable RateRatio byHardware,
            @Nullable Boolean proven,
            @Nullable Double confidence,
            String sentence) {
        Pair whole = cluster.whole;
        changes.computeIfAbsent(kind, none -> new ArrayList<>())
                .add(new Change(
                        cluster.id,
                        cluster.signature,
                        cluster.reason,
                        occurrence(cluster.baselineCrashes, whole.baseline()),
                        occurrence(cluster.candidateCrashes, whole.candidate()),
                        ratio,
                        byHardware,
                        proven,
                        confidence,
                        sentence,
                        strata(cluster),
                        findings(cluster)));
    }

    private static Occurrence occurrence(long crashes, Count count) {
        return new Occurrence(crashes, count.counted(), count.devices());
    }

    // ---- by hardware revision ----

    /** Revisions whose rate is higher than that of the others, releases together, those that explain most first. */
    private List<HardwareFinding> findings(ClusterCount cluster) {
        if (!exposure.isHours() || !exposure.mixed()) {
            return List.of();
        }
        long counted =
                cluster.hardware.values().stream().mapToLong(Comparing::both).sum();
        double hours = all.baseline() + all.candidate();
        List<HardwareFinding> findings = new ArrayList<>();
        cluster.hardware.forEach((revision, pair) -> {
            long here = both(pair);
            Sides sides = exposure.hardware().getOrDefault(revision, Sides.NONE);
            double hoursHere = sides.baseline() + sides.candidate();
            double share = (double) here / counted;
            double times = here / hoursHere * (hours - hoursHere) / (counted - here);
            double attributable = share * (1 - 1 / times);
            // most are none, and an interval takes its time
            if (here < FOUND_CRASHES || !(times > FOUND_RATIO) || attributable < FOUND_PART) {
                return;
            }
            RateRatio ratio = Rates.ratio(counted - here, hours - hoursHere, here, hoursHere);
            if (ratio != null && ratio.low() > FOUND_RATIO) {
                findings.add(new HardwareFinding(revision, here, share, hoursHere / hours, ratio, attributable));
            }
        });
        findings.sort(Comparator.comparingDouble(HardwareFinding::attributable).reversed());
        return findings;
    }

    private static long both(Pair pair) {
        return pair.baseline().counted() + pair.candidate().counted();
    }

    private List<Stratum> strata(ClusterCount cluster) {
        return exposure.hardware().entrySet().stream()
                .map(entry -> {
                    Pair counted = cluster.hardware.getOrDefault(entry.getKey(), Pair.NONE);
                    return stratum(
                            entry.getKey(),
                            entry.getValue(),
                            counted.baseline().counted(),
                            counted.candidate().counted());
                })
                .toList();
    }

    private static List<Stratum> totalStrata(ReleaseCounts counts, ComparedExposure exposure) {
        return exposure.hardware().entrySet().stream()
                .map(entry -> {
                    Sides counted = exposure.countedOn(entry.getKey(), counts);
                    return stratum(
                            entry.getKey(),
                            entry.getValue(),
                            Math.round(counted.baseline()),
                            Math.round(counted.candidate()));
                })
                .toList();
    }

    private static Stratum stratum(String hardware, Sides sides, long xa, long xb) {
        double ea = sides.baseline();
        double eb = sides.candidate();
        return new Stratum(hardware, ea, xa, eb, xb, xa + xb == 0 ? null : Rates.ratio(xa, ea, xb, eb));
    }

    private static Side side(String version, Total total) {
        return new Side(version, total.devices(), total.crashes(), total.counted(), total.firstDay(), total.lastDay());
    }

    private List<Change> told(Kind kind) {
        return changes.getOrDefault(kind, List.of()).stream()
                .sorted(Comparator.comparingLong((Change change) ->
                                change.baseline().counted() + change.candidate().counted())
                        .reversed()
                        .thenComparing(change -> change.id().number()))
                .limit(MOST_CHANGES)
                .toList();
    }
}
