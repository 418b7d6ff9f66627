package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Registers that the port of FreeRTOS for Xtensa with register windows saved on a task's stack: all of them where it was
 * interrupted (XT_STK_ frame), next to none where it gave up the processor itself (XT_SOL_ frame). The first word tells which.
 */
final class XtensaContext {
    private static final int PC = 4;
    private static final int PS = 8;
    private static final int A0 = 12;
    private static final int SAR = 76;
    private static final int WINDOW = 16;

    /** A window that was spilled whole. */
    private static final int SAVED = 4;

    private final AddressSpace space;

    XtensaContext(AddressSpace space) {
        this.space = space;
    }

    /**
     * What was saved at {@code top}.
     *
     * @param stackStart the low end of the task's stack
     */
    Optional<Registers> ofFreeRtos(long top, long stackStart) {
        var exit = space.word(top);
        if (exit.isEmpty()) {
            return Optional.empty();
        }
        return exit.getAsLong() == 0 ? solicited(top, stackStart) : interrupted(top, stackStart);
    }

    /** The task's window is below the frame, where the call of the yielding function made it spill. */
    private Optional<Registers> solicited(long top, long stackStart) {
        var pc = space.word(top + PC);
        if (pc.isEmpty()) {
            return Optional.empty();
        }
        var call = OptionalLong.of(space.architecture().instructionAddress(pc.getAsLong()));
        return checked(registers(call, space.word(top + PS), top - 4L * SAVED, SAVED), top, stackStart);
    }

    private Optional<Registers> interrupted(long top, long stackStart) {
        var registers = registers(space.word(top + PC), space.word(top + PS), top + A0, WINDOW);
        return checked(with(registers, Xtensa.SAR, space.word(top + SAR)), top, stackStart);
    }

    private Registers registers(OptionalLong pc, OptionalLong ps, long window, int count) {
        var registers = with(with(Registers.none(space.architecture()), Xtensa.PC, pc), Xtensa.PS, ps);
        for (int i = 0; i < count; i++) {
            registers = with(registers, Xtensa.A0 + i, space.word(window + 4L * i));
        }
        return registers;
    }

    private static Registers with(Registers registers, int register, OptionalLong value) {
        return value.isPresent() ? registers.with(register, value.getAsLong()) : registers;
    }

    /** Only what goes on in code, with a stack pointer above the frame. */
    private Optional<Registers> checked(Registers registers, long top, long stackStart) {
        var pc = registers.get(Xtensa.PC);
        var sp = registers.get(Xtensa.A1);
        boolean isCode = pc.isPresent() && SavedContext.mayResumeAt(space, pc.getAsLong());
        boolean isStack = sp.isPresent()
                && top >= stackStart
                && new AddressRange(top, top + FreeRtos.LONGEST_STACK).contains(sp.getAsLong());
        return isCode && isStack ? Optional.of(registers) : Optional.empty();
    }
}
