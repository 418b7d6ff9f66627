package dev.faultline.symbols.arch;

import java.util.List;

/**
 * EXC_RETURN of the M profile: what the link register holds in an exception handler (ARMv7-M B1.5.8, ARMv8-M
 * "EXC_RETURN").
 *
 * @param value 32 bits
 */
public record ExceptionReturn(long value) {
    /** The registers of the basic frame, in its order. */
    public static final List<Integer> STACKED =
            List.of(0, 1, 2, 3, ArmCortexM.R12, ArmCortexM.LR, ArmCortexM.PC, ArmCortexM.XPSR);

    private static final int BASIC_FRAME = 0x20;

    /** The basic frame, s0-s15, FPSCR and a reserved word; reserved even while lazy saving is pending. */
    private static final int EXTENDED_FRAME = 0x68;

    /** What ARMv8-M puts below the frame of secure code that non-secure code interrupts. */
    public static final int CALLEE_FRAME = 0x28;

    /** Whether the exception came out of a thread instead of another handler (bit 3). */
    public boolean toThread() {
        return (value & 1 << 3) != 0;
    }

    /** Whether the frame lies on the process stack (bit 2). */
    public boolean onProcessStack() {
        return (value & 1 << 2) != 0;
    }

    /** Whether the frame has room for floating-point registers (bit 4 clear). */
    public boolean isExtended() {
        return (value & 1 << 4) == 0;
    }

    /**
     * Whether r4-r11 were stacked too, below the frame: secure stack (bit 6), and a non-secure exception (bit 0 clear) or
     * no default rules (bit 5 clear). Never on ARMv6-M and ARMv7-M, where these bits are 1.
     */
    public boolean hasCalleeFrame() {
        return (value & 1 << 6) != 0 && ((value & 1) == 0 || (value & 1 << 5) == 0);
    }

    /** Bytes of the frame without the word that aligns it. */
    public int frameBytes() {
        return isExtended() ? EXTENDED_FRAME : BASIC_FRAME;
    }
}
