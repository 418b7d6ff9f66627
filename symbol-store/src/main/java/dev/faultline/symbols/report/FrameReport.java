package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a stack as shown. Inlined calls share the pc of the frame they were inlined into.
 *
 * @param function the name as in the source; absent without symbols
 * @param linkageName the linker's name where it differs
 * @param file the path as the compiler recorded it
 * @param line 1-based; 0: none
 * @param column 1-based; 0: none
 * @param pc the program counter of the frame, as {@code 0x…}: exact for {@code context} and {@code exception}, else the
 *     return address
 * @param inlined whether it was inlined into the next frame
 * @param trust how the frame was found, see {@link dev.faultline.symbols.unwind.Trust}
 * @param module the name of the image that holds the pc
 * @param moduleOffset the pc as linked, that is without the image's load bias, as {@code 0x…}; the same whether symbols
 *     are there or not
 * @param arguments what it was called with, in the order of the source; none where that is not known
 * @param locals its variables that are in scope at the pc
 */
public record FrameReport(
        @Nullable String function,
        @Nullable String linkageName,
        @Nullable String file,
        int line,
        int column,
        String pc,
        boolean inlined,
        String trust,
        @Nullable String module,
        @Nullable String moduleOffset,
        List<VariableReport> arguments,
        List<VariableReport> locals) {

    public FrameReport {
        // a report that was stored before there were variables has none
        arguments = arguments == null ? List.of() : List.copyOf(arguments);
        locals = locals == null ? List.of() : List.copyOf(locals);
    }

    /** Of a frame whose variables nobody looked at. */
    public FrameReport(
            @Nullable String function,
            @Nullable String linkageName,
            @Nullable String file,
            int line,
            int column,
            String pc,
            boolean inlined,
            String trust,
            @Nullable String module,
            @Nullable String moduleOffset) {
        this(function, linkageName, file, line, column, pc, inlined, trust, module, moduleOffset, List.of(), List.of());
    }

    /** The same with its variables. */
    public FrameReport with(List<VariableReport> arguments, List<VariableReport> locals) {
        return new FrameReport(
                function, linkageName, file, line, column, pc, inlined, trust, module, moduleOffset, arguments, locals);
    }
}
