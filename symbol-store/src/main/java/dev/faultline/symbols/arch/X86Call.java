package dev.faultline.symbols.arch;

import java.util.OptionalLong;

/** What a near CALL of x86 looks like from behind (SDM volume 2, "CALL"). */
final class X86Call {
    /** The longest form without a prefix: FF /2 with a SIB byte and a displacement of 32 bits. */
    static final int BYTES = 7;

    private X86Call() {}

    /** Whether seven bytes, the last of them the most significant, end with CALL rel32 or CALL r/m. */
    static boolean endsWithCall(long before) {
        if (at(before, 5) == 0xe8) {
            return true;
        }
        for (int length = 2; length <= BYTES; length++) {
            if (at(before, length) == 0xff && indirectBytes(at(before, length - 1), at(before, length - 2)) == length) {
                return true;
            }
        }
        return false;
    }

    static OptionalLong target(long returnAddress, long before) {
        return at(before, 5) == 0xe8
                ? OptionalLong.of(returnAddress + (int) (before >>> 24))
                : OptionalLong.empty();
    }

    /** How long FF /2 with this ModRM byte is; 0 when it is another instruction. */
    private static int indirectBytes(int modRm, int next) {
        if ((modRm & 0x38) != 0x10) {
            return 0;
        }
        int mode = modRm >>> 6;
        boolean hasSib = mode != 3 && (modRm & 7) == 4;
        boolean isAbsolute = mode == 0 && ((modRm & 7) == 5 || (hasSib && (next & 7) == 5));
        int displacement = mode == 1 ? 1 : mode == 2 || isAbsolute ? 4 : 0;
        return 2 + (hasSib ? 1 : 0) + displacement;
    }

    /** The byte that lies {@code back} bytes before the end. */
    private static int at(long before, int back) {
        return (int) (before >>> 8 * (BYTES - back)) & 0xff;
    }
}
