package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.index.AddressRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it was captured.
 *
 * @param id as the dump numbers it
 * @param name where the dump has one
 * @param crashed whether it is the one that crashed
 * @param registers those of its innermost frame
 * @param stack the memory of its stack, where known
 * @param frames innermost first, where the device walked the stack itself; else empty
 * @param state what the kernel knew of it, where known
 */
public record DumpThread(
        long id,
        @Nullable String name,
        boolean crashed,
        Registers registers,
        @Nullable AddressRange stack,
        List<DeviceFrame> frames,
        @Nullable ThreadState state) {

    public DumpThread {
        frames = List.copyOf(frames);
    }

    /** A thread whose stack is to be walked. */
    public DumpThread(
            long id, @Nullable String name, boolean crashed, Registers registers, @Nullable AddressRange stack) {
        this(id, name, crashed, registers, stack, List.of(), null);
    }
}
