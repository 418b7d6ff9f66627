package dev.faultline.symbols.arch;

import java.util.Optional;
import java.util.OptionalInt;

/** Decodes the operand of a Thumb load or store (ARMv7-M A5.2.4, A5.3.5 to A5.3.10, A6.5): 16 and 32 bits. */
public final class ThumbOperand {
    /** STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH. */
    private static final int[] INDEXED_BYTES = {4, 2, 1, 1, 4, 2, 1, 2};

    private ThumbOperand() {}

    /** Empty for any other instruction; {@code second} only matters for a 32-bit one. */
    public static Optional<MemoryOperand> of(int first, int second) {
        return ThumbInstruction.is32Bit(first) ? wide(first, second) : narrow(first);
    }

    private static Optional<MemoryOperand> narrow(int halfword) {
        int base = halfword >>> 3 & 7;
        int offset = halfword >>> 6 & 0x1f;
        boolean load = (halfword & 0x0800) != 0;
        return switch (halfword >>> 12) {
            case 0x4 ->
                (halfword & 0xf800) == 0x4800
                        ? Optional.of(MemoryOperand.of(false, 4, ArmCortexM.PC, 4L * (halfword & 0xff)))
                        : Optional.empty();
            case 0x5 -> {
                int operation = halfword >>> 9 & 7;
                yield Optional.of(new MemoryOperand(
                        operation < 3, INDEXED_BYTES[operation], base, OptionalInt.of(halfword >>> 6 & 7), 0, 0));
            }
            case 0x6 -> Optional.of(MemoryOperand.of(!load, 4, base, 4L * offset));
            case 0x7 -> Optional.of(MemoryOperand.of(!load, 1, base, offset));
            case 0x8 -> Optional.of(MemoryOperand.of(!load, 2, base, 2L * offset));
            case 0x9 -> Optional.of(MemoryOperand.of(!load, 4, ArmCortexM.SP, 4L * (halfword & 0xff)));
            case 0xb -> {
                int count = Integer.bitCount(halfword & 0x1ff);
                yield (halfword & 0x0600) != 0x0400
                        ? Optional.empty()
                        : Optional.of(MemoryOperand.of(!load, 4 * count, ArmCortexM.SP, load ? 0 : -4L * count));
            }
            case 0xc ->
                Optional.of(MemoryOperand.of(!load, 4 * Integer.bitCount(halfword & 0xff), halfword >>> 8 & 7, 0));
            default -> Optional.empty();
        };
    }

    private static Optional<MemoryOperand> wide(int first, int second) {
        boolean load = (first & 0x10) != 0;
        int base = first & 0xf;
        if ((first & 0xfe00) == 0xf800) {
            return single(first, second, load, base);
        }
        if ((first & 0xfe40) == 0xe800) { // LDM, STM, of which DB goes down
            int count = Integer.bitCount(second);
            boolean before = (first & 0x0100) != 0;
            return Optional.of(MemoryOperand.of(!load, 4 * count, base, before ? -4L * count : 0));
        }
        if ((first & 0xfe40) == 0xe840) {
            return dualOrExclusive(first, second, load, base);
        }
        if ((first & 0xee00) == 0xec00 && (second & 0x0e00) == 0x0a00) {
            return floats(first, second, load, base);
        }
        return Optional.empty();
    }

    private static Optional<MemoryOperand> single(int first, int second, boolean load, int base) {
        int size = 1 << (first >>> 5 & 3);
        if (size > 4) {
            return Optional.empty();
        }
        if (base == ArmCortexM.PC) { // literal
            long offset = second & 0xfff;
            return Optional.of(MemoryOperand.of(!load, size, base, (first & 0x80) != 0 ? offset : -offset));
        }
        if ((first & 0x80) != 0) {
            return Optional.of(MemoryOperand.of(!load, size, base, second & 0xfff));
        }
        if ((second & 0x0800) != 0) { // 8 bits, up or down, before or after
            long offset = second & 0xff;
            boolean indexed = (second & 0x0400) != 0;
            long reached = indexed ? (second & 0x0200) != 0 ? offset : -offset : 0;
            return Optional.of(MemoryOperand.of(!load, size, base, reached));
        }
        if ((second & 0x0fc0) == 0) {
            return Optional.of(new MemoryOperand(!load, size, base, OptionalInt.of(second & 0xf), second >>> 4 & 3, 0));
        }
        return Optional.empty();
    }

    private static Optional<MemoryOperand> dualOrExclusive(int first, int second, boolean load, int base) {
        boolean indexedOrWritten = (first & 0x0120) != 0;
        if (indexedOrWritten) { // LDRD, STRD
            long offset = 4L * (second & 0xff);
            boolean before = (first & 0x0100) != 0;
            long reached = before ? (first & 0x0080) != 0 ? offset : -offset : 0;
            return Optional.of(MemoryOperand.of(!load, 8, base, reached));
        }
        if ((first & 0x0080) == 0) { // LDREX, STREX
            return Optional.of(MemoryOperand.of(!load, 4, base, 4L * (second & 0xff)));
        }
        int operation = second >>> 4 & 0xf;
        return switch (operation) {
            case 0x0 -> Optional.of(new MemoryOperand(false, 1, base, OptionalInt.of(second & 0xf), 0, 0)); // TBB
            case 0x1 -> Optional.of(new MemoryOperand(false, 2, base, OptionalInt.of(second & 0xf), 1, 0)); // TBH
            case 0x4, 0x8, 0xc -> Optional.of(MemoryOperand.of(!load, 1, base, 0)); // LDREXB, LDAB, LDAEXB and stores
            case 0x5, 0x9, 0xd -> Optional.of(MemoryOperand.of(!load, 2, base, 0));
            case 0xa, 0xe -> Optional.of(MemoryOperand.of(!load, 4, base, 0));
            default -> Optional.empty();
        };
    }

    private static Optional<MemoryOperand> floats(int first, int second, boolean load, int base) {
        boolean before = (first & 0x0100) != 0;
        boolean up = (first & 0x0080) != 0;
        boolean written = (first & 0x0020) != 0;
        int words = second & 0xff;
        if (before && !written) { // VLDR, VSTR
            long offset = 4L * words;
            return Optional.of(MemoryOperand.of(!load, (second & 0x0100) != 0 ? 8 : 4, base, up ? offset : -offset));
        }
        if (!before && !up) {
            return Optional.empty(); // moves between registers
        }
        return Optional.of(
                MemoryOperand.of(!load, 4 * words, base, before ? -4L * words : 0)); // VLDM, VSTM, VPUSH, VPOP
    }
}
