package dev.faultline.similarity;

import dev.faultline.cluster.ClusterId;
import java.util.List;

/**
 * A cluster that may be the same as the one that was asked about.
 *
 * @param score from {@value #SUGGESTED} to 1
 * @param because what the score comes from, in a sentence
 * @param variant of the cluster that was asked about
 * @param otherVariant of this one
 * @param stacks of these two variants, side by side
 */
public record Similar(
        ClusterId cluster,
        String signature,
        double score,
        String because,
        long variant,
        long otherVariant,
        List<Alignment.Line> stacks) {

    /** What is suggested to people. */
    static final double SUGGESTED = 0.60;

    /** What is joined without asking, where a project wants that. */
    static final double JOINED = 0.85;

    public Similar {
        stacks = List.copyOf(stacks);
    }
}
