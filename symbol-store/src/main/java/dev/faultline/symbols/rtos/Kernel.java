package dev.faultline.symbols.rtos;

import java.util.List;
import java.util.Optional;

/** An operating system whose threads can be found in memory. */
sealed interface Kernel permits FreeRtos, Zephyr, ThreadX {

    /** What people call it. */
    String name();

    /** Its threads, each once; what is damaged is left out and said in the memory's warnings. */
    List<KernelThread> threads();

    /** The kernel of an image, by a symbol that only it has. */
    static Optional<Kernel> of(KernelMemory memory) {
        if (memory.symbol("pxCurrentTCB").isPresent()
                || memory.symbol("pxCurrentTCBs").isPresent()) {
            return Optional.of(new FreeRtos(memory));
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
