package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ReturnToken;
import dev.faultline.symbols.arch.Xtensa;

/**
 * The caller of a frame in the windowed ABI of Xtensa: a0 has the return address, and the caller's a0 to a3 are in the base
 * save area right below the callee's stack pointer, once windows have been spilled, which panic handlers see to. Its a4 to
 * a11 are in the save area of its own caller's frame.
 */
final class WindowedStep {
    private static final int SAVE_AREA = 16;
    private static final int BASE_REGISTERS = 4;

    private WindowedStep() {}

    static Step callerOf(AddressSpace space, Registers frame) {
        var link = frame.get(Xtensa.A0);
        var sp = frame.get(Xtensa.A1);
        var counter = frame.get(Xtensa.PC);
        if (link.isEmpty() || sp.isEmpty() || counter.isEmpty()) {
            return new Step.Failed("the return address or the stack pointer is not known");
        }
        if (space.architecture().returnToken(link.getAsLong()) instanceof ReturnToken.Outermost(String why)) {
            return new Step.End(why);
        }
        var caller = Registers.none(space.architecture())
                .with(Xtensa.PC, Xtensa.returnAddress(link.getAsLong(), counter.getAsLong()));
        long area = sp.getAsLong() - SAVE_AREA;
        for (int register = 0; register < BASE_REGISTERS; register++) {
            var saved = space.word(area + 4L * register);
            if (saved.isPresent()) {
                caller = caller.with(register, saved.getAsLong());
            }
        }
        var above = caller.get(Xtensa.A1);
        if (above.isPresent() && above.getAsLong() <= sp.getAsLong()) {
            return new Step.Failed(
                    "the stack does not go on: sp 0x%08x after 0x%08x".formatted(above.getAsLong(), sp.getAsLong()));
        }
        return new Step.Caller(withExtraRegisters(space, caller, link.getAsLong()), Trust.REGISTER_WINDOW);
    }

    /** A call of size n moves the window by 4n: so many registers of the caller the callee did not see, and were saved. */
    private static Registers withExtraRegisters(AddressSpace space, Registers caller, long link) {
        int kept = 4 * (int) (link >>> 30 & 3);
        var sp = caller.get(Xtensa.A1);
        var callersCaller = sp.isPresent() ? space.word(sp.getAsLong() - SAVE_AREA + 4) : sp;
        if (callersCaller.isEmpty()) {
            return caller;
        }
        var registers = caller;
        long end = callersCaller.getAsLong() - SAVE_AREA;
        for (int register = BASE_REGISTERS; register < kept; register++) {
            var saved = space.word(end - 4L * (kept - register));
            if (saved.isPresent()) {
                registers = registers.with(register, saved.getAsLong());
            }
        }
        return registers;
    }
}
