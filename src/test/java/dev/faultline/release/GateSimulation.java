package dev.faultline.release;

import dev.faultline.release.SimulatedRollout.Scenario;
import dev.faultline.sequential.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How often the gate is wrong, and how soon it is right: rollouts over 14 days, looked at every six hours, under the default
 * policy, beside naive rules on the same rollouts. Prints the table of docs/gate-validation.md. Arguments: runs (1000), seed
 * (1), a part of the names of the rollouts to run (all).
 */
public final class GateSimulation {
    private static final int DAYS = 14;
    private static final int HOURS_BETWEEN_LOOKS = 6;
    private static final List<Double> ONE = List.of(1.0);
    private static final List<Double> RATE = List.of(0.0005);

    private static final List<Scenario> SCENARIOS = List.of(
            rollout("harmless, 10,000 devices", 10_000, 1, 0, 0),
            rollout("harmless, 1,000 devices", 1_000, 1, 0, 0),
            rollout("harmless, staggered over 7 days, rates swing by day", 10_000, 1, 0, 0.8, 7),
            rollout("harmless, boot loops in 1 of 5,000 device-days", 10_000, 1, 1.0 / 5000, 0),
            rollout("harmless, boot loops, 3,000 devices", 3_000, 1, 1.0 / 5000, 0),
            new Scenario(
                    "harmless, canary 60 % rev C (fleet 20 %), five times as bad",
                    10_000, 0.1, 0, List.of(0.0005, 0.0025), List.of(0.8, 0.2), List.of(0.4, 0.6), 1, 0, 0),
            rollout("1.5 times, 10,000 devices", 10_000, 1.5, 0, 0),
            rollout("doubled, 10,000 devices", 10_000, 2, 0, 0),
            rollout("doubled, boot loops", 10_000, 2, 1.0 / 5000, 0),
            rollout("doubled, 1,000 devices", 1_000, 2, 0, 0),
            rollout("tripled, 10,000 devices", 10_000, 3, 0, 0),
            rollout("five times, 1,000 devices", 1_000, 5, 0, 0));

    private static Scenario rollout(String name, int devices, double ratio, double loops, double daily) {
        return rollout(name, devices, ratio, loops, daily, 0);
    }

    private static Scenario rollout(String name, int devices, double ratio, double loops, double daily, double ramp) {
        return new Scenario(name, devices, 0.1, ramp, RATE, ONE, ONE, ratio, loops, daily);
    }

    /**
     * One run.
     *
     * @param alarm hour of the first NO_GO or PAUSE; 0: none
     * @param go hour of the first GO; 0: none
     * @param covered the bounds of the last look hold the truth
     * @param peeking a test at 5 % on raw counts, looked at as often, called it worse
     * @param once the same at the end alone
     * @param doubled twice the baseline's rate, and ten crashes or more, at any look
     */
    private record Run(int alarm, int go, boolean covered, boolean peeking, boolean once, boolean doubled) {}

    private GateSimulation() {}

    public static void main(String[] arguments) {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        System.out.printf(
                "%d runs each, seed %d, a look every %d hours for %d days%n%n", runs, seed, HOURS_BETWEEN_LOOKS, DAYS);
        System.out.println(
                "| rollout | NO_GO or PAUSE | within 2 days | half by day, 95 % by day | GO, none before | bounds hold |"
                        + " p < 0.05 at every look | p < 0.05 at the end | twice the rate |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        String only = arguments.length > 2 ? arguments[2] : "";
        for (Scenario scenario : SCENARIOS) {
            if (!scenario.name().contains(only)) {
                continue;
            }
            Run[] all = IntStream.range(0, runs)
                    .parallel()
                    .mapToObj(run -> run(scenario, seed * 1_000_003 + run))
                    .toArray(Run[]::new);
            print(scenario, all);
        }
    }

    static Run run(Scenario scenario, long seed) {
        var policy = GatePolicy.standard();
        var rollout = new SimulatedRollout(scenario, seed);
        int alarm = 0;
        int go = 0;
        boolean covered = true;
        boolean peeking = false;
        boolean once = false;
        boolean doubled = false;
        while (rollout.hour() < DAYS * 24) {
            rollout.step();
            if (rollout.hour() % HOURS_BETWEEN_LOOKS != 0) {
                continue;
            }
            var decision = GateJudge.judge(policy, rollout.facts());
            switch (decision.verdict()) {
                case NO_GO, PAUSE -> alarm = alarm == 0 ? rollout.hour() : alarm;
                case GO -> go = go == 0 && alarm == 0 ? rollout.hour() : go;
                case INSUFFICIENT -> {
                    // goes on
                }
            }
            var rate = decision.crashRate();
            if (rate != null) {
                double high = rate.high() == null ? Double.POSITIVE_INFINITY : rate.high();
                covered &= rate.low() <= scenario.ratio() && scenario.ratio() <= high;
            }
            Split raw = rollout.raw();
            once = worse(raw);
            peeking |= once;
            doubled |= raw.count() >= 10 && raw.count() / raw.exposure() >= 2 * raw.baseline() / raw.baselineExposure();
        }
        return new Run(alarm, go, covered, peeking, once, doubled);
    }

    /** The exact conditional test, one-sided at 5 %. */
    private static boolean worse(Split split) {
        long all = split.baseline() + split.count();
        if (split.count() == 0) {
            return false;
        }
        double share = split.exposure() / (split.baselineExposure() + split.exposure());
        return BinomialDistribution.of(Math.toIntExact(all), share)
                        .survivalProbability(Math.toIntExact(split.count()) - 1)
                < 0.05;
    }

    private static void print(Scenario scenario, Run[] runs) {
        int[] alarms = Arrays.stream(runs)
                .mapToInt(Run::alarm)
                .filter(hour -> hour > 0)
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                scenario.name(),
                share(runs, alarms.length),
                share(runs, Arrays.stream(alarms).filter(hour -> hour <= 48).count()),
                by(runs, alarms, 0.5) + by(runs, alarms, 0.95).replaceFirst("^(?=.)", ", "),
                share(runs, Arrays.stream(runs).filter(run -> run.go() > 0).count()),
                share(runs, Arrays.stream(runs).filter(Run::covered).count()),
                share(runs, Arrays.stream(runs).filter(Run::peeking).count()),
                share(runs, Arrays.stream(runs).filter(Run::once).count()),
                share(runs, Arrays.stream(runs).filter(Run::doubled).count()));
    }

    /** The day by which a share of all runs had its alarm; empty where they never did. */
    private static String by(Run[] runs, int[] alarms, double share) {
        int place = (int) Math.ceil(share * runs.length) - 1;
        return place >= alarms.length ? "" : String.format(Locale.ROOT, "%.1f", alarms[place] / 24.0);
    }

    private static String share(Run[] runs, long found) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * found / runs.length);
    }
}
