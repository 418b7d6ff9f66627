package dev.faultline.similarity;

import java.util.Arrays;
import java.util.List;

/**
 * A stack, ready to be compared with many: its frames by number, each with its place and weight. Comparing two is one walk
 * over both.
 */
final class WeighedStack {
    /** A frame's number and its place, in one long, so that sorting moves no objects: places have six bits. */
    private static final int PLACE_BITS = 6;

    private static final long PLACE = (1 << PLACE_BITS) - 1;

    private final long[] frames;
    private final double[] weights;
    private final double weight;

    private WeighedStack(long[] frames, double[] weights, double weight) {
        this.frames = frames;
        this.weights = weights;
        this.weight = weight;
    }

    static WeighedStack of(List<Long> stack, Weighing by) {
        long[] frames = new long[Math.min(Weighing.MOST_FRAMES, stack.size())];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = stack.get(i) << PLACE_BITS | (i + 1);
        }
        Arrays.sort(frames);
        double[] weights = new double[frames.length];
        double sum = 0;
        for (int i = 0; i < frames.length; i++) {
            weights[i] = by.weight(frames[i] >> PLACE_BITS, place(frames[i]));
            sum += weights[i];
        }
        return new WeighedStack(frames, weights, sum);
    }

    private static int place(long frame) {
        return (int) (frame & PLACE);
    }

    /** From -1, nothing in common, to 1, the same. Two empty stacks have nothing in common. */
    double similarity(WeighedStack other, Weighing by) {
        double score = 0;
        int i = 0;
        int j = 0;
        while (i < frames.length && j < other.frames.length) {
            long here = frames[i] >> PLACE_BITS;
            long there = other.frames[j] >> PLACE_BITS;
            if (here == there) {
                score += (weights[i] + other.weights[j])
                        * by.shifted(Math.abs(place(frames[i]) - place(other.frames[j])));
                i++;
                j++;
            } else if (here < there) {
                score -= weights[i++];
            } else {
                score -= other.weights[j++];
            }
        }
        while (i < frames.length) {
            score -= weights[i++];
        }
        while (j < other.frames.length) {
            score -= other.weights[j++];
        }
        double all = weight + other.weight;
        return all == 0 ? -1 : score / all;
    }
}
