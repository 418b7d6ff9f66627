package dev.faultline.similarity;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;

/** A number for each frame, worked out when it is first asked for. No objects: a comparison asks eighty thousand times. */
final class FrameWeights {
    private static final int FIRST_SIZE = 1 << 10;
    private static final long FREE = -1;
    /** The golden ratio's, which scatters numbers that follow one another. */
    private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

    private final LongToDoubleFunction weight;
    private long[] frames = new long[FIRST_SIZE];
    private double[] weights = new double[FIRST_SIZE];
    private int size;

    /**
     * For frames by their numbers.
     *
     * @param weight of a frame, whose number is not negative
     */
    FrameWeights(LongToDoubleFunction weight) {
        this.weight = weight;
        Arrays.fill(frames, FREE);
    }

    double of(long frame) {
        int place = place(frame);
        if (frames[place] == frame) {
            return weights[place];
        }
        if (2 * size >= frames.length) {
            grow();
            place = place(frame);
        }
        size++;
        frames[place] = frame;
        weights[place] = weight.applyAsDouble(frame);
        return weights[place];
    }

    /** Where it is, or would be: at least half of all places are free. */
    private int place(long frame) {
        int mask = frames.length - 1;
        int place = (int) ((frame * SCATTER) >>> 40) & mask;
        while (frames[place] != frame && frames[place] != FREE) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldFrames = frames;
        double[] oldWeights = weights;
        frames = new long[2 * oldFrames.length];
        weights = new double[frames.length];
        Arrays.fill(frames, FREE);
        for (int i = 0; i < oldFrames.length; i++) {
            if (oldFrames[i] != FREE) {
                int place = place(oldFrames[i]);
                frames[place] = oldFrames[i];
                weights[place] = oldWeights[i];
            }
        }
    }
}
