package dev.faultline.symbols.arch;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a Thumb instruction does to memory and to the flow, as far as a crash needs it (ARMv7-M A5).
 *
 * @param access whether it loads, stores or does neither
 * @param bytes 2 or 4
 */
public record ThumbInstruction(Access access, int bytes) {
    /** STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH. */
    private static final int[] INDEXED_BYTES = {4, 2, 1, 1, 4, 2, 1, 2};

    /** What an instruction does to memory. */
    public enum Access {
        LOAD,
        STORE,
        NONE
    }

    /** What an access reaches: its address and its bytes (of each word, where there are several). */
    public record Accessed(long address, int bytes) {

        public boolean isUnaligned() {
            return address % bytes != 0;
        }
    }

    /**
     * What a 16-bit load or store with a register and an offset reaches (ARMv6-M A5.2.4), from the registers right
     * before it; empty for any other instruction, and where a register is not known.
     */
    public static Optional<Accessed> accessed(int halfword, Registers registers) {
        var base = registers.get(halfword >>> 3 & 7);
        var index = registers.get(halfword >>> 6 & 7);
        int offset = halfword >>> 6 & 0x1f;
        return switch (halfword >>> 12) {
            case 0x5 -> sum(base, index).map(address -> new Accessed(address, INDEXED_BYTES[halfword >>> 9 & 7]));
            case 0x6 -> sum(base, OptionalLong.of(4L * offset)).map(address -> new Accessed(address, 4));
            case 0x7 -> sum(base, OptionalLong.of(offset)).map(address -> new Accessed(address, 1));
            case 0x8 -> sum(base, OptionalLong.of(2L * offset)).map(address -> new Accessed(address, 2));
            default -> Optional.empty();
        };
    }

    private static Optional<Long> sum(OptionalLong base, OptionalLong offset) {
        return base.isPresent() && offset.isPresent()
                ? Optional.of((base.getAsLong() + offset.getAsLong()) & 0xffff_ffffL)
                : Optional.empty();
    }

    /**
     * Decodes the instruction whose first halfword is {@code first}; {@code second} only matters for a 32-bit one.
     */
    public static ThumbInstruction decode(int first, int second) {
        return is32Bit(first)
                ? new ThumbInstruction(access32(first, second), 4)
                : new ThumbInstruction(access16(first), 2);
    }

    /** Whether a halfword begins a 32-bit instruction (A5.1). */
    public static boolean is32Bit(int first) {
        return (first & 0xf800) >= 0xe800;
    }

    /** Where a branch that is no call goes; empty for any other instruction. */
    public static OptionalLong branchTarget(long address, int first, int second) {
        long base = address + 4;
        if (isBranch(first)) {
            return OptionalLong.of(base + signed((first & 0x7ff) << 1, 12));
        }
        if ((first & 0xf000) == 0xd000 && (first & 0x0f00) < 0x0e00) { // B<c>, T1
            return OptionalLong.of(base + signed((first & 0xff) << 1, 9));
        }
        if ((first & 0xf800) == 0xf000 && (second & 0xd000) == 0x8000 && (first & 0x0380) != 0x0380) { // B<c>.W, T3
            int offset = (first & 0x3f) << 12 | (second & 0x7ff) << 1;
            offset |= bit(second, 13) << 18 | bit(second, 11) << 19 | bit(first, 10) << 20;
            return OptionalLong.of(base + signed(offset, 21));
        }
        if (isWideBranch(first, second)) {
            return OptionalLong.of(base + wideOffset(first, second));
        }
        if ((first & 0xf500) == 0xb100) { // CBZ, CBNZ
            return OptionalLong.of(base + ((first >>> 3 & 0x1f) << 1 | bit(first, 9) << 6));
        }
        return OptionalLong.empty();
    }

    /** B, T2. */
    private static boolean isBranch(int first) {
        return (first & 0xf800) == 0xe000;
    }

    /** B.W, T4. */
    private static boolean isWideBranch(int first, int second) {
        return (first & 0xf800) == 0xf000 && (second & 0xd000) == 0x9000;
    }

    /** Whether it branches through a table in the code: TBB, TBH. */
    public static boolean isTableBranch(int first, int second) {
        return (first & 0xfff0) == 0xe8d0 && (second & 0xffe0) == 0xf000;
    }

    /** Whether the next instruction may follow, unless an IT block makes this one conditional. */
    public static boolean goesOn(int first, int second) {
        return !isBranch(first) && !isWideBranch(first, second) && !isReturn(first, second);
    }

    /** How many instructions an IT makes conditional; 0 for any other instruction (ARMv7-M A7.7.38). */
    public static int conditionalAfter(int halfword) {
        int mask = halfword & 0xf;
        return (halfword & 0xff00) == 0xbf00 && mask != 0 ? 4 - Integer.numberOfTrailingZeros(mask) : 0;
    }

    /** Whether it loads the pc from the stack or branches to a register, as returns and tail calls do. */
    public static boolean isReturn(int first, int second) {
        boolean pop = (first & 0xff00) == 0xbd00;
        boolean branchToRegister = (first & 0xff87) == 0x4700; // BX
        boolean popWide = first == 0xe8bd && (second & 0x8000) != 0; // LDMIA.W sp!, {…, pc}
        boolean loadPc = first == 0xf85d && (second & 0xf000) == 0xf000; // LDR pc, [sp], #4
        return pop || branchToRegister || popWide || loadPc;
    }

    /** Where the BL that ends before {@code returnAddress} goes; empty for a call through a register. */
    public static OptionalLong callTarget(long returnAddress, long before) {
        int first = (int) (before & 0xffff);
        int second = (int) (before >>> 16 & 0xffff);
        boolean bl = (first & 0xf800) == 0xf000 && (second & 0xd000) == 0xd000;
        return bl ? OptionalLong.of(returnAddress + wideOffset(first, second) & 0xffff_fffeL) : OptionalLong.empty();
    }

    /** S:I1:I2:imm10:imm11:0, where I = NOT(J EOR S) (B T4, BL T1). */
    private static long wideOffset(int first, int second) {
        int sign = bit(first, 10);
        int i1 = 1 ^ bit(second, 13) ^ sign;
        int i2 = 1 ^ bit(second, 11) ^ sign;
        int offset = sign << 24 | i1 << 23 | i2 << 22 | (first & 0x3ff) << 12 | (second & 0x7ff) << 1;
        return signed(offset, 25);
    }

    private static Access access16(int halfword) {
        return switch (halfword >>> 12) {
            case 0x4 -> (halfword & 0x0800) != 0 ? Access.LOAD : Access.NONE; // LDR literal
            case 0x5 -> (halfword >>> 9 & 7) < 3 ? Access.STORE : Access.LOAD; // register offset
            case 0x6, 0x7, 0x8, 0x9, 0xc -> (halfword & 0x0800) != 0 ? Access.LOAD : Access.STORE;
            case 0xb ->
                (halfword & 0x0600) == 0x0400
                        ? (halfword & 0x0800) != 0 ? Access.LOAD : Access.STORE // POP, PUSH
                        : Access.NONE;
            default -> Access.NONE;
        };
    }

    private static Access access32(int first, int second) {
        boolean load = (first & 1 << 4) != 0;
        if ((first & 0xfe00) == 0xe800) { // load/store multiple, dual, exclusive, table branch (TBB reads as a load)
            return load ? Access.LOAD : Access.STORE;
        }
        if ((first & 0xfe00) == 0xf800) { // single load and store
            return load ? Access.LOAD : Access.STORE;
        }
        boolean extension = (first & 0xee00) == 0xec00 && (second & 0x0e00) == 0x0a00; // FP load and store
        return extension ? load ? Access.LOAD : Access.STORE : Access.NONE;
    }

    private static int bit(int halfword, int bit) {
        return halfword >>> bit & 1;
    }

    private static long signed(int value, int bits) {
        return (long) value << (64 - bits) >> (64 - bits);
    }
}
