package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * 32-bit Arm with the A32 and T32 instruction sets, as Linux runs it, little-endian. Register numbers as in AADWARF32; CPSR,
 * which has none there, is 16.
 */
public record Arm32() implements Architecture {
    public static final int SP = 13;
    public static final int LR = 14;
    public static final int PC = 15;
    public static final int CPSR = 16;

    private static final List<String> NAMES = List.of(
            "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "cpsr");

    @Override
    public String label() {
        return "arm";
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

    /** r11 in A32 code; T32 code uses r7. */
    @Override
    public int framePointer() {
        return 11;
    }

    /** GCC and LLVM disagree about it, and in T32 code it is another register: exception tables are there instead. */
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

    /** Odd in T32 code, a multiple of four in A32 code. */
    @Override
    public boolean mayBeReturnAddress(long word) {
        return (word & 3) != 2;
    }

    @Override
    public boolean mayExecute(long address) {
        return true;
    }

    @Override
    public int callBytes() {
        return 4;
    }

    /** BL and BLX of either instruction set; the T32 forms overlap no A32 branch that occurs. */
    @Override
    public boolean endsWithCall(long before) {
        int first = (int) (before & 0xffff);
        int last = (int) (before >>> 16 & 0xffff);
        boolean bl = (first & 0xf800) == 0xf000 && (last & 0xd000) == 0xd000; // BL, T1
        boolean blx = (first & 0xf800) == 0xf000 && (last & 0xd001) == 0xc000; // BLX immediate, T2
        boolean blxRegister = (last & 0xff87) == 0x4780; // BLX register, T1
        return bl || blx || blxRegister || isCallA32(before);
    }

    /** BL, BLX immediate and BLX register of A32. */
    private static boolean isCallA32(long word) {
        boolean blx = (word & 0xfe00_0000L) == 0xfa00_0000L;
        boolean bl = (word & 0x0f00_0000L) == 0x0b00_0000L && (word & 0xf000_0000L) != 0xf000_0000L;
        return blx || bl || (word & 0x0fff_fff0L) == 0x012f_ff30L;
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        var thumb = ThumbInstruction.callTarget(returnAddress, before);
        if (thumb.isPresent()) {
            return thumb;
        }
        boolean bl = (before & 0x0f00_0000L) == 0x0b00_0000L;
        if (!bl || returnAddress % 4 != 0) {
            return OptionalLong.empty();
        }
        long offset = (before & 0xff_ffff) << 40 >> 38; // signed, in words
        return OptionalLong.of(returnAddress + 4 + offset & 0xffff_fffeL); // pc reads as the instruction's address + 8
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a new thread has it")
                : new ReturnToken.Address();
    }
}
