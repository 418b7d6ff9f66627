package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thread and its stack.
 *
 * @param id as the dump numbers it
 * @param name its name, where the dump or the kernel's memory has one
 * @param state {@code running}, {@code ready}, {@code blocked}, {@code suspended} or {@code deleted}, where known
 * @param waitsFor what a blocked one waits for, in words, where known
 * @param priority as its kernel counts it, where known
 * @param memory what its stack lies in, where known
 * @param crashed whether it is the one that crashed
 * @param frames innermost first, inlined calls expanded
 * @param stop why the stack ends where it does
 */
public record ThreadReport(
        long id,
        @Nullable String name,
        @Nullable String state,
        @Nullable String waitsFor,
        @Nullable Integer priority,
        @Nullable StackMemory memory,
        boolean crashed,
        List<FrameReport> frames,
        String stop) {
    /** No dump counts its threads so far. */
    private static final long FIRST_ADDRESS = 1 << 24;

    public ThreadReport {
        frames = List.copyOf(frames);
    }

    /** Of a thread whose kernel says nothing. */
    public ThreadReport(
            long id,
            @Nullable String name,
            @Nullable String state,
            boolean crashed,
            List<FrameReport> frames,
            String stop) {
        this(id, name, state, null, null, null, crashed, frames, stop);
    }

    /** Its id as people read it: one that only its kernel knew has an address for one. */
    public String number() {
        return id >= 0 && id < FIRST_ADDRESS ? String.valueOf(id) : "0x%x".formatted(id);
    }

    /** Its state, with what it waits for; absent where that is not known. */
    public @Nullable String situation() {
        return waitsFor == null ? state : "%s, waits for %s".formatted(state, waitsFor);
    }

    /**
     * The memory of a stack.
     *
     * @param start lowest address, as {@code 0x…}; absent where it is not known
     * @param size in bytes; absent where it is not known
     * @param used most bytes that were ever in use, where that shows
     * @param overflow why it was too small, in words, where that shows
     */
    public record StackMemory(
            @Nullable String start,
            @Nullable Long size,
            @Nullable Long used,
            @Nullable String overflow) {}
}
