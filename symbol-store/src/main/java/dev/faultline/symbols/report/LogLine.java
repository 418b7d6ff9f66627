package dev.faultline.symbols.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log.
 *
 * @param uptimeMillis since boot, where the line says it
 * @param time by the device's clock, as ISO 8601, where the line says that
 * @param level {@code E}, {@code W}, {@code I} or {@code D}, where the line has one
 * @param source what wrote it: a module, or a file and its line
 * @param origins where it was found: the buffer in memory by its symbol, {@code console} for the text that the coredump
 *     came in, {@code upload} for the log beside it
 */
public record LogLine(
        @Nullable Long uptimeMillis,
        @Nullable String time,
        @Nullable String level,
        @Nullable String source,
        String text,
        List<String> origins) {

    public LogLine {
        origins = List.copyOf(Objects.requireNonNullElse(origins, List.of())); // reports of before have none
    }

    /** Of a line that says no more. */
    public LogLine(@Nullable Long uptimeMillis, @Nullable String level, String text) {
        this(uptimeMillis, null, level, null, text, List.of());
    }

    /** The same, found there. */
    public LogLine from(String origin) {
        return new LogLine(uptimeMillis, time, level, source, text, List.of(origin));
    }

    /** The same, found in both places, with what either knows of it. */
    public LogLine with(LogLine other) {
        var both = new ArrayList<>(origins);
        other.origins.stream().filter(origin -> !both.contains(origin)).forEach(both::add);
        return new LogLine(
                uptimeMillis,
                time == null ? other.time : time,
                level == null ? other.level : level,
                source == null ? other.source : source,
                text,
                both);
    }
}
