package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Registers that a kernel saved of a thread on RISC-V, RV32 and RV64. The processor pushes nothing: what is saved, and in
 * which order, is the port's. Contexts with registers of F, D or V, and those of the E base, have other sizes and are not
 * known.
 */
final class RiscVContext {
    /** A word of the context that is no register of ours. */
    private static final int OTHER = -1;

    /** mepc, ra, t0 … t6 and all between: x5 … x31. */
    private static final int[] FREERTOS = IntStream.concat(
                    IntStream.of(RiscV.PC, RiscV.RA), IntStream.rangeClosed(5, 31))
            .toArray();

    /** Behind them the nesting of critical sections, since 10.3, and mstatus. */
    private static final int FREERTOS_STATUS = FREERTOS.length + 1;

    /** ESP-IDF's port of it saves all registers in their order, and mstatus, mtvec, mcause, mtval, mhartid. */
    private static final int[] ESP_IDF = IntStream.concat(IntStream.of(RiscV.PC), IntStream.rangeClosed(1, 31))
            .toArray();

    /** Kind 0: s11 … s0, ra; behind them mstatus, and a word that aligns. */
    private static final int[] THREADX_SOLICITED = {OTHER, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 9, 8, RiscV.RA};

    private static final int THREADX_SOLICITED_STATUS = 14;
    private static final int THREADX_SOLICITED_WORDS = 16;

    /** Kind 1: s11 … s0, t6 … t0, a7 … a0, ra, a reserved word, mepc; behind them a word that aligns. */
    private static final int[] THREADX_INTERRUPTED = {
        OTHER, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 9, 8, 31, 30, 29, 28, 7, 6, 5, 17, 16, 15, 14, 13, 12, 11, 10,
        RiscV.RA, OTHER, RiscV.PC
    };

    private static final int THREADX_INTERRUPTED_WORDS = 32;

    /** mstatus.MPP of machine mode, and FS: the state of the floating-point registers. */
    private static final long MACHINE_MODE = 3 << 11;

    private static final long FLOATS = 3 << 13;

    /** Bits of mstatus that are reserved in RV32 and RV64 below SD. */
    private static final long NEVER_STATUS = 0x7f80_0000L;

    private final AddressSpace space;
    private final int word;

    RiscVContext(AddressSpace space, RiscV architecture) {
        this.space = space;
        this.word = architecture.wordBytes();
    }

    /** What FreeRTOS saved at {@code top}: its own port, or ESP-IDF's. */
    Optional<Registers> ofFreeRtos(long top) {
        var second = space.word(top + 2L * word);
        if (second.isPresent() && isBehind(second.getAsLong(), top)) {
            return SavedContext.resumed(space, registers(top, ESP_IDF), second.getAsLong());
        }
        int status = isStatus(top, FREERTOS_STATUS) ? FREERTOS_STATUS : FREERTOS_STATUS - 1;
        return isStatus(top, status)
                ? SavedContext.resumed(space, registers(top, FREERTOS), top + (status + 1L) * word)
                : Optional.empty();
    }

    /** Whether a word can be the stack pointer that ESP-IDF's frame at {@code top} belongs to. */
    private boolean isBehind(long stackPointer, long top) {
        long size = stackPointer - top;
        return size >= (ESP_IDF.length + 5L) * word && size <= (ESP_IDF.length + 8L) * word;
    }

    private boolean isStatus(long top, int index) {
        var status = space.word(top + (long) index * word);
        return status.isPresent()
                && (status.getAsLong() & MACHINE_MODE) == MACHINE_MODE
                && (status.getAsLong() & NEVER_STATUS) == 0;
    }

    /** What ThreadX saved at its stack pointer: little where the thread asked for it, all where it was interrupted. */
    Optional<Registers> ofThreadX(long top) {
        var kind = space.word(top);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        if (kind.getAsLong() == 1) {
            return SavedContext.resumed(
                    space, registers(top, THREADX_INTERRUPTED), top + (long) THREADX_INTERRUPTED_WORDS * word);
        }
        var status = space.word(top + (long) THREADX_SOLICITED_STATUS * word);
        if (kind.getAsLong() != 0 || status.isEmpty() || (status.getAsLong() & FLOATS) != 0) {
            return Optional.empty();
        }
        return returned(registers(top, THREADX_SOLICITED), top + (long) THREADX_SOLICITED_WORDS * word);
    }

    /** What Zephyr keeps in the thread: ra and s0 … s11, in this order behind the stack pointer where no type says it. */
    Optional<Registers> ofZephyr(long stackPointerAt, SavedMembers members) {
        var stackPointer = space.word(stackPointerAt);
        if (stackPointer.isEmpty()) {
            return Optional.empty();
        }
        var names = space.architecture().registerNames();
        var registers = Registers.none(space.architecture());
        long next = stackPointerAt + word;
        for (int register : new int[] {RiscV.RA, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27}) {
            var value = space.word(members.at(names.get(register)).orElse(next));
            if (value.isPresent()) {
                registers = registers.with(register, value.getAsLong());
            }
            next += word;
        }
        return returned(registers, stackPointer.getAsLong());
    }

    private Registers registers(long top, int[] order) {
        var registers = Registers.none(space.architecture());
        for (int i = 0; i < order.length; i++) {
            var value = space.word(top + (long) i * word);
            if (order[i] != OTHER && value.isPresent()) {
                registers = registers.with(order[i], value.getAsLong());
            }
        }
        return registers;
    }

    /** A thread that called the switch goes on where that returns to; there ra is still this very address, and no caller's. */
    private Optional<Registers> returned(Registers registers, long stackPointer) {
        var returnAddress = registers.get(RiscV.RA);
        return returnAddress.isPresent()
                ? SavedContext.resumed(
                        space, registers.without(RiscV.RA).with(RiscV.PC, returnAddress.getAsLong()), stackPointer)
                : Optional.empty();
    }
}
