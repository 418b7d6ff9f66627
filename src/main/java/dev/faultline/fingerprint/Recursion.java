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
     * @param end index behind its last frame; a recursion's last round need not be whole
     * @param period frames that stay, if it is a recursion
     */
    record Stretch(int start, int end, int period) {
        boolean recursion() {
            return end - start > period;
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
            int end = start + period;
            while (end < names.size() && names.get(end).equals(names.get(end - period))) {
                end++;
            }
            if ((end - start) / period >= (period == 1 ? 2 : LEAST_REPEATS)) {
                return new Stretch(start, end, period);
            }
        }
        return new Stretch(start, start + 1, 1);
    }
}
