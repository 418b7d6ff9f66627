package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads variable-length numbers of the index one after the other; short-lived, so that it costs no allocation. */
final class Cursor {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private long position;

    Cursor(MemorySegment bytes, long position) {
        this.bytes = bytes;
        this.position = position;
    }

    long position() {
        return position;
    }

    void skip(long count) {
        position += count;
    }

    int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    /** Without a branch on the length, which no processor could guess: nearly all numbers have one to four bytes. */
    long uleb() {
        if (position > bytes.byteSize() - Integer.BYTES) {
            return byBytes();
        }
        int word = bytes.get(WORD, position);
        int ends = ~word & 0x8080_8080;
        if (ends == 0) {
            return byBytes();
        }
        position += (Integer.numberOfTrailingZeros(ends) + 1) >>> 3;
        return groups(word & (ends ^ (ends - 1)));
    }

    long sleb() {
        if (position > bytes.byteSize() - Integer.BYTES) {
            return signedByBytes();
        }
        int word = bytes.get(WORD, position);
        int ends = ~word & 0x8080_8080;
        if (ends == 0) {
            return signedByBytes();
        }
        int count = (Integer.numberOfTrailingZeros(ends) + 1) >>> 3;
        position += count;
        int unused = Integer.SIZE - 7 * count;
        return (long) (groups(word & (ends ^ (ends - 1))) << unused >> unused);
    }

    /** Seven bits of each byte. */
    private static int groups(int word) {
        return (word & 0x7f) | (word >>> 1 & 0x3f80) | (word >>> 2 & 0x1f_c000) | (word >>> 3 & 0xfe0_0000);
    }

    private long byBytes() {
        long value = 0;
        int shift = 0;
        byte group;
        do {
            group = bytes.get(ValueLayout.JAVA_BYTE, position++);
            value |= (long) (group & 0x7f) << shift;
            shift += 7;
        } while (group < 0);
        return value;
    }

    private long signedByBytes() {
        long value = 0;
        int shift = 0;
        byte group;
        do {
            group = bytes.get(ValueLayout.JAVA_BYTE, position++);
            value |= (long) (group & 0x7f) << shift;
            shift += 7;
        } while (group < 0);
        return shift < Long.SIZE && (group & 0x40) != 0 ? value | -1L << shift : value;
    }
}
