package dev.faultline.symbols.unwind;

import java.util.Locale;

/** How a frame was found, most trustworthy first. */
public enum Trust {
    /** The registers of the dump themselves. */
    CONTEXT,
    /** Registers that the processor stacked when an exception began. */
    EXCEPTION,
    /** The device found it itself; the address of an instruction. */
    DEVICE,
    /** The device found it itself; a return address. */
    DEVICE_RETURN,
    /** Call frame information (DWARF). */
    CFI,
    /** An exception table of 32-bit Arm: the frame of a function where it calls. */
    EHABI,
    /** A chain of frame pointers. */
    FRAME_POINTER,
    /** The save area of a register window. */
    REGISTER_WINDOW,
    /** The return address where a call leaves it (link register, or top of the stack), in code without call frame information. */
    LINK_REGISTER,
    /** Where a signal handler returns to: code that nobody called, so its address is exact. */
    SIGNAL_TRAMPOLINE,
    /** A word on the stack that points behind a call. */
    SCAN;

    /** As shown, stored and sent: {@code frame-pointer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
