package dev.faultline.sequential;

import java.util.List;

/**
 * Evidence about how many times a baseline's rate another rate is. Given the sum of both counts of a split, the part of each is
 * binomial with {@code θ(r) = r·E / (E₀ + r·E)} for the ratio {@code r}: rates that change for both at once, by the hour or by
 * the hardware, change nothing of it, as long as each stretch and each stratum is a split of its own. The e-value is the
 * likelihood ratio against the bound of the hypothesis, averaged over ratios beyond it: a grid of 60 up to ten times as far,
 * spaced and weighed by the logarithm (half of a normal distribution of standard deviation ln 2). Its expectation is at most 1
 * wherever the hypothesis is true, so that it ever reaches {@code 1/α} with a probability of at most {@code α}, however often
 * one looks (Ville's inequality).
 */
public final class RateEvidence {
    private static final int POINTS = 60;
    private static final double WIDEST = Math.log(10);
    private static final double DEVIATION = Math.log(2);
    private static final double[] STEPS = new double[POINTS];
    private static final double[] WEIGHTS = new double[POINTS];

    /** Bounds are looked for between these, by halving the logarithm so often. */
    private static final double LEAST_RATIO = 1e-4;

    private static final double MOST_RATIO = 1e4;
    private static final int HALVINGS = 22;

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

    /** Evidence against "at most {@code ratio} times the baseline's rate"; 0 or more, infinite where a double ends. */
    public static double ofMore(List<Split> splits, double ratio) {
        return evidence(splits, ratio, 1);
    }

    /** Evidence against "at least {@code ratio} times the baseline's rate". */
    public static double ofLess(List<Split> splits, double ratio) {
        return evidence(splits, ratio, -1);
    }

    /**
     * The ratio that the rate is more than, at any number of looks with a confidence of {@code 1 − alpha}; 0 where nothing is
     * known.
     */
    public static double lowerBound(List<Split> splits, double alpha) {
        if (ofMore(splits, LEAST_RATIO) < 1 / alpha) {
            return 0;
        }
        double low = Math.log(LEAST_RATIO);
        double high = Math.log(MOST_RATIO);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (ofMore(splits, Math.exp(middle)) >= 1 / alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp(low);
    }

    /** The ratio that the rate is less than; infinite where nothing is known. */
    public static double upperBound(List<Split> splits, double alpha) {
        if (ofLess(splits, MOST_RATIO) < 1 / alpha) {
            return Double.POSITIVE_INFINITY;
        }
        double low = Math.log(LEAST_RATIO);
        double high = Math.log(MOST_RATIO);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (ofLess(splits, Math.exp(middle)) >= 1 / alpha) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }

    /** @param direction 1: ratios above the bound stand against it, −1: those below */
    private static double evidence(List<Split> splits, double ratio, int direction) {
        if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ratio " + ratio);
        }
        double evidence = 0;
        for (int i = 0; i < POINTS; i++) {
            double step = direction * STEPS[i];
            double other = ratio * Math.exp(step);
            double likelihood = 0;
            for (Split split : splits) {
                if (split.compares()) {
                    // θ(r)/θ(r₀) and (1−θ(r))/(1−θ(r₀)), without taking 1 − θ of what may be almost 1
                    double rest = Math.log((split.baselineExposure() + ratio * split.exposure())
                            / (split.baselineExposure() + other * split.exposure()));
                    likelihood += split.count() * (step + rest) + split.baseline() * rest;
                }
            }
            evidence += WEIGHTS[i] * Math.exp(likelihood);
        }
        return evidence;
    }
}
