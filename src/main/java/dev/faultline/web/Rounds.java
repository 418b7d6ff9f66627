package dev.faultline.web;

import dev.faultline.web.StackView.FrameView;
import dev.faultline.web.StackView.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Finds the rounds of a recursion in a stack: the first one is shown, those that are just like it are folded. */
final class Rounds {
    /** Functions that call each other in a circle. */
    private static final int LONGEST = 8;

    /** Folding fewer would hide more than it tidies. */
    private static final int FEWEST = 4;

    private Rounds() {}

    static List<Stretch> folded(List<FrameView> frames) {
        var stretches = new ArrayList<Stretch>();
        var shown = new ArrayList<FrameView>();
        int at = 0;
        while (at < frames.size()) {
            int length = length(frames, at);
            int rounds = length == 0 ? 1 : rounds(frames, at, length);
            int first = Math.max(1, length);
            shown.addAll(frames.subList(at, at + first));
            if (rounds > 1) {
                stretches.add(new Stretch(null, shown));
                shown.clear();
                stretches.add(new Stretch(
                        words(rounds - 1, frames.subList(at, at + length)),
                        frames.subList(at + length, at + rounds * length)));
            }
            at += first * rounds;
        }
        if (!shown.isEmpty()) {
            stretches.add(new Stretch(null, shown));
        }
        return stretches;
    }

    /** Frames of one round of a recursion that begins here; 0 where none does. */
    private static int length(List<FrameView> frames, int at) {
        for (int length = 1; length <= LONGEST; length++) {
            if (rounds(frames, at, length) >= FEWEST) {
                return length;
            }
        }
        return 0;
    }

    private static int rounds(List<FrameView> frames, int at, int length) {
        int end = at + length;
        while (end < frames.size() && same(frames.get(end), frames.get(end - length))) {
            end++;
        }
        return (end - at) / length;
    }

    /**
     * To the last detail, so that nothing is hidden that differs. Only variables may: those of a recursion differ in every
     * round, and a folded frame still has them.
     */
    private static boolean same(FrameView one, FrameView other) {
        return !one.site()
                && !other.site()
                && one.inlined() == other.inlined()
                && one.pc().equals(other.pc())
                && Objects.equals(one.function(), other.function())
                && Objects.equals(one.file(), other.file());
    }

    private static String words(int rounds, List<FrameView> round) {
        return round.stream()
                .map(frame -> Objects.requireNonNullElse(frame.shown(), frame.pc()))
                .collect(Collectors.joining(" ← ", rounds + " more rounds of ", ""));
    }
}
