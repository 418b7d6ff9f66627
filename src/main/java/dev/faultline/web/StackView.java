package dev.faultline.web;

import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.VariableReport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thread as shown.
 *
 * @param title its name, or its number where it has none
 * @param state with what it waits for, and whether its stack was too small
 * @param top the innermost function, for a thread that is folded
 * @param stretches its frames, innermost first
 * @param more how many frames are left out of a very deep stack
 */
public record StackView(
        long id,
        String title,
        @Nullable String state,
        boolean crashed,
        String top,
        List<Stretch> stretches,
        int more,
        String stop) {
    /** Frames shown of one thread; the rest is in the report. */
    static final int MOST_FRAMES = 256;

    public StackView {
        stretches = List.copyOf(stretches);
    }

    /**
     * Frames in a row.
     *
     * @param rounds what they are, for rounds of a recursion that are folded; absent for frames that are shown
     */
    public record Stretch(@Nullable String rounds, List<FrameView> frames) {
        public Stretch {
            frames = List.copyOf(frames);
        }
    }

    /**
     * One line of a stack.
     *
     * @param function absent without symbols
     * @param directory of the source file, with its separator; empty where unknown
     * @param file the source file's bare name and line
     * @param into for an inlined call, the function it became a part of
     * @param module what to show instead of a function: the image and the distance from its start
     * @param arguments what it was called with, in the order of the source
     * @param locals its variables in scope
     * @param open whether its variables are to be seen at once
     * @param rule where it becomes a rule; absent where grouping did not look at it
     */
    public record FrameView(
            int index,
            @Nullable String function,
            @Nullable String linkageName,
            String directory,
            @Nullable String file,
            String pc,
            boolean inlined,
            @Nullable String into,
            boolean site,
            TrustMark trust,
            @Nullable String module,
            List<VariableView> arguments,
            List<VariableView> locals,
            boolean open,
            @Nullable String rule) {

        public FrameView {
            arguments = List.copyOf(arguments);
            locals = List.copyOf(locals);
        }

        /** The function's name as far as a line has room for it; template code makes names of many kilobytes. */
        public @Nullable String shown() {
            return function == null ? null : Words.shortened(function);
        }

        /** What the name's line leaves out: the rest of it, and the linker's name. */
        public @Nullable String title() {
            boolean whole = function == null || function.equals(Words.shortened(function));
            return whole ? linkageName : linkageName == null ? function : function + "\n" + linkageName;
        }

        /** How many variables there are, {@code 2 arguments · 1 local}; absent where there are none. */
        public @Nullable String variables() {
            String counts = Stream.of(counted(arguments, "argument"), counted(locals, "local"))
                    .filter(count -> !count.isEmpty())
                    .collect(Collectors.joining(" · "));
            return counts.isEmpty() ? null : counts;
        }

        private static String counted(List<VariableView> variables, String noun) {
            return variables.isEmpty() ? "" : Words.counted(variables.size(), noun);
        }
    }

    /** The stack of a thread that no crash was grouped by. */
    static StackView of(ThreadReport thread) {
        return of(thread, _ -> null);
    }

    /**
     * The stack of the thread that crashed.
     *
     * @param grouped its frames as grouping saw them
     */
    static StackView of(ThreadReport thread, List<FingerprintFrame> grouped, RuleLinks links) {
        return of(thread, frame -> links.of(frame, grouped));
    }

    /** From a frame to where it becomes a rule, if it may. */
    private interface RuleForms {
        @Nullable
        String of(FrameReport frame);
    }

    private static StackView of(ThreadReport thread, RuleForms rules) {
        List<FrameReport> frames = thread.frames();
        var shown = new ArrayList<FrameView>();
        boolean unopened = thread.crashed();
        for (int index = 0; index < frames.size() && index < MOST_FRAMES; index++) {
            boolean open = unopened && hasVariables(frames.get(index));
            unopened &= !open;
            shown.add(frame(frames, index, thread.crashed() && index == 0, open, rules.of(frames.get(index))));
        }
        String name = thread.name();
        return new StackView(
                thread.id(),
                name == null || name.isBlank() ? "Thread " + thread.number() : name,
                state(thread),
                thread.crashed(),
                frames.isEmpty() ? "no frames" : name(frames.getFirst()),
                Rounds.folded(shown),
                Math.max(0, frames.size() - MOST_FRAMES),
                thread.stop());
    }

    private static @Nullable String state(ThreadReport thread) {
        var situation = thread.situation() == null ? "" : thread.situation().replace("`", "");
        var memory = thread.memory();
        if (memory == null || memory.overflow() == null) {
            return situation.isEmpty() ? null : situation;
        }
        return situation.isEmpty() ? "stack overflow" : situation + " · stack overflow";
    }

    private static boolean hasVariables(FrameReport frame) {
        return !frame.arguments().isEmpty() || !frame.locals().isEmpty();
    }

    private static FrameView frame(
            List<FrameReport> frames, int index, boolean site, boolean open, @Nullable String rule) {
        FrameReport frame = frames.get(index);
        String file = frame.file();
        String bare = file == null ? "" : Words.fileName(file);
        return new FrameView(
                index,
                frame.function(),
                frame.linkageName(),
                file == null ? "" : Words.directory(file.substring(0, file.length() - bare.length())),
                Words.place(file, frame.line()),
                frame.pc(),
                frame.inlined(),
                frame.inlined() && index + 1 < frames.size() ? into(frames.get(index + 1)) : null,
                site,
                TrustMark.of(frame.trust()),
                frame.module() == null ? null : frame.module() + " + " + frame.moduleOffset(),
                variables(frame.arguments()),
                variables(frame.locals()),
                open,
                rule);
    }

    private static List<VariableView> variables(List<VariableReport> variables) {
        return variables.stream().map(VariableView::of).toList();
    }

    private static @Nullable String into(FrameReport frame) {
        String function = frame.function();
        return function == null ? null : Words.shortened(function);
    }

    private static String name(FrameReport frame) {
        String function = frame.function();
        if (function == null) {
            return frame.module() == null ? frame.pc() : frame.module() + " + " + frame.moduleOffset();
        }
        String place = Words.place(frame.file(), frame.line());
        return Words.shortened(function) + (place == null ? "" : " at " + place);
    }
}
