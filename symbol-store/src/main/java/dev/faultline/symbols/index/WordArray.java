package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Records of one size in a mapped section, read in place: a word is an address as a distance from the base, or a size.
 *
 * @param width bytes of a word, 4 or 8
 * @param base what addresses count from
 * @param recordSize bytes from one record to the next
 */
record WordArray(MemorySegment bytes, int width, long base, int recordSize) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    int count() {
        return (int) (bytes.byteSize() / recordSize);
    }

    int u32(int index, int offset) {
        return bytes.get(INT, (long) index * recordSize + offset);
    }

    long word(int index, int offset) {
        long at = (long) index * recordSize + offset;
        return width == Integer.BYTES ? bytes.get(INT, at) & 0xffff_ffffL : bytes.get(LONG, at);
    }

    long address(int index, int offset) {
        return base + word(index, offset);
    }

    /**
     * The last record whose word at {@code offset} is at most {@code address}; -1: none. Halves without a branch that could
     * be guessed wrong.
     */
    int lastAtOrBelow(long address, int offset) {
        long distance = address - base;
        int left = count();
        if (left == 0
                || Long.compareUnsigned(address, base) < 0
                || Long.compareUnsigned(distance, word(0, offset)) < 0) {
            return -1;
        }
        int first = 0;
        while (left > 1) {
            int half = left >>> 1;
            int middle = first + half;
            first = Long.compareUnsigned(word(middle, offset), distance) <= 0 ? middle : first;
            left -= half;
        }
        return first;
    }
}
