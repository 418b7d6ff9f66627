package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Stack;
import java.util.List;

/**
 * What a diagnosis looks at.
 *
 * @param coredump the crash
 * @param space memory and symbols
 * @param stack the physical frames of the crashed thread
 * @param frames the same as shown, inlined calls expanded
 */
public record CrashScene(Coredump coredump, AddressSpace space, Stack stack, List<FrameReport> frames) {

    public CrashScene {
        frames = List.copyOf(frames);
    }
}
