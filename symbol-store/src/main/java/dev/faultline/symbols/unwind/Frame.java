package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;

/**
 * One physical stack frame, before any symbol is known.
 *
 * @param pc without the Thumb bit
 * @param registers those that are known in the frame: of a caller, as they will be when the call returns
 */
public record Frame(int index, long pc, long sp, Trust trust, Registers registers) {

    /** A caller's pc is the instruction after the call; one byte back lies inside the call. */
    public long lookupPc() {
        return switch (trust) {
            case CONTEXT, EXCEPTION, DEVICE, SIGNAL_TRAMPOLINE -> pc;
            case DEVICE_RETURN, CFI, EHABI, FRAME_POINTER, REGISTER_WINDOW, LINK_REGISTER, SCAN -> pc - 1;
        };
    }
}
