package dev.faultline.similarity;

/**
 * What the similarity of stacks depends on (FaST, Rodrigues et al. 2022).
 *
 * @param alpha how much less a frame says for each place that it is further from the crash
 * @param beta how much less it says for the share of variants that have it
 * @param gamma how much less a frame says that stands at different places
 */
public record Weights(double alpha, double beta, double gamma) {
    /** Where every project begins. */
    public static final Weights ONE = new Weights(1, 1, 1);
}
