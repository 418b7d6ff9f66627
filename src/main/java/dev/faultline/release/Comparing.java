package dev.faultline.release;

import dev.faultline.fleet.Containment;
import dev.faultline.release.Comparison.Change;
import dev.faultline.release.Comparison.Changes;
import dev.faultline.release.Comparison.Exposure;
import dev.faultline.release.Comparison.Occurrence;
import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparison.Side;
import dev.faultline.release.Comparison.Stratum;
import dev.faultline.release.Comparison.Unsymbolicated;
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
import org.jspecify.annotations.Nullable;

/**
 * One comparison while it is made. A false verdict is worse than no answer, so a cluster is called worse or better only
 * if every way of looking at it says so: by devices, by devices and time, by hardware revision, and with every crash
 * whose stack says too little counted against the verdict.
 */
final class Comparing {
    /** Most clusters told in one list; the ones left out have the fewest crashes. */
    static final int MOST_CHANGES = 500;

    /** A cluster that the baseline should have shown this often, and did not, is new. */
    private static final double EXPECTED_FOR_NEW = 3;

    private static final double CONFIDENCE_FOR_FIXED = 0.95;
    private static final double UNEQUAL_SPANS = 2;

    private static final String EXPOSURE =
            "Without heartbeats the only devices known to run a release are those that crashed on it: a ratio compares"
                    + " crashes per such device, and can not tell how many devices ran well, or for how long.";

    private enum Kind {
        NEW,
        FIXED,
        WORSE,
        BETTER,
        UNCHANGED
    }

    private final ReleaseCounts counts;
    private final Total before;
    private final Total after;

    /** The days on which the baseline crashed, first to last, over those of the candidate; 1 where one never did. */
    private final double spans;

    private final List<String> warnings = new ArrayList<>();
    private final Map<Kind, List<Change>> changes = new EnumMap<>(Kind.class);

    Comparing(ReleaseCounts counts) {
        this.counts = counts;
        this.before = counts.baseline();
        this.after = counts.candidate();
        this.spans = before.crashes() == 0 || after.crashes() == 0 ? 1 : (double) days(before) / days(after);
    }

    Comparison of(String software, String baseline, String candidate, Containment lineage) {
        warn();
        counts.clusters().forEach(this::judge);
        return new Comparison(
                software,
                side(baseline, before),
                side(candidate, after),
                lineage,
                new Exposure("devices-seen", before.devices(), after.devices(), EXPOSURE),
                Rates.ratio(before.counted(), before.devices(), after.counted(), after.devices()),
                new Changes(
                        told(Kind.NEW), told(Kind.FIXED), told(Kind.WORSE), told(Kind.BETTER), told(Kind.UNCHANGED)),
                totalStrata(),
                new Unsymbolicated(before.unsymbolicated(), after.unsymbolicated()),
                warnings);
    }

    private static long days(Total total) {
        return total.firstDay() == null || total.lastDay() == null
                ? 1
                : ChronoUnit.DAYS.between(total.firstDay(), total.lastDay()) + 1;
    }

    private void warn() {
        if (spans >= UNEQUAL_SPANS || spans <= 1 / UNEQUAL_SPANS) {
            warnings.add(
                    "The baseline's crashes span %d days, the candidate's %d: a verdict was given only where it holds"
                                    .formatted(days(before), days(after))
                            + " for crashes per device and for crashes per device and day.");
        }
        unsymbolicated("baseline", before, "a cluster that looks new may be among them");
        unsymbolicated("candidate", after, "a cluster that looks fixed may be among them");
        unnamed("baseline", before);
        unnamed("candidate", after);
        if (after.devices() == 0) {
            warnings.add("No device was seen on the candidate: nothing is known about it yet.");
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
        Pair exposure = exposure(ReleaseCounts.seenOn(cluster, true));
        double expected = Rates.expectedBefore(
                        cluster.whole.candidate().counted(),
                        exposure.baseline().devices(),
                        exposure.candidate().devices())
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
        Pair exposure = exposure(ReleaseCounts.seenOn(cluster, false));
        long counted = cluster.whole.baseline().counted();
        double ea = exposure.baseline().devices();
        double eb = exposure.candidate().devices();
        double confidence =
                Math.min(Rates.confidenceGone(counted, ea, eb), Rates.confidenceGone(counted, ea * spans, eb));
        boolean proven = confidence >= CONFIDENCE_FOR_FIXED && after.unsymbolicated() == 0;
        String sentence = "Not seen in the candidate; %s fixed: confidence %.0f %%%s."
                .formatted(
                        proven ? "probably" : "not proven",
                        100 * confidence,
                        after.unsymbolicated() > 0 ? ", but some of its crashes have no usable stack" : "");
        add(Kind.FIXED, cluster, null, null, proven, confidence, sentence);
    }

    private void stayed(ClusterCount cluster) {
        Count a = cluster.whole.baseline();
        Count b = cluster.whole.candidate();
        RateRatio ratio = Rates.ratio(a.counted(), before.devices(), b.counted(), after.devices());
        RateRatio byHardware = counts.mixed() ? Rates.stratified(strata(cluster)) : null;
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
                Rates.ratio(a.counted() + before.unsymbolicated(), before.devices(), b.counted(), after.devices());
        RateRatio ifMoreAfter =
                Rates.ratio(a.counted(), before.devices(), b.counted() + after.unsymbolicated(), after.devices());
        boolean worse = above(ratio) && above(ifMoreBefore) && (!counts.mixed() || above(byHardware));
        boolean better = below(ratio) && below(ifMoreAfter) && (!counts.mixed() || below(byHardware));
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

    private static String noDifference(RateRatio ratio, @Nullable RateRatio byHardware) {
        return differs(ratio) || (byHardware != null && differs(byHardware))
                ? "No verdict: " + times(ratio, byHardware)
                        + " There is a difference in one way of looking at it, but not"
                        + " in all: by device, by time, by hardware revision, with crashes without a usable stack."
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

    /** Devices on these revisions; on all of them if none is given, as nothing is known then. */
    private Pair exposure(List<String> revisions) {
        if (revisions.isEmpty()) {
            return new Pair(new Count(0, before.devices()), new Count(0, after.devices()));
        }
        long a = 0;
        long b = 0;
        for (String revision : revisions) {
            Pair pair = counts.hardware().getOrDefault(revision, Pair.NONE);
            a += pair.baseline().devices();
            b += pair.candidate().devices();
        }
        return new Pair(new Count(0, a), new Count(0, b));
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
                        strata(cluster)));
    }

    private static Occurrence occurrence(long crashes, Count count) {
        return new Occurrence(crashes, count.counted(), count.devices());
    }

    // ---- by hardware revision ----

    private List<Stratum> strata(ClusterCount cluster) {
        return counts.hardware().entrySet().stream()
                .map(entry -> stratum(
                        entry.getKey(), entry.getValue(), cluster.hardware.getOrDefault(entry.getKey(), Pair.NONE)))
                .toList();
    }

    private List<Stratum> totalStrata() {
        return counts.hardware().entrySet().stream()
                .map(entry -> stratum(entry.getKey(), entry.getValue(), entry.getValue()))
                .toList();
    }

    private static Stratum stratum(String hardware, Pair exposure, Pair counted) {
        long ea = exposure.baseline().devices();
        long eb = exposure.candidate().devices();
        long xa = counted.baseline().counted();
        long xb = counted.candidate().counted();
        return new Stratum(hardware, ea, xa, eb, xb, Rates.ratio(xa, ea, xb, eb));
    }

    private static Side side(String version, Total total) {
        return new Side(version, total.devices(), total.crashes(), total.counted(), total.firstDay(), total.lastDay());
    }

    /** The list of one kind, most counted first. */
    private List<Change> told(Kind kind) {
        List<Change> all = changes.getOrDefault(kind, List.of());
        if (all.size() > MOST_CHANGES) {
            warnings.add("%d clusters are %s; only the %d with most crashes are listed."
                    .formatted(all.size(), kind.name().toLowerCase(Locale.ROOT), MOST_CHANGES));
        }
        return all.stream()
                .sorted(Comparator.comparingLong((Change change) ->
                                change.baseline().counted() + change.candidate().counted())
                        .reversed()
                        .thenComparing(Change::id))
                .limit(MOST_CHANGES)
                .toList();
    }
}
