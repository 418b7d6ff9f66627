package dev.faultline.symbols.bytes;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes of any size as a stream: a ByteBuffer ends at 2 GiB. */
public final class SegmentInputStream extends InputStream {
    private final MemorySegment bytes;
    private long position;

    public SegmentInputStream(MemorySegment bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        return position == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        long left = bytes.byteSize() - position;
        if (left == 0) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(left, length);
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, into, offset, count);
        position += count;
        return count;
    }
}
