package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.index.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it was captured.
 *
 * @param id as the dump numbers it
 * @param name where the dump has one
 * @param crashed whether it is the one that crashed
 * @param registers those of its innermost frame
 * @param stack the memory of its stack, where known
 */
public record DumpThread(
        long id,
        @Nullable String name,
        boolean crashed,
        Registers registers,
        @Nullable AddressRange stack) {}
