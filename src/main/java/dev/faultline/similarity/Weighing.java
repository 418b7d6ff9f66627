package dev.faultline.similarity;

import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Weighs the stacks of one comparison; what depends on a place or on a frame alone is worked out once. */
final class Weighing {
    /** Frames that are looked at, from the innermost one on. */
    static final int MOST_FRAMES = 40;

    private final double[] byPlace = new double[MOST_FRAMES + 1];
    private final double[] byDistance = new double[MOST_FRAMES + 1];
    private final FrameWeights byFrame;

    /**
     * By the weights of a project.
     *
     * @param share of all variants, those that have a frame
     */
    Weighing(Weights weights, LongToDoubleFunction share) {
        this.byFrame = new FrameWeights(frame -> Math.exp(-weights.beta() * share.applyAsDouble(frame)));
        for (int i = 0; i <= MOST_FRAMES; i++) {
            byPlace[i] = Math.pow(Math.max(1, i), -weights.alpha());
            byDistance[i] = Math.exp(-weights.gamma() * i);
        }
    }

    /** A stack, of frames as numbers, the innermost first. */
    WeighedStack stack(List<Long> frames) {
        return WeighedStack.of(frames, this);
    }

    /** What a frame says at a place, 1 for the innermost one. */
    double weight(long frame, int place) {
        return byPlace[place] * byFrame.of(frame);
    }

    /** What is left of it where it stands so many places further in the other stack. */
    double shifted(int places) {
        return byDistance[places];
    }
}
