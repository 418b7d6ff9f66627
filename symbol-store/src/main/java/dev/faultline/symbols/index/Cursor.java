package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads variable-length numbers of the index one after the other; short-lived, so that it costs no allocation. */
final class Cursor {
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

    long uleb() {
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

    long sleb() {
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
