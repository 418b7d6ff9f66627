package dev.faultline.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Problem;
import dev.faultline.release.GateDecision.Reason;
import dev.faultline.release.GateDecision.Rule;
import dev.faultline.release.GateFacts.Burn;
import dev.faultline.release.GateFacts.NewCluster;
import dev.faultline.release.GateFacts.Revision;
import dev.faultline.release.GateFacts.Stretch;
import dev.faultline.sequential.Split;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateJudgeTest {
    private static final GatePolicy POLICY = GatePolicy.standard();

    /** A canary of 1,000 beside 9,000 for ten days; half a crash in 1,000 hours. */
    private final Facts facts = new Facts();

    private static final class Facts {
        private long devices = 1000;
        private double soak = 240;
        private List<Stretch> stretches = List.of(new Stretch("rev-a", new Split(1080, 2_160_000, 120, 240_000)));
        private List<Revision> revisions = List.of(new Revision("rev-a", new Split(1080, 90_000, 120, 10_000)));
        private List<Burn> burn = List.of(new Burn(1, 1000, 0), new Burn(6, 6000, 3));
        private double usuallyLost;
        private @Nullable Split loops;
        private @Nullable Split silent;
        private List<NewCluster> newClusters = List.of();
        private List<ClusterId> regressed = List.of();

        GateDecision judged() {
            return judged(POLICY);
        }

        GateDecision judged(GatePolicy policy) {
            return GateJudge.judge(
                    policy,
                    new GateFacts(
                            devices,
                            soak,
                            stretches,
                            revisions,
                            burn,
                            usuallyLost,
                            loops,
                            silent,
                            newClusters,
                            regressed,
                            1000));
        }
    }

    private static Reason reason(GateDecision decision, Rule rule) {
        return decision.reasons().stream()
                .filter(reason -> reason.rule() == rule)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReleaseThatIsAsGoodAsTheOneBeforeGoes() {
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.GO);
        assertThat(decision.reasons()).allMatch(reason -> reason.verdict() == Verdict.GO);
        var rate = Objects.requireNonNull(decision.crashRate());
        assertThat(rate.ratio()).isEqualTo(1, within(1e-9));
        assertThat(rate.baselinePer1000h()).isEqualTo(0.5, within(1e-9));
        assertThat(rate.expected()).isEqualTo(120, within(1e-9));
        assertThat(rate.low()).isBetween(0.7, 0.85);
        assertThat(rate.high()).isBetween(1.15, 1.4);
        assertThat(decision.needed()).isNull();
    }

    @Test
    void aCandidateOnTheWorseHardwareIsComparedWithinIt() {
        facts.stretches = List.of(
                new Stretch("rev-b", new Split(800, 1_600_000, 48, 96_000)),
                new Stretch("rev-c", new Split(1000, 400_000, 360, 144_000)));
        facts.revisions = List.of(
                new Revision("rev-b", new Split(800, 66_667, 48, 4_000)),
                new Revision("rev-c", new Split(1000, 16_667, 360, 6_000)));
        facts.burn = List.of(new Burn(1, 1000, 4), new Burn(6, 6000, 20));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.GO);
        var rate = Objects.requireNonNull(decision.crashRate());
        assertThat(rate.ratio()).isEqualTo(1, within(1e-9));
        assertThat(rate.ratioCrude()).isGreaterThan(1.8);
        assertThat(reason(decision, Rule.AFFECTED_DEVICES).text()).contains("the baseline is over it as well");
    }

    /** Ten times on a short day and 1.1 times on a long one are no common ratio. */
    @Test
    void whereTheRatioDiffersBetweenDaysTheBoundsReachAsFarAsTheEstimate() {
        facts.stretches = List.of(
                new Stretch("rev-a", new Split(10, 100_000, 1000, 1_000_000)),
                new Stretch("rev-a", new Split(1000, 1_000_000, 110, 100_000)));
        var rate = Objects.requireNonNull(facts.judged().crashRate());
        assertThat(rate.low()).isLessThanOrEqualTo(rate.ratio());
        assertThat(rate.high()).isGreaterThanOrEqualTo(rate.ratio());
    }

    @Test
    void aRateThatDoubledBeyondDoubtIsNoGo() {
        facts.stretches = List.of(new Stretch("rev-a", new Split(1080, 2_160_000, 240, 240_000)));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.NO_GO);
        assertThat(decision.reasons().getFirst().rule()).isEqualTo(Rule.CRASH_RATE);
        assertThat(decision.reasons().getFirst().text()).startsWith("2.00 times the baseline's rate");
    }

    @Test
    void aRolloutPausesOnEvidenceAndBeforeAnythingIsEnough() {
        facts.devices = 40;
        facts.soak = 12;
        facts.stretches = List.of(new Stretch("rev-a", new Split(54, 108_000, 16, 12_000)));
        facts.revisions = List.of(new Revision("rev-a", new Split(54, 4_500, 16, 500)));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.PAUSE);
        assertThat(reason(decision, Rule.MIN_DEVICES).verdict()).isEqualTo(Verdict.INSUFFICIENT);
    }

    @Test
    void tooLittleDataSaysHowMuchMore() {
        facts.devices = 60;
        facts.soak = 24;
        facts.stretches = List.of(new Stretch("rev-a", new Split(108, 216_000, 1, 1_440)));
        facts.revisions = List.of(new Revision("rev-a", new Split(108, 9_000, 1, 60)));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.INSUFFICIENT);
        var needed = Objects.requireNonNull(decision.needed());
        assertThat(needed.deviceHours()).isBetween(40_000.0, 60_000.0);
        assertThat(Objects.requireNonNull(needed.hours())).isBetween(40.0, 60.0);
        assertThat(needed.text()).contains("more device-hours", "at the present fleet");
    }

    @Test
    void withoutHoursOfBothNothingIsSaid() {
        facts.stretches =
                List.of(new Stretch("rev-a", new Split(5, 1000, 0, 0)), new Stretch("rev-b", new Split(0, 0, 5, 1000)));
        facts.revisions = List.of();
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.INSUFFICIENT);
        assertThat(decision.crashRate()).isNull();
        assertThat(reason(decision, Rule.CRASH_RATE).text()).contains("no day and hardware revision");
    }

    @Test
    void aBudgetThatBurnsInBothWindowsPauses() {
        facts.burn = List.of(new Burn(1, 1000, 12), new Burn(6, 6000, 40));
        assertThat(facts.judged().verdict()).isEqualTo(Verdict.PAUSE);
        facts.burn = List.of(new Burn(1, 1000, 12), new Burn(6, 6000, 13));
        assertThat(facts.judged().verdict()).as("one window alone").isEqualTo(Verdict.GO);
        facts.burn = List.of(new Burn(1, 50, 1), new Burn(6, 300, 1));
        assertThat(facts.judged().verdict()).as("one crash of a small canary").isEqualTo(Verdict.GO);
    }

    @Test
    void aFleetThatRebootsAsOftenAsItsBaselineDoesNotPause() {
        facts.burn = List.of(new Burn(1, 1000, 12), new Burn(6, 6000, 70));
        facts.usuallyLost = 0.011;
        assertThat(facts.judged().verdict()).isEqualTo(Verdict.GO);
        facts.burn = List.of(new Burn(1, 1000, 60), new Burn(6, 6000, 300));
        assertThat(facts.judged().verdict()).as("five times as often").isEqualTo(Verdict.PAUSE);
    }

    @Test
    void newClustersThatAreProvenStopARelease() {
        var proven = new NewCluster(new ClusterId(1042), "assert | radio", "new", 12, true);
        facts.newClusters = List.of(proven);
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.NO_GO);
        assertThat(reason(decision, Rule.NEW_CLUSTERS).text()).contains("C-1042 assert | radio");
        facts.newClusters = List.of(
                new NewCluster(new ClusterId(1), "a", "new", 12, false),
                new NewCluster(new ClusterId(2), "b", "new", 2, true),
                new NewCluster(new ClusterId(3), "c", "muted", 12, true));
        assertThat(facts.judged().verdict()).as("unproven, few devices, muted").isEqualTo(Verdict.GO);
    }

    @Test
    void whatWasFixedAndCrashesAgainStopsARelease() {
        facts.regressed = List.of(new ClusterId(5));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.NO_GO);
        assertThat(decision.reasons().getFirst().text()).contains("C-5");
    }

    @Test
    void devicesThatCrashAtEachStartPauseOnlyWhereTheyAreMoreThanBefore() {
        facts.loops = new Split(18, 90_000, 4, 10_000);
        assertThat(facts.judged().verdict()).isEqualTo(Verdict.GO);
        facts.loops = new Split(0, 90_000, 8, 10_000);
        assertThat(facts.judged().verdict()).isEqualTo(Verdict.PAUSE);
    }

    @Test
    void devicesThatFallSilentAfterTheUpdatePause() {
        facts.silent = new Split(18, 9000, 3, 1000);
        assertThat(facts.judged().verdict()).isEqualTo(Verdict.GO);
        facts.silent = new Split(18, 9000, 20, 1000);
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.PAUSE);
        assertThat(reason(decision, Rule.SILENT_AFTER_UPDATE).text()).startsWith("2.00 % of the devices that took it");
    }

    @Test
    void tooManyDevicesOfOneRevisionStopARelease() {
        facts.revisions = List.of(
                new Revision("rev-a", new Split(1080, 90_000, 60, 9_000)),
                new Revision("rev-b", new Split(0, 0, 140, 1_000)));
        var decision = facts.judged();
        assertThat(decision.verdict()).isEqualTo(Verdict.NO_GO);
        assertThat(decision.reasons().getFirst().text())
                .startsWith("14.00 % of rev-b crash in a day; the limit is 8.00 %");
    }

    @Test
    void aPolicyIsTheDefaultWithWhatItChanges() {
        var policy = GatePolicy.parse("""
                minDevices: 5000
                crashRate:
                  eValue: 100
                burnRate:
                  windows: [2, 12]
                """);
        assertThat(policy.minDevices()).isEqualTo(5000);
        assertThat(policy.crashRate().eValue()).isEqualTo(100);
        assertThat(policy.crashRate().goUpperBound())
                .isEqualTo(POLICY.crashRate().goUpperBound());
        assertThat(policy.burnRate().windows()).containsExactly(2.0, 12.0);
        assertThat(GatePolicy.parse(policy.yamlText())).isEqualTo(policy);
        assertThat(facts.judged(policy).verdict()).isEqualTo(Verdict.INSUFFICIENT);
    }

    @Test
    void aPolicyThatSaysNoSenseIsToldWhatIsWrong() {
        for (String yaml : List.of(
                "minDevices: 0",
                "minDevices: many",
                "unknown: 1",
                "- a list",
                "crashRate: {eValue: 0.5}",
                "burnRate: {windows: [6, 1]}",
                "newClusters: null",
                "a: &a [*a, *a]",
                "{".repeat(100))) {
            assertThatThrownBy(() -> GatePolicy.parse(yaml)).as(yaml).isInstanceOf(Problem.class);
        }
    }

    /** Few runs; the whole table is made by GateSimulation. */
    @Test
    void harmlessRolloutsGoAndDoubledOnesAreStopped() {
        var one = List.of(1.0);
        var rate = List.of(0.0005);
        int alarms = 0;
        int found = 0;
        for (int run = 0; run < 20; run++) {
            var harmless = new SimulatedRollout.Scenario("", 10_000, 0.1, 0, rate, one, one, 1, 0.0002, 0.5);
            var doubled = new SimulatedRollout.Scenario("", 10_000, 0.1, 0, rate, one, one, 2, 0, 0);
            alarms += alarm(harmless, run) ? 1 : 0;
            found += alarm(doubled, run) ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(2);
        assertThat(found).isEqualTo(20);
    }

    private static boolean alarm(SimulatedRollout.Scenario scenario, long seed) {
        var rollout = new SimulatedRollout(scenario, seed);
        while (rollout.hour() < 14 * 24) {
            rollout.step();
            if (rollout.hour() % 24 == 0) {
                var verdict = GateJudge.judge(POLICY, rollout.facts()).verdict();
                if (verdict == Verdict.NO_GO || verdict == Verdict.PAUSE) {
                    return true;
                }
            }
        }
        return false;
    }
}
