package dev.faultline.symbols.unwind;

import java.util.List;

/**
 * The stack of one thread.
 *
 * @param frames innermost first; where a very deep stack lost its middle, {@link Frame#index} jumps
 * @param stop why it ends where it does, a sentence
 */
public record Stack(List<Frame> frames, String stop) {

    /** Of a crash that kept nothing of its threads. */
    public static final Stack NONE = new Stack(List.of(), "the device kept nothing of its threads");

    public Stack {
        frames = List.copyOf(frames);
    }

    /** How many frames in the middle were not kept. */
    public int leftOut() {
        int there = frames.isEmpty() ? 0 : frames.getLast().index() + 1;
        return there - frames.size();
    }
}
