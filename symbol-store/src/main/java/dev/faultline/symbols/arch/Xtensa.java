package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Xtensa with register windows, little-endian. The numbers of a0 to a15 are those of DWARF; the others, which have none
 * there, follow.
 */
public record Xtensa() implements Architecture {
    public static final int A0 = 0;
    public static final int A1 = 1;
    public static final int PC = 16;
    public static final int PS = 17;
    public static final int SAR = 18;
    public static final int LBEG = 19;
    public static final int LEND = 20;
    public static final int LCOUNT = 21;

    /** What of a return address is the address; the two bits above it are the size of the call (ISA, CALL4 to CALL12). */
    public static final long ADDRESS_BITS = 0x3fff_ffffL;

    /** A call keeps within one of four regions of 1 GB; this says which. */
    private static final long REGION_BITS = 0xc000_0000L;

    /** Where all known chips have their code. */
    private static final long CODE_REGION = 0x4000_0000L;

    private static final List<String> NAMES = List.of(
            "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11", "a12", "a13", "a14", "a15", "pc",
            "ps", "sar", "lbeg", "lend", "lcount");

    /** Where a windowed return from code at {@code pc} goes. */
    public static long returnAddress(long a0, long pc) {
        return (a0 & ADDRESS_BITS) | (pc & REGION_BITS);
    }

    @Override
    public String label() {
        return "xtensa";
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
        return A1;
    }

    @Override
    public int linkRegister() {
        return A0;
    }

    @Override
    public int programCounter() {
        return PC;
    }

    @Override
    public int framePointer() {
        return 7;
    }

    /** The frames of the windowed ABI are chained through their save areas, whatever a7 is used for. */
    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.empty();
    }

    /** None: a function sees a window of its own, and its caller's comes out of the save area. */
    @Override
    public boolean isCalleeSaved(int register) {
        return false;
    }

    /** A return address with the size of the call in its two top bits, or an address as it is: all code is in one region. */
    @Override
    public long instructionAddress(long pointer) {
        return (pointer & ADDRESS_BITS) | CODE_REGION;
    }

    @Override
    public boolean mayBeReturnAddress(long word) {
        return word != 0;
    }

    @Override
    public boolean mayExecute(long address) {
        return (address & REGION_BITS) == CODE_REGION;
    }

    /** Every call has three bytes; the density option has no shorter one. */
    @Override
    public int callBytes() {
        return 3;
    }

    /** CALL0 to CALL12 (op0 5) and CALLX0 to CALLX12 (a QRST instruction with r 0 and m 3). */
    @Override
    public boolean endsWithCall(long before) {
        return isCall(before) || (before & 0xff_f0cf) == 0xc0;
    }

    private static boolean isCall(long instruction) {
        return (instruction & 0xf) == 5;
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        if (!isCall(before)) {
            return OptionalLong.empty();
        }
        long offset = before << 40 >> 46; // imm18, the upper bits of the three bytes
        long aligned = returnAddress - callBytes() & 0xffff_fffcL;
        return OptionalLong.of(aligned + (offset << 2) + 4 & 0xffff_ffffL);
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a new task has it")
                : new ReturnToken.Address();
    }
}
