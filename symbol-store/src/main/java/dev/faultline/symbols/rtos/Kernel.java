package dev.faultline.symbols.rtos;

import java.util.List;
import java.util.Optional;

/** An operating system whose threads can be found in memory. */
sealed interface Kernel permits FreeRtos, Zephyr, ThreadX {

    /** What people call it. */
    String name();

    /** Its threads, each once; what is damaged is left out and said in the memory's warnings. */
    List<KernelThread> threads();

    /**
     * The kernel of an image, by a symbol that only it has.
     *
     * @param dumped ids of the dump's threads, which are addresses of control blocks where the kernel wrote the dump
     */
    static Optional<Kernel> of(KernelMemory memory, List<Long> dumped) {
        if (memory.symbol("pxCurrentTCB").isPresent()
                || memory.symbol("pxCurrentTCBs").isPresent()) {
            return Optional.of(new FreeRtos(memory, dumped));
        }
        if (memory.symbol("_tx_thread_created_ptr").isPresent()) {
            return Optional.of(new ThreadX(memory));
        }
        if (memory.symbol("_kernel").isPresent()) {
            return Optional.of(new Zephyr(memory));
        }
        return Optional.empty();
    }
}
