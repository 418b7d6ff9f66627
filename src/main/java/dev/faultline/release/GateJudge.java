package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.release.GateDecision.CrashRate;
import dev.faultline.release.GateDecision.Needed;
import dev.faultline.release.GateDecision.Reason;
import dev.faultline.release.GateDecision.Rule;
import dev.faultline.release.GateFacts.Burn;
import dev.faultline.release.GateFacts.NewCluster;
import dev.faultline.release.GateFacts.Revision;
import dev.faultline.release.GateFacts.Stretch;
import dev.faultline.sequential.RateEvidence;
import dev.faultline.sequential.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One verdict while it is made: facts and a policy in, a decision out. What stands against a release counts at once, whatever
 * stands for it only when enough is known.
 */
final class GateJudge {
    /** Of every bound that is told. */
    private static final double ALPHA = 0.05;

    /** Of every rule but that of the crash rate, which has its own in the policy: one false alarm in twenty at most. */
    private static final double EVIDENCE = 20;

    private static final double NORMAL_95 = 1.96;
    private static final int MOST_NAMED = 10;

    /** Of the verdicts of single rules, the one that decides; a release that may not go out need not only pause. */
    private static final List<Verdict> WEIGHT = List.of(Verdict.NO_GO, Verdict.PAUSE, Verdict.INSUFFICIENT, Verdict.GO);

    private final GatePolicy policy;
    private final GateFacts facts;
    private final List<Reason> reasons = new ArrayList<>();

    private GateJudge(GatePolicy policy, GateFacts facts) {
        this.policy = policy;
        this.facts = facts;
    }

    static GateDecision judge(GatePolicy policy, GateFacts facts) {
        return new GateJudge(policy, facts).decision();
    }

    private GateDecision decision() {
        CrashRate rate = rate();
        enough(rate);
        crashRate(rate);
        burnRate(rate);
        affectedDevices();
        newClusters();
        regressedClusters();
        crashLoops();
        silentAfterUpdate();
        reasons.sort(Comparator.comparingInt((Reason reason) -> WEIGHT.indexOf(reason.verdict()))
                .thenComparing(Reason::rule));
        var asked = EnumSet.noneOf(Verdict.class);
        reasons.forEach(reason -> asked.add(reason.verdict()));
        Verdict verdict = WEIGHT.stream().filter(asked::contains).findFirst().orElse(Verdict.INSUFFICIENT);
        return new GateDecision(verdict, reasons, rate, verdict == Verdict.INSUFFICIENT ? needed(rate) : null);
    }

    // ---- the crash rate ----

    /** Of the days and revisions on which both were there. */
    private @Nullable CrashRate rate() {
        List<Split> splits = facts.splits();
        var all = new Sums();
        SortedMap<String, Sums> revisions = new TreeMap<>();
        for (Stretch stretch : facts.stretches()) {
            all.add(stretch.split());
            revisions.computeIfAbsent(stretch.hardware(), none -> new Sums()).add(stretch.split());
        }
        if (all.baselineHours == 0) {
            return null;
        }
        double ratio = ratio(all.over, all.under);
        // the bounds take the ratio for one: where it differs between days they may miss the estimate, and reach as far
        // as it then
        double low = Math.min(RateEvidence.lowerBound(splits, ALPHA), ratio);
        double high = Math.max(RateEvidence.upperBound(splits, ALPHA), ratio);
        return new CrashRate(
                1000 * all.baseline / all.baselineHours,
                1000 * all.candidate / all.candidateHours,
                ratio,
                ratio(all.candidate / all.candidateHours, all.baseline / all.baselineHours),
                low,
                high == Double.POSITIVE_INFINITY ? null : high,
                Math.min(RateEvidence.ofMore(splits, 1), Double.MAX_VALUE),
                all.baselineHours,
                all.candidateHours,
                revisions.values().stream().mapToDouble(Sums::expected).sum());
    }

    /** What splits come to, and both sides of the Mantel-Haenszel ratio. */
    private static final class Sums {
        double baselineHours;
        double candidateHours;
        double baseline;
        double candidate;
        double over;
        double under;

        void add(Split split) {
            if (split.baselineExposure() > 0 && split.exposure() > 0) {
                double hours = split.baselineExposure() + split.exposure();
                over += split.count() * split.baselineExposure() / hours;
                under += split.baseline() * split.exposure() / hours;
                baselineHours += split.baselineExposure();
                candidateHours += split.exposure();
                baseline += split.baseline();
                candidate += split.count();
            }
        }

        /** What the candidate would have had at the baseline's rate. */
        double expected() {
            return baselineHours == 0 ? 0 : baseline / baselineHours * candidateHours;
        }
    }

    /** Nothing to nothing says that nothing differs. */
    private static double ratio(double over, double under) {
        return over == 0 && under == 0 ? 1 : under == 0 ? Double.MAX_VALUE : over / under;
    }

    // ---- rules ----

    private void enough(@Nullable CrashRate rate) {
        found(
                Rule.MIN_DEVICES,
                facts.candidateDevices() >= policy.minDevices() ? Verdict.GO : Verdict.INSUFFICIENT,
                "%d devices ran it, %d are wanted".formatted(facts.candidateDevices(), policy.minDevices()));
        found(
                Rule.MIN_SOAK_HOURS,
                facts.soakHours() >= policy.minSoakHours() ? Verdict.GO : Verdict.INSUFFICIENT,
                "it is out for %s hours, %s are wanted"
                        .formatted(Needs.figure(facts.soakHours()), Needs.figure(policy.minSoakHours())));
        double expected = rate == null ? 0 : rate.expected();
        found(
                Rule.MIN_EXPECTED_CRASHES,
                expected >= policy.minExpectedCrashes() ? Verdict.GO : Verdict.INSUFFICIENT,
                "at the baseline's rate it would have crashed %s times by now, %s are wanted"
                        .formatted(Needs.figure(expected), Needs.figure(policy.minExpectedCrashes())));
    }

    private void crashRate(@Nullable CrashRate rate) {
        if (rate == null) {
            found(
                    Rule.CRASH_RATE,
                    Verdict.INSUFFICIENT,
                    "no day and hardware revision has device-hours of both releases");
            return;
        }
        var limits = policy.crashRate();
        Verdict verdict;
        if (rate.low() > limits.noGoLowerBound()) {
            verdict = Verdict.NO_GO;
        } else if (rate.eValue() >= limits.eValue() && rate.ratio() >= limits.pauseRatio()) {
            verdict = Verdict.PAUSE;
        } else {
            verdict = rate.high() != null && rate.high() < limits.goUpperBound() ? Verdict.GO : Verdict.INSUFFICIENT;
        }
        found(
                Rule.CRASH_RATE,
                verdict,
                "%s times the baseline's rate within hardware revisions (95 %% %s to %s, however often one looks; evidence %s)"
                        .formatted(
                                Needs.figure(rate.ratio()),
                                Needs.figure(rate.low()),
                                rate.high() == null ? "no bound" : Needs.figure(rate.high()),
                                Needs.figure(rate.eValue())));
    }

    /**
     * In both windows, and more than the baseline would on this hardware: a promise that it does not keep either is not the
     * candidate's fault.
     */
    private void burnRate(@Nullable CrashRate rate) {
        double budget = 1 - policy.burnRate().sloCrashFreeHours();
        double crashes = rate == null ? 0 : rate.expected() / rate.candidateHours();
        double usual = Math.max(crashes, facts.usuallyLost()) / budget;
        double limit = policy.burnRate().pauseAt() * Math.max(1, usual);
        List<String> words = new ArrayList<>();
        boolean burns = facts.burn().size() == policy.burnRate().windows().size();
        for (Burn window : facts.burn()) {
            double burn = window.deviceHours() == 0 ? 0 : window.crashedHours() / window.deviceHours() / budget;
            burns &= burn >= limit;
            words.add("%s in %s h".formatted(Needs.figure(burn), Needs.figure(window.window())));
        }
        if (words.isEmpty()) {
            return; // nothing is known of hours
        }
        Burn longer = facts.burn().getLast();
        double share = Math.min(0.5, budget * Math.max(1, usual));
        burns &= evidence(longer.crashedHours(), longer.deviceHours(), share) >= EVIDENCE;
        found(
                Rule.BURN_RATE,
                burns ? Verdict.PAUSE : Verdict.GO,
                "the error budget burns %s times as fast as promised; the limit is %s"
                        .formatted(String.join(" and ", words), Needs.figure(limit)));
    }

    /** Evidence that a share is more than another: its odds against those of the other one. */
    private static double evidence(double events, double all, double share) {
        long found = Math.round(Math.min(events, all));
        return RateEvidence.ofMore(List.of(new Split(Math.round(all) - found, 1 - share, found, share)), 1);
    }

    private void affectedDevices() {
        var limits = policy.affectedDevicesMax();
        double baseline = 0;
        double affected = 0;
        double days = 0;
        for (Revision revision : facts.revisions()) {
            Split split = revision.days();
            affected(
                    "of " + (revision.hardware().isEmpty() ? "unknown hardware" : revision.hardware()),
                    (double) split.count(),
                    split.exposure(),
                    usual(split),
                    limits.perHardwareRevision(),
                    false);
            affected += split.count();
            days += split.exposure();
            baseline += usual(split) * split.exposure();
        }
        if (days > 0) {
            affected("of all devices", affected, days, baseline / days, limits.overall(), true);
        }
    }

    private static double usual(Split days) {
        return days.baselineExposure() == 0 ? 0 : days.baseline() / days.baselineExposure();
    }

    /** @param usual the baseline's share, on the candidate's hardware */
    private void affected(String of, double affected, double days, double usual, double limit, boolean told) {
        double share = days == 0 ? 0 : affected / days;
        boolean over = share > limit
                && usual <= limit
                && limit > 0
                && limit < 1
                && evidence(affected, days, limit) >= EVIDENCE;
        if (over || told) {
            found(
                    Rule.AFFECTED_DEVICES,
                    over ? Verdict.NO_GO : Verdict.GO,
                    "%s %s crash in a day; the limit is %s%s"
                            .formatted(
                                    percent(share),
                                    of,
                                    percent(limit),
                                    usual > limit ? ", and the baseline is over it as well" : ""));
        }
    }

    private void newClusters() {
        var limits = policy.newClusters();
        List<NewCluster> counted = facts.newClusters().stream()
                .filter(NewCluster::proven)
                .filter(cluster -> cluster.devices() >= limits.minDevices())
                .filter(cluster -> !limits.ignore().contains(cluster.state()))
                .toList();
        String names = counted.stream()
                .limit(MOST_NAMED)
                .map(cluster -> "%s %s".formatted(cluster.id(), cluster.signature()))
                .collect(Collectors.joining(", "));
        found(
                Rule.NEW_CLUSTERS,
                counted.size() > limits.maxProven() ? Verdict.NO_GO : Verdict.GO,
                "%d clusters are new beyond doubt on %d devices or more; %d may be%s"
                        .formatted(
                                counted.size(),
                                limits.minDevices(),
                                limits.maxProven(),
                                names.isEmpty() ? "" : ": " + names));
    }

    private void regressedClusters() {
        String names = facts.regressed().stream()
                .limit(MOST_NAMED)
                .map(ClusterId::toString)
                .collect(Collectors.joining(", "));
        found(
                Rule.REGRESSED_CLUSTERS,
                facts.regressed().size() > policy.regressedClusters() ? Verdict.NO_GO : Verdict.GO,
                "%d clusters that were fixed crash in it; %d may%s"
                        .formatted(
                                facts.regressed().size(),
                                policy.regressedClusters(),
                                names.isEmpty() ? "" : ": " + names));
    }

    /** More than may be, and more than the baseline's share: some devices crash at each start in every release. */
    private void crashLoops() {
        Split loops = facts.loops();
        if (loops == null) {
            return;
        }
        boolean pause =
                loops.count() > policy.crashLoopDevicesMax() && RateEvidence.ofMore(List.of(loops), 1) >= EVIDENCE;
        found(
                Rule.CRASH_LOOPS,
                pause ? Verdict.PAUSE : Verdict.GO,
                "%d devices crash at each start, %d of the baseline's; %d may"
                        .formatted(loops.count(), loops.baseline(), policy.crashLoopDevicesMax()));
    }

    private void silentAfterUpdate() {
        Split silent = facts.silent();
        if (silent == null || silent.exposure() == 0 || silent.baselineExposure() == 0) {
            return;
        }
        double share = silent.count() / silent.exposure();
        double usual = silent.baseline() / silent.baselineExposure();
        boolean pause = share >= policy.silentAfterUpdateRatioMax() * usual
                && RateEvidence.ofMore(List.of(silent), 1) >= EVIDENCE;
        found(
                Rule.SILENT_AFTER_UPDATE,
                pause ? Verdict.PAUSE : Verdict.GO,
                "%s of the devices that took it fell silent, %s of those that took the baseline; %s times as many may"
                        .formatted(percent(share), percent(usual), Needs.figure(policy.silentAfterUpdateRatioMax())));
    }

    private void found(Rule rule, Verdict verdict, String text) {
        reasons.add(new Reason(rule, verdict, text));
    }

    // ---- what is missing ----

    /** At equal rates the interval is narrow enough with about (1.96 / ln r)² · (1 + E_B / E_A) crashes of the candidate. */
    private Needed needed(@Nullable CrashRate rate) {
        double perHour = rate == null ? 0 : rate.expected() / rate.candidateHours();
        if (rate == null || perHour == 0) {
            return new Needed(
                    0,
                    null,
                    "the baseline has no crash on days and hardware that both share: nothing can be compared yet");
        }
        double wanted = Math.pow(NORMAL_95 / Math.log(policy.crashRate().goUpperBound()), 2)
                * (1 + rate.candidateHours() / rate.baselineHours());
        double crashes = Math.max(wanted, policy.minExpectedCrashes());
        double deviceHours = Math.max(0, crashes / perHour - rate.candidateHours());
        double soak = Math.max(0, policy.minSoakHours() - facts.soakHours());
        return Needs.of(deviceHours, soak, facts.hoursPerHour());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
