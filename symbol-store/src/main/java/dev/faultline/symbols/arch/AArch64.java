package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * 64-bit Arm, little-endian. Register numbers as in AADWARF64; PSTATE, which has none there, is 33.
 *
 * @param authenticationMask the bits of a code pointer that hold its authentication code, where pointers are signed
 */
public record AArch64(long authenticationMask) implements Architecture {
    public static final int LR = 30;
    public static final int SP = 31;
    public static final int PC = 32;
    public static final int PSTATE = 33;

    /** With addresses of 48 bits: bits 48 to 54. Bit 55 tells user space from the kernel. */
    public static final long USUAL_MASK = 0x007f_0000_0000_0000L;

    private static final long KERNEL = 1L << 55;

    /** Bits 56 to 63: a tag, or more of the authentication code. */
    private static final long TOP_BYTE = 0xffL << 56;

    private static final List<String> NAMES = Stream.concat(
                    IntStream.rangeClosed(0, LR).mapToObj(number -> "x" + number), Stream.of("sp", "pc", "pstate"))
            .toList();

    /** A processor whose pointers have their code, if any, in the usual bits. */
    public AArch64() {
        this(USUAL_MASK);
    }

    @Override
    public String label() {
        return "aarch64";
    }

    @Override
    public ByteOrder byteOrder() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int wordBytes() {
        return 8;
    }

    @Override
    public List<String> registerNames() {
        return NAMES;
    }

    @Override
    public int debugRegisters() {
        return 33; // 33 is ELR_mode
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

    @Override
    public int framePointer() {
        return 29;
    }

    /** AAPCS64, "The Frame Pointer"; where in its frame a function keeps the record, it may choose. */
    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.of(new FrameRecord(0, 8, 16));
    }

    @Override
    public boolean isCalleeSaved(int register) {
        return register >= 19 && register <= 29;
    }

    /** Without its authentication code: what XPACI leaves. */
    @Override
    public long instructionAddress(long pointer) {
        return (pointer & KERNEL) == 0
                ? pointer & ~(authenticationMask | TOP_BYTE)
                : pointer | authenticationMask | TOP_BYTE;
    }

    @Override
    public boolean mayBeReturnAddress(long word) {
        return (word & 3) == 0;
    }

    @Override
    public boolean mayExecute(long address) {
        return true;
    }

    @Override
    public int callBytes() {
        return 4;
    }

    /** BL, BLR, and BLRAA, BLRAB, BLRAAZ and BLRABZ, which authenticate first. */
    @Override
    public boolean endsWithCall(long before) {
        return isBranchWithLink(before)
                || (before & 0xffff_fc1fL) == 0xd63f_0000L
                || (before & 0xfeff_f800L) == 0xd63f_0800L;
    }

    private static boolean isBranchWithLink(long instruction) {
        return (instruction & 0xfc00_0000L) == 0x9400_0000L;
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        long offset = (before & 0x3ff_ffff) << 38 >> 36; // signed, in words
        return isBranchWithLink(before) ? OptionalLong.of(returnAddress - 4 + offset) : OptionalLong.empty();
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a new thread has it")
                : new ReturnToken.Address();
    }
}
