package dev.faultline.similarity;

import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Chooses weights by what people merged and took apart. The same pairs always give the same weights. */
final class Tuning {
    /** Fewer pairs of either kind are chance. */
    static final int FEWEST_PAIRS = 10;

    private static final double[] GRID = {0, 0.25, 0.5, 1, 2};

    private Tuning() {}

    /** Two stacks that people said are one, or are not. */
    record Pair(List<Long> one, List<Long> other, boolean same) {}

    /**
     * The weights that are right most often.
     *
     * @param right the share of merged pairs and the share of separated pairs that they are right about, in the mean
     */
    record Tuned(Weights weights, double right) {}

    static Tuned of(List<Pair> pairs, LongToDoubleFunction share) {
        long same = pairs.stream().filter(Pair::same).count();
        Tuned best = measured(Weights.ONE, pairs, share);
        if (same < FEWEST_PAIRS || pairs.size() - same < FEWEST_PAIRS) {
            return best;
        }
        for (double alpha : GRID) {
            for (double beta : GRID) {
                for (double gamma : GRID) {
                    Tuned tried = measured(new Weights(alpha, beta, gamma), pairs, share);
                    if (tried.right() > best.right()
                            || (tried.right() == best.right() && fromOne(tried.weights()) < fromOne(best.weights()))) {
                        best = tried;
                    }
                }
            }
        }
        return best;
    }

    private static double fromOne(Weights weights) {
        return Math.abs(weights.alpha() - 1) + Math.abs(weights.beta() - 1) + Math.abs(weights.gamma() - 1);
    }

    private static Tuned measured(Weights weights, List<Pair> pairs, LongToDoubleFunction share) {
        var by = new Weighing(weights, share);
        long merged = 0;
        long mergedRight = 0;
        long apart = 0;
        long apartRight = 0;
        for (Pair pair : pairs) {
            double score = by.stack(pair.one()).similarity(by.stack(pair.other()), by);
            boolean suggested = score >= Similar.SUGGESTED;
            if (pair.same()) {
                merged++;
                mergedRight += suggested ? 1 : 0;
            } else {
                apart++;
                apartRight += suggested ? 0 : 1;
            }
        }
        return new Tuned(
                weights, ((double) mergedRight / Math.max(1, merged) + (double) apartRight / Math.max(1, apart)) / 2);
    }
}
