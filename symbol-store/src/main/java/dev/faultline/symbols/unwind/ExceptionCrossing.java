package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.ExceptionReturn;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.CortexMState;
import java.util.Optional;

/** From an exception handler to the code it interrupted, over the frame that the processor stacked (ARMv7-M B1.5.6). */
final class ExceptionCrossing {
    private static final int R4 = 4;
    private static final int R11 = 11;

    /** FPCCR, whose bit 0 (LSPACT) says that s0 to s15 of some frame are still to be saved. */
    private static final long FPCCR = 0xe000_ef34L;

    private static final long LSPACT = 1;

    /** s0 to s15 lie behind the basic frame. */
    private static final int FLOATS = 0x20;

    private static final int FLOAT_BYTES = 64;

    private ExceptionCrossing() {}

    /**
     * The interrupted context.
     *
     * @param handler the registers at the handler's return: its sp is the frame's address on the main stack, its
     *     callee-saved registers are those of the interrupted code
     */
    static Step cross(ExceptionReturn exceptionReturn, Registers handler, CortexMState state, AddressSpace space) {
        var stackPointer = exceptionReturn.onProcessStack() ? state.psp() : handler.get(ArmCortexM.SP);
        if (stackPointer.isEmpty()) {
            return new Step.End("the interrupted code is on the %s stack, and the dump does not say where that is"
                    .formatted(exceptionReturn.onProcessStack() ? "process" : "main"));
        }
        long frame = stackPointer.getAsLong();
        var interrupted = handler;
        if (exceptionReturn.hasCalleeFrame()) { // integrity signature, a reserved word, r4-r11
            for (int register = R4; register <= R11; register++) {
                var saved = space.word(frame + 8 + 4L * (register - R4));
                interrupted = saved.isPresent()
                        ? interrupted.with(register, saved.getAsLong())
                        : interrupted.without(register);
            }
            frame += ExceptionReturn.CALLEE_FRAME;
        }
        for (int i = 0; i < ExceptionReturn.STACKED.size(); i++) {
            var stacked = space.word(frame + 4L * i);
            if (stacked.isEmpty()) {
                return new Step.End("the exception frame at 0x%08x was not captured".formatted(frame));
            }
            interrupted = interrupted.with(ExceptionReturn.STACKED.get(i), stacked.getAsLong());
        }
        long xpsr = interrupted.get(ArmCortexM.XPSR).orElseThrow();
        boolean fromThread = (xpsr & ArmCortexM.XPSR_EXCEPTION) == 0;
        if (fromThread != exceptionReturn.toThread()) { // the processor checks the same (B1.5.8): INVPC
            return new Step.End(
                    "the exception frame at 0x%08x is overwritten: its xPSR 0x%08x does not fit EXC_RETURN 0x%08x"
                            .formatted(frame, xpsr, exceptionReturn.value()));
        }
        long above = frame + exceptionReturn.frameBytes() + ((xpsr & ArmCortexM.XPSR_ALIGNED) != 0 ? 4 : 0);
        long pc = space.architecture()
                .instructionAddress(interrupted.get(ArmCortexM.PC).orElseThrow());
        var whole = exceptionReturn.isExtended() ? withFloats(interrupted, frame + FLOATS, space) : interrupted;
        return new Step.Caller(whole.with(ArmCortexM.SP, above).with(ArmCortexM.PC, pc), Trust.EXCEPTION);
    }

    /** Nothing of s0 to s15 unless it is sure that the processor has saved them already (ARMv7-M B1.5.7, lazy saving). */
    private static Registers withFloats(Registers interrupted, long address, AddressSpace space) {
        var control = space.unsigned(FPCCR, 4);
        boolean isSaved = control.isPresent() && (control.getAsLong() & LSPACT) == 0;
        var saved = isSaved ? space.bytes(address, FLOAT_BYTES) : Optional.<byte[]>empty();
        return saved.isPresent()
                ? interrupted.with(space.architecture().floats().register("s", 0), saved.get())
                : interrupted;
    }
}
