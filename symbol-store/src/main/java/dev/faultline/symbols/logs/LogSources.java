package dev.faultline.symbols.logs;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where else the log of a crash is, than where it is found without being told.
 *
 * @param uploaded the log that came beside the coredump, as it was sent; null: none
 * @param buffers rings of text in memory
 */
public record LogSources(@Nullable MemorySegment uploaded, List<LogBuffer> buffers) {
    public static final LogSources NONE = new LogSources(null, List.of());

    /** Most buffers that are looked for. */
    public static final int MOST_BUFFERS = 16;

    public LogSources {
        buffers = List.copyOf(buffers.subList(0, Math.min(buffers.size(), MOST_BUFFERS)));
    }
}
