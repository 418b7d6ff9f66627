package dev.faultline.release;

import dev.faultline.release.Comparison.RateRatio;
import dev.faultline.release.Comparison.Stratum;
import java.util.List;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Ratios of two rates, each a count over an exposure, and how sure they are. The baseline's are {@code xa} and
 * {@code ea}, the candidate's {@code xb} and {@code eb}.
 */
final class Rates {
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Rates() {}

    /**
     * The ratio with its 95 % interval from Jeffreys priors: given both counts, the candidate's share of them is
     * distributed as Beta(xb + ½, xa + ½), and the ratio is its odds times ea/eb.
     *
     * @return absent without exposure on both sides
     */
    static @Nullable RateRatio ratio(long xa, double ea, long xb, double eb) {
        if (ea <= 0 || eb <= 0) {
            return null;
        }
        var share = BetaDistribution.of(xb + 0.5, xa + 0.5);
        double half = xa == 0 || xb == 0 ? 0.5 : 0;
        double exposures = ea / eb;
        return new RateRatio(
                (xb + half) / (xa + half) * exposures,
                odds(share.inverseCumulativeProbability(LOW)) * exposures,
                odds(share.inverseCumulativeProbability(HIGH)) * exposures,
                share.survivalProbability(eb / (ea + eb)));
    }

    /**
     * The ratio within strata (Mantel-Haenszel; interval by Greenland and Robins): a candidate that went to one hardware
     * revision first must not look worse for that.
     *
     * @return absent where no stratum has exposure and counts enough on both sides
     */
    static @Nullable RateRatio stratified(List<Stratum> strata) {
        double candidate = 0;
        double baseline = 0;
        double spread = 0;
        for (Stratum stratum : strata) {
            double ea = stratum.baselineExposure();
            double eb = stratum.candidateExposure();
            if (ea == 0 || eb == 0) {
                continue;
            }
            double e = ea + eb;
            candidate += stratum.candidateCounted() * ea / e;
            baseline += stratum.baselineCounted() * eb / e;
            spread += (stratum.candidateCounted() + stratum.baselineCounted()) * ea * eb / (e * e);
        }
        if (candidate == 0 || baseline == 0) {
            return null;
        }
        double logarithm = Math.log(candidate / baseline);
        double deviation = Math.sqrt(spread / (candidate * baseline));
        double reach = NORMAL.inverseCumulativeProbability(HIGH) * deviation;
        return new RateRatio(
                candidate / baseline,
                Math.exp(logarithm - reach),
                Math.exp(logarithm + reach),
                NORMAL.cumulativeProbability(logarithm / deviation));
    }

    /**
     * The same with an interval that is wider by the root of how much more counts vary than those of independent events.
     *
     * @param overdispersion 1 or more
     */
    static RateRatio widened(RateRatio ratio, double overdispersion) {
        double factor = Math.sqrt(overdispersion);
        return new RateRatio(
                ratio.ratio(),
                ratio.ratio() * Math.pow(ratio.low() / ratio.ratio(), factor),
                ratio.ratio() * Math.pow(ratio.high() / ratio.ratio(), factor),
                ratio.probabilityHigher());
    }

    /**
     * How likely it is that of both counts so many or more are the candidate's ({@code more}), or so many or fewer, if the rates are
     * equal: given their sum, the part of each is binomial (the exact conditional test).
     */
    static double chance(long xa, double ea, long xb, double eb, boolean more) {
        var part = BinomialDistribution.of(Math.toIntExact(xa + xb), eb / (ea + eb));
        return more
                ? part.survivalProbability(Math.toIntExact(xb) - 1)
                : part.cumulativeProbability(Math.toIntExact(xb));
    }

    /** How often the baseline would have shown a cluster at the candidate's rate. */
    static double expectedBefore(long xb, double ea, double eb) {
        return eb <= 0 ? 0 : xb / eb * ea;
    }

    /** How sure it is that a cluster is gone, with the baseline's rate itself uncertain (Jeffreys prior). */
    static double confidenceGone(long xa, double ea, double eb) {
        return ea + eb <= 0 ? 0 : 1 - Math.pow(ea / (ea + eb), xa + 0.5);
    }

    private static double odds(double share) {
        return share / (1 - share);
    }
}
