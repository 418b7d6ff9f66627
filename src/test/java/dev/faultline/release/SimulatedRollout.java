package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.release.GateFacts.Burn;
import dev.faultline.release.GateFacts.NewCluster;
import dev.faultline.release.GateFacts.Revision;
import dev.faultline.release.GateFacts.Stretch;
import dev.faultline.sequential.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/** A rollout, hour by hour, as the service would come to know it; the crashes are Poisson, by hardware revision. */
final class SimulatedRollout {
    /** Crashes of one device that crashes at each start, in a day. */
    private static final int LOOP = 200;

    /**
     * What is simulated.
     *
     * @param devices of the fleet
     * @param canary their share that takes the candidate
     * @param ramp days until all of these have it; 0: at once
     * @param perHour crashes of the baseline in a device-hour, by revision
     * @param fleet shares of the revisions in the fleet
     * @param candidate shares of the revisions among those that take the candidate
     * @param ratio the candidate's rates to the baseline's
     * @param loopsPerDay devices that crash at each start, a device-day, in both releases
     * @param daily the rates' swing within a day: 0.5 is from half to one and a half
     */
    record Scenario(
            String name,
            int devices,
            double canary,
            double ramp,
            List<Double> perHour,
            List<Double> fleet,
            List<Double> candidate,
            double ratio,
            double loopsPerDay,
            double daily) {}

    private final Scenario scenario;
    private final Random random;
    private final List<Day> days = new ArrayList<>();
    private final long[] lastHours = new long[6];
    private final double[] lastExposure = new double[6];
    private int hour;

    /** Sums of one day, by revision. */
    private static final class Day {
        final long[] baseline;
        final long[] candidate;
        final long[] loops;
        final long[] candidateLoops;
        final double[] baselineHours;
        final double[] candidateHours;

        Day(int revisions) {
            baseline = new long[revisions];
            candidate = new long[revisions];
            loops = new long[revisions];
            candidateLoops = new long[revisions];
            baselineHours = new double[revisions];
            candidateHours = new double[revisions];
        }
    }

    SimulatedRollout(Scenario scenario, long seed) {
        this.scenario = scenario;
        this.random = new Random(seed);
    }

    /** Devices of a revision that run the candidate in this hour. */
    private double running(int revision) {
        double done = scenario.ramp() == 0 ? 1 : Math.min(1, (hour + 1) / (24 * scenario.ramp()));
        return scenario.devices() * scenario.canary() * scenario.candidate().get(revision) * done;
    }

    /** One hour more. */
    void step() {
        int revisions = scenario.perHour().size();
        if (hour % 24 == 0) {
            days.add(new Day(revisions));
        }
        Day day = days.getLast();
        double swing = 1 + scenario.daily() * Math.sin(2 * Math.PI * hour / 24);
        long crashed = 0;
        double exposure = 0;
        for (int revision = 0; revision < revisions; revision++) {
            double candidate = running(revision);
            double baseline = Math.max(0, scenario.devices() * scenario.fleet().get(revision) - candidate);
            double rate = scenario.perHour().get(revision) * swing;
            long events = poisson(rate * scenario.ratio() * candidate);
            day.baseline[revision] += poisson(rate * baseline);
            day.candidate[revision] += events;
            day.baselineHours[revision] += baseline;
            day.candidateHours[revision] += candidate;
            day.loops[revision] += poisson(scenario.loopsPerDay() / 24 * baseline);
            long loops = poisson(scenario.loopsPerDay() / 24 * candidate);
            day.candidateLoops[revision] += loops;
            crashed += events + loops;
            exposure += candidate;
        }
        lastHours[hour % 6] = crashed;
        lastExposure[hour % 6] = exposure;
        hour++;
    }

    private long poisson(double mean) {
        return mean <= 0
                ? 0
                : PoissonDistribution.of(mean).createSampler(random::nextLong).sample();
    }

    int hour() {
        return hour;
    }

    GateFacts facts() {
        int revisions = scenario.perHour().size();
        List<Stretch> stretches = new ArrayList<>();
        List<Revision> byRevision = new ArrayList<>();
        long loops = 0;
        long candidateLoops = 0;
        double baselineDays = 0;
        double candidateDays = 0;
        double devices = 0;
        for (int revision = 0; revision < revisions; revision++) {
            long baseline = 0;
            long candidate = 0;
            double baselineHours = 0;
            double candidateHours = 0;
            for (Day day : days) {
                long before = day.baseline[revision] + day.loops[revision];
                long after = day.candidate[revision] + day.candidateLoops[revision];
                stretches.add(new Stretch(
                        "rev-" + revision,
                        new Split(before, day.baselineHours[revision], after, day.candidateHours[revision])));
                baseline += before;
                candidate += after;
                baselineHours += day.baselineHours[revision];
                candidateHours += day.candidateHours[revision];
                loops += day.loops[revision];
                candidateLoops += day.candidateLoops[revision];
            }
            byRevision.add(new Revision(
                    "rev-" + revision, new Split(baseline, baselineHours / 24, candidate, candidateHours / 24)));
            baselineDays += baselineHours / 24;
            candidateDays += candidateHours / 24;
            devices += running(revision);
        }
        int last = (hour + 5) % 6;
        return new GateFacts(
                Math.round(devices),
                hour,
                stretches,
                byRevision,
                List.of(
                        new Burn(1, lastExposure[last], lastHours[last]),
                        new Burn(6, sum(lastExposure), sum(lastHours))),
                0,
                new Split(loops, baselineDays, candidateLoops, candidateDays),
                null,
                List.<NewCluster>of(),
                List.<ClusterId>of(),
                devices);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static double sum(long[] values) {
        double sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /** All crashes of both, as a rule sees them that neither caps nor stratifies. */
    Split raw() {
        long baseline = 0;
        long candidate = 0;
        double baselineHours = 0;
        double candidateHours = 0;
        for (Day day : days) {
            for (int revision = 0; revision < scenario.perHour().size(); revision++) {
                baseline += day.baseline[revision] + LOOP * day.loops[revision];
                candidate += day.candidate[revision] + LOOP * day.candidateLoops[revision];
                baselineHours += day.baselineHours[revision];
                candidateHours += day.candidateHours[revision];
            }
        }
        return new Split(baseline, baselineHours, candidate, candidateHours);
    }
}
