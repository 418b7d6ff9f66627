package dev.faultline.fingerprint;

import java.util.ArrayList;
import java.util.List;

/** Recursion, folded: how deep it went is chance. */
final class Recursion {
    static final int LONGEST_PERIOD = 8;

    /** A cycle of several functions may stand twice in a stack that is not recursive at heart. */
    private static final int LEAST_REPEATS = 3;

    private Recursion() {}

    /**
     * A stretch of a stack.
     *
     * @param start index of its first frame
     * @param period frames that stay
     * @param repeats 1: no recursion, and the period is 1
     */
    record Stretch(int start, int period, int repeats) {
        int end() {
            return start + period * repeats;
        }
    }

    /** The stack as stretches without gaps: frames equal to their neighbour, cycles that repeat often enough, the rest. */
    static List<Stretch> stretches(List<String> names) {
        List<Stretch> stretches = new ArrayList<>();
        for (int i = 0; i < names.size(); i = stretches.getLast().end()) {
            stretches.add(stretch(names, i));
        }
        return stretches;
    }

    private static Stretch stretch(List<String> names, int start) {
        for (int period = 1; period <= LONGEST_PERIOD && start + 2 * period <= names.size(); period++) {
            int repeats = 1;
            while (repeats(names, start, period, repeats)) {
                repeats++;
            }
            if (repeats >= (period == 1 ? 2 : LEAST_REPEATS)) {
                return new Stretch(start, period, repeats);
            }
        }
        return new Stretch(start, 1, 1);
    }

    private static boolean repeats(List<String> names, int start, int period, int times) {
        int from = start + period * times;
        return from + period <= names.size()
                && names.subList(start, start + period).equals(names.subList(from, from + period));
    }
}
