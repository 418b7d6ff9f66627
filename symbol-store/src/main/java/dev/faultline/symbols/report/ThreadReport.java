package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thread and its stack.
 *
 * @param id as the dump numbers it
 * @param name its name, where the dump or the kernel's memory has one
 * @param state such as {@code running} or {@code blocked}, where known
 * @param crashed whether it is the one that crashed
 * @param frames innermost first, inlined calls expanded
 * @param stop why the stack ends where it does
 */
public record ThreadReport(
        long id,
        @Nullable String name,
        @Nullable String state,
        boolean crashed,
        List<FrameReport> frames,
        String stop) {

    public ThreadReport {
        frames = List.copyOf(frames);
    }
}
