package dev.faultline.symbols.unwind;

/** One physical stack frame, before any symbol is known; {@code pc} without the Thumb bit. */
public record Frame(int index, long pc, long sp, Trust trust) {

    /** A caller's pc is the instruction after the call; one byte back lies inside the call. */
    public long lookupPc() {
        return switch (trust) {
            case CONTEXT, EXCEPTION, DEVICE, SIGNAL_TRAMPOLINE -> pc;
            case DEVICE_RETURN, CFI, EHABI, FRAME_POINTER, REGISTER_WINDOW, LINK_REGISTER, SCAN -> pc - 1;
        };
    }
}
