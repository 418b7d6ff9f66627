package dev.faultline.release;

import dev.faultline.release.Comparison.Estimate;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** 95 % intervals of rates, shares and means, and of differences between two of them. */
final class Intervals {
    static final double LOW = 0.025;
    static final double HIGH = 0.975;
    static final double REACH = NormalDistribution.of(0, 1).inverseCumulativeProbability(HIGH);

    private Intervals() {}

    /**
     * Events in an exposure, by the Jeffreys prior: the rate is distributed as Gamma(x + ½, 1/exposure).
     *
     * @param overdispersion how many times as much counts vary as those of independent events; the interval grows with its root
     */
    static Estimate rate(double events, double exposure, double overdispersion) {
        // as if there were fewer events that each count more
        double independent = events / overdispersion;
        var posterior = GammaDistribution.of(independent + 0.5, overdispersion / exposure);
        return new Estimate(
                events / exposure,
                events == 0 ? 0 : posterior.inverseCumulativeProbability(LOW),
                posterior.inverseCumulativeProbability(HIGH));
    }

    /** A part of some, by Wilson's score. */
    static Estimate share(long part, long all) {
        double share = (double) part / all;
        double z2 = REACH * REACH;
        double middle = (share + z2 / (2 * all)) / (1 + z2 / all);
        double reach = REACH / (1 + z2 / all) * Math.sqrt(share * (1 - share) / all + z2 / (4.0 * all * all));
        return new Estimate(share, part == 0 ? 0 : middle - reach, part == all ? 1 : middle + reach);
    }

    /** A mean by its standard error. */
    static Estimate mean(double mean, double error) {
        return new Estimate(mean, mean - REACH * error, mean + REACH * error);
    }

    /** The second one less the first one, out of the limits of both (Newcombe's method 10; Zou and Donner). */
    static Estimate difference(Estimate from, Estimate to) {
        double difference = to.value() - from.value();
        return new Estimate(
                difference,
                difference - Math.hypot(to.value() - to.low(), from.high() - from.value()),
                difference + Math.hypot(to.high() - to.value(), from.value() - from.low()));
    }
}
