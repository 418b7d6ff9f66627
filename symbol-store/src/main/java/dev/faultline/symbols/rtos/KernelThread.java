package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.index.AddressRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A thread as its kernel kept it.
 *
 * @param address of its control block
 * @param name where it has one
 * @param running whether it is the one that its processor ran, or interrupted
 * @param saved the registers with which it would go on; empty for one that runs, and where they make no sense
 * @param stack the memory of its stack, where known
 * @param state what the kernel knew of it
 */
record KernelThread(
        long address,
        @Nullable String name,
        boolean running,
        Optional<Registers> saved,
        @Nullable AddressRange stack,
        ThreadState state) {}
