package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The M profile of Arm, versions 6 to 8, Thumb only, little-endian. Register numbers as in AADWARF32; xPSR, which has
 * none there, is 16.
 */
public record ArmCortexM() implements Architecture {
    public static final int R0 = 0;
    public static final int R12 = 12;
    public static final int SP = 13;
    public static final int LR = 14;
    public static final int PC = 15;
    public static final int XPSR = 16;

    /** xPSR: the exception that the code belongs to; 0 for a thread. */
    public static final long XPSR_EXCEPTION = 0x1ff;

    /** xPSR in an exception frame: the stack was moved down a word to align it (ARMv7-M B1.5.7). */
    public static final long XPSR_ALIGNED = 1 << 9;

    /** The floor of EXC_RETURN values; FNC_RETURN of ARMv8-M lies below it. */
    private static final long EXC_RETURN_FLOOR = 0xffff_ff00L;

    private static final List<String> NAMES = List.of(
            "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "xpsr");

    @Override
    public String label() {
        return "arm-cortex-m";
    }

    @Override
    public ByteOrder byteOrder() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int wordBytes() {
        return 4;
    }

    @Override
    public List<String> registerNames() {
        return NAMES;
    }

    @Override
    public int debugRegisters() {
        return 16;
    }

    @Override
    public int stackPointer() {
        return SP;
    }

    @Override
    public int linkRegister() {
        return LR;
    }

    @Override
    public int programCounter() {
        return PC;
    }

    /** r7 in Thumb code, pushed right below lr. */
    @Override
    public int framePointer() {
        return 7;
    }

    /** AAPCS fixes none: where r7 is a frame pointer, only the compiler knows how far below the return address it points. */
    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.empty();
    }

    @Override
    public boolean isCalleeSaved(int register) {
        return register >= 4 && register <= 11;
    }

    @Override
    public long instructionAddress(long pointer) {
        return pointer & 0xffff_fffeL;
    }

    /** Thumb code only: bit 0 of a return address is set. */
    @Override
    public boolean mayBeReturnAddress(long word) {
        return (word & 1) != 0;
    }

    /** The default memory map (ARMv7-M B3.1): peripherals, external devices and the system region are execute-never. */
    @Override
    public boolean mayExecute(long address) {
        return address < 0x4000_0000L || (address >= 0x6000_0000L && address < 0xa000_0000L);
    }

    @Override
    public int callBytes() {
        return 4;
    }

    /** BL (T1) or BLX register (T1); the M profile has no other call. */
    @Override
    public boolean endsWithCall(long before) {
        int first = (int) (before & 0xffff);
        int last = (int) (before >>> 16 & 0xffff);
        boolean bl = (first & 0xf800) == 0xf000 && (last & 0xd000) == 0xd000;
        boolean blx = (last & 0xff87) == 0x4780;
        return bl || blx;
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        return ThumbInstruction.callTarget(returnAddress, before);
    }

    @Override
    public ReturnToken returnToken(long word) {
        if (word == 0 || word == 0xffff_ffffL) {
            return new ReturnToken.Outermost(
                    "the return address is 0x%08x, as a reset or a new task leaves it".formatted(word));
        }
        if (word >= EXC_RETURN_FLOOR) {
            return new ReturnToken.FromException(new ExceptionReturn(word));
        }
        if (word == 0xfeff_ffffL || word == 0xfeff_fffeL) {
            return new ReturnToken.Unsupported(
                    "FNC_RETURN: the caller is non-secure code whose return address is on the secure stack");
        }
        return new ReturnToken.Address();
    }
}
