package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * RISC-V with 32 or 64 bits, little-endian, with or without compressed instructions. Register numbers as in its psABI; pc,
 * which has none there, is 32.
 *
 * @param wordBytes XLEN in bytes: 4 or 8
 */
public record RiscV(int wordBytes) implements Architecture {
    public static final int RA = 1;
    public static final int SP = 2;
    public static final int PC = 32;

    private static final List<String> NAMES = List.of(
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
            "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6", "pc");

    public RiscV {
        if (wordBytes != 4 && wordBytes != 8) {
            throw new IllegalArgumentException("XLEN of %d bytes".formatted(wordBytes));
        }
    }

    @Override
    public String label() {
        return wordBytes == 4 ? "riscv32" : "riscv64";
    }

    @Override
    public ByteOrder byteOrder() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public List<String> registerNames() {
        return NAMES;
    }

    @Override
    public int debugRegisters() {
        return 32; // 32 is f0
    }

    @Override
    public int stackPointer() {
        return SP;
    }

    @Override
    public int linkRegister() {
        return RA;
    }

    @Override
    public int programCounter() {
        return PC;
    }

    @Override
    public int framePointer() {
        return 8;
    }

    /** The frame pointer is the caller's stack pointer; ra and the caller's s0 lie right below it. */
    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.of(new FrameRecord(-2 * wordBytes, -wordBytes, 0));
    }

    /** s0 to s11; gp and tp, which no function changes. */
    @Override
    public boolean isCalleeSaved(int register) {
        return register == 3 || register == 4 || register == 8 || register == 9 || (register >= 18 && register <= 27);
    }

    @Override
    public long instructionAddress(long pointer) {
        return pointer & (wordBytes == 4 ? 0xffff_fffeL : -2L);
    }

    @Override
    public boolean mayBeReturnAddress(long word) {
        return (word & 1) == 0;
    }

    @Override
    public boolean mayExecute(long address) {
        return true;
    }

    @Override
    public int callBytes() {
        return 4;
    }

    /** JAL and JALR with the link register ra, C.JALR, and C.JAL of RV32. */
    @Override
    public boolean endsWithCall(long before) {
        int last = (int) (before >>> 16 & 0xffff);
        boolean jalr = (before & 0x7fff) == 0x00e7;
        boolean compressedJalr = (last & 0xf07f) == 0x9002 && (last >>> 7 & 0x1f) != 0;
        return isJal(before) || jalr || compressedJalr || isCompressedJal(last);
    }

    private static boolean isJal(long instruction) {
        return (instruction & 0xfff) == 0x0ef;
    }

    private boolean isCompressedJal(int halfword) {
        return wordBytes == 4 && (halfword & 0xe003) == 0x2001;
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        int last = (int) (before >>> 16 & 0xffff);
        if (isJal(before)) {
            return OptionalLong.of(word(returnAddress - 4 + jalOffset((int) before)));
        }
        return isCompressedJal(last)
                ? OptionalLong.of(word(returnAddress - 2 + compressedJalOffset(last)))
                : OptionalLong.empty();
    }

    /** imm[20|10:1|11|19:12] of the J format. */
    private static long jalOffset(int instruction) {
        int offset = bits(instruction, 31, 1) << 20
                | bits(instruction, 12, 8) << 12
                | bits(instruction, 20, 1) << 11
                | bits(instruction, 21, 10) << 1;
        return (long) offset << 43 >> 43;
    }

    /** offset[11|4|9:8|10|6|7|3:1|5] of the CJ format. */
    private static long compressedJalOffset(int halfword) {
        int offset = bits(halfword, 12, 1) << 11
                | bits(halfword, 11, 1) << 4
                | bits(halfword, 9, 2) << 8
                | bits(halfword, 8, 1) << 10
                | bits(halfword, 7, 1) << 6
                | bits(halfword, 6, 1) << 7
                | bits(halfword, 3, 3) << 1
                | bits(halfword, 2, 1) << 5;
        return (long) offset << 52 >> 52;
    }

    private static int bits(int word, int from, int count) {
        return word >>> from & (1 << count) - 1;
    }

    private long word(long value) {
        return wordBytes == 4 ? value & 0xffff_ffffL : value;
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a reset or a new thread leaves it")
                : new ReturnToken.Address();
    }
}
