package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;

/** Registers that a kernel saved of a thread on AArch64. */
final class AArch64Context {
    private static final int WORD = 8;
    private static final int X19 = 19;
    private static final int X29 = 29;

    /** q0 … q31 */
    private static final int FLOATS = 32 * 16;

    /** sp_el0 stands between x29 and the stack pointer of the kernel. */
    private static final int BEFORE_STACK_POINTER = X29 - X19 + 2;

    private final AddressSpace space;

    AArch64Context(AddressSpace space) {
        this.space = space;
    }

    /**
     * What FreeRTOS saved at {@code top}: whether there are floats, the nesting of critical sections, [floats,] ELR, SPSR,
     * x30 and a zero, then pairs from x28 and x29 down to x0 and x1.
     */
    Optional<Registers> ofFreeRtos(long top) {
        var floats = space.word(top);
        if (floats.isEmpty()) {
            return Optional.empty();
        }
        long at = top + 2 * WORD + (floats.getAsLong() != 0 ? FLOATS : 0);
        var registers = Registers.none(space.architecture());
        registers = with(registers, AArch64.PC, at);
        registers = with(registers, AArch64.PSTATE, at + WORD);
        registers = with(registers, AArch64.LR, at + 2 * WORD);
        at += 4 * WORD;
        for (int pair = AArch64.LR - 2; pair >= 0; pair -= 2) {
            registers = with(registers, pair, at);
            registers = with(registers, pair + 1, at + WORD);
            at += 2 * WORD;
        }
        return SavedContext.resumed(space, registers, at);
    }

    /** What Zephyr keeps in the thread: x19 … x29, sp_el0, the stack pointer and lr, where no type says it in this order. */
    Optional<Registers> ofZephyr(long stackPointerAt, SavedMembers members) {
        var stackPointer = space.word(stackPointerAt);
        if (stackPointer.isEmpty()) {
            return Optional.empty();
        }
        var registers = Registers.none(space.architecture());
        long first = stackPointerAt - BEFORE_STACK_POINTER * WORD;
        for (int register = X19; register <= X29; register++) {
            long usual = first + (long) (register - X19) * WORD;
            registers = with(registers, register, members.at("x" + register).orElse(usual));
        }
        // x30 is still this very address there, and no caller's
        long returnAddress = members.at("lr").orElse(stackPointerAt + WORD);
        return SavedContext.resumed(space, with(registers, AArch64.PC, returnAddress), stackPointer.getAsLong());
    }

    private Registers with(Registers registers, int register, long address) {
        var value = space.word(address);
        return value.isPresent() ? registers.with(register, value.getAsLong()) : registers;
    }
}
