package dev.faultline.symbols.analysis;

import dev.faultline.symbols.report.FrameReport;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Frames as lines that can be compared, ours and gdb's.
 *
 * @param name of several names of one function always the same
 */
record StackLines(UnaryOperator<String> name) {

    String line(FrameReport frame) {
        return line(frame.pc(), frame.function(), frame.file(), String.valueOf(frame.line()), frame.inlined());
    }

    String line(ExpectedStacks.Row row) {
        return line(row.pc(), row.function(), row.file(), String.valueOf(row.line()), row.inlined());
    }

    private String line(String pc, @Nullable String function, @Nullable String file, String line, boolean inlined) {
        return "%x %s %s:%s%s"
                .formatted(
                        Long.parseUnsignedLong(pc.substring(2), 16),
                        name.apply(function == null ? "" : function),
                        file == null ? "" : Path.of(file).getFileName(),
                        line,
                        inlined ? " inlined" : "");
    }
}
