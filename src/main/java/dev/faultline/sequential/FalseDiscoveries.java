package dev.faultline.sequential;

import java.util.Arrays;

/** Many tests at once (e-BH: Wang and Ramdas, 2022): of what is found, the expected share that is false is bounded. */
public final class FalseDiscoveries {
    private FalseDiscoveries() {}

    /**
     * The e-value from which on a test has found something; {@link Double#POSITIVE_INFINITY} where none has.
     *
     * @param evidence e-values, in any order and however they depend on each other; those that are left out count as 0
     * @param tests how many there are, the ones left out included
     * @param share most of what is found that may be false, 0 to 1
     */
    public static double threshold(double[] evidence, long tests, double share) {
        double[] sorted = evidence.clone();
        Arrays.sort(sorted);
        for (int found = sorted.length; found > 0; found--) {
            double weakest = sorted[sorted.length - found];
            if (weakest >= tests / (share * found)) {
                return weakest;
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
