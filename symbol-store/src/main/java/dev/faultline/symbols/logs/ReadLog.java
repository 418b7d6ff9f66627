package dev.faultline.symbols.logs;

import dev.faultline.symbols.report.LogLine;
import java.util.List;

/**
 * What was read of one log.
 *
 * @param lines oldest first
 * @param warnings why there are no lines, or fewer than there were
 */
record ReadLog(List<LogLine> lines, List<String> warnings) {

    ReadLog {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    static ReadLog of(List<LogLine> lines) {
        return new ReadLog(lines, List.of());
    }

    /** Nothing, and why. */
    static ReadLog none(String warning) {
        return new ReadLog(List.of(), List.of(warning));
    }
}
