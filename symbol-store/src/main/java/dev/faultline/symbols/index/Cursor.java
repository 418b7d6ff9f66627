package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads variable-length numbers of the index one after the other; short-lived, so that it costs no allocation. */
final class Cursor {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Stands for a word that is not there: none of its bytes ends a number. */
    private static final int LONGER = -1;

    /** Of a number of 64 bits. */
    private static final int MOST_BYTES = 10;

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
        long at = position;
        int word = at <= bytes.byteSize() - Integer.BYTES ? bytes.get(WORD, at) : LONGER;
        int ends = ~word & 0x8080_8080;
        if (ends == 0) {
            int length = length(bytes, at);
            position = at + length;
            return unsigned(bytes, at, length);
        }
        position = at + ((Integer.numberOfTrailingZeros(ends) + 1) >>> 3);
        return groups(word & (ends ^ (ends - 1)));
    }

    long sleb() {
        long at = position;
        int word = at <= bytes.byteSize() - Integer.BYTES ? bytes.get(WORD, at) : LONGER;
        int ends = ~word & 0x8080_8080;
        if (ends == 0) {
            int length = length(bytes, at);
            position = at + length;
            return signed(bytes, at, length);
        }
        int count = (Integer.numberOfTrailingZeros(ends) + 1) >>> 3;
        position = at + count;
        int unused = Integer.SIZE - 7 * count;
        return (long) (groups(word & (ends ^ (ends - 1))) << unused >> unused);
    }

    /** Seven bits of each byte. */
    private static int groups(int word) {
        return (word & 0x7f) | (word >>> 1 & 0x3f80) | (word >>> 2 & 0x1f_c000) | (word >>> 3 & 0xfe0_0000);
    }

    /** Static, as are the two below: a cursor that is handed to code that is not inlined would have to be allocated. */
    private static int length(MemorySegment bytes, long at) {
        int length = 1;
        while (length < MOST_BYTES && bytes.get(ValueLayout.JAVA_BYTE, at + length - 1) < 0) {
            length++;
        }
        return length;
    }

    private static long unsigned(MemorySegment bytes, long at, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (long) (bytes.get(ValueLayout.JAVA_BYTE, at + i) & 0x7f) << (7 * i);
        }
        return value;
    }

    private static long signed(MemorySegment bytes, long at, int length) {
        int unused = Math.max(0, Long.SIZE - 7 * length);
        return (unsigned(bytes, at, length) << unused) >> unused;
    }
}
