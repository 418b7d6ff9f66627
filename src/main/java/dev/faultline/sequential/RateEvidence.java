package dev.faultline.sequential;

/**
 * Evidence that a rate is more than so many times another one. Given both counts' sum, the split between them is binomial with
 * {@code θ(r) = r·E / (E₀ + r·E)} for the ratio {@code r}: rates that change for both at once change nothing of it. The e-value
 * is the likelihood ratio against the largest ratio of the hypothesis, averaged over larger ones: a grid of 60 points up to
 * ten times as much, spaced and weighed by the logarithm (half of a normal distribution of standard deviation ln 3). Its
 * expectation is at most 1 wherever the ratio is at most that of the hypothesis, so that it reaches {@code 1/α} with a
 * probability of at most {@code α} (Ville's inequality).
 */
public final class RateEvidence {
    private static final int POINTS = 60;
    private static final double WIDEST = Math.log(10);
    private static final double DEVIATION = Math.log(3);
    private static final double[] STEPS = new double[POINTS];
    private static final double[] WEIGHTS = new double[POINTS];

    static {
        double sum = 0;
        for (int i = 0; i < POINTS; i++) {
            STEPS[i] = WIDEST * i / (POINTS - 1);
            WEIGHTS[i] = Math.exp(-STEPS[i] * STEPS[i] / (2 * DEVIATION * DEVIATION));
            sum += WEIGHTS[i];
        }
        for (int i = 0; i < POINTS; i++) {
            WEIGHTS[i] /= sum;
        }
    }

    private RateEvidence() {}

    /**
     * Evidence against {@code rate ≤ ratio × baseline}.
     *
     * @param baseline events of the baseline
     * @param baselineExposure in any unit, more than 0
     * @param count events of what is compared with it
     * @param exposure in the same unit, more than 0
     * @param ratio more than 0
     * @return 0 or more; {@link Double#POSITIVE_INFINITY} where it is too much for a double
     */
    public static double of(long baseline, double baselineExposure, long count, double exposure, double ratio) {
        if (baselineExposure <= 0 || exposure <= 0 || ratio <= 0 || baseline < 0 || count < 0) {
            throw new IllegalArgumentException("counts %d and %d, exposures %g and %g, ratio %g"
                    .formatted(baseline, count, baselineExposure, exposure, ratio));
        }
        double evidence = 0;
        for (int i = 0; i < POINTS; i++) {
            // θ(r)/θ(r₀) and (1−θ(r))/(1−θ(r₀)) with r = r₀·e^step, without taking 1 − θ of what may be almost 1
            double rest = Math.log(
                    (baselineExposure + ratio * exposure) / (baselineExposure + ratio * Math.exp(STEPS[i]) * exposure));
            evidence += WEIGHTS[i] * Math.exp(count * (STEPS[i] + rest) + baseline * rest);
        }
        return evidence;
    }
}
