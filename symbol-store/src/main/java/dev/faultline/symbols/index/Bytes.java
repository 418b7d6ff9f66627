package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes of a section of the index while it is built, little-endian. */
final class Bytes {
    /** Java's longest array, a little rounded down. */
    private static final int MOST = Integer.MAX_VALUE - 64;

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    /** Bytes of the longest number of variable length. */
    private static final int MOST_LEB = 10;

    private byte[] bytes = new byte[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** Forgets the contents and keeps the room. */
    void clear() {
        size = 0;
    }

    void u8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void u16(int value) {
        reserve(Short.BYTES);
        SHORT.set(bytes, size, (short) value);
        size += Short.BYTES;
    }

    void u32(long value) {
        reserve(Integer.BYTES);
        INT.set(bytes, size, (int) value);
        size += Integer.BYTES;
    }

    void u64(long value) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** A whole number of {@code width} 4 or 8 bytes. */
    void word(long value, int width) {
        if (width == Integer.BYTES) {
            u32(value);
        } else {
            u64(value);
        }
    }

    void uleb(long value) {
        reserve(MOST_LEB);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    void sleb(long value) {
        reserve(MOST_LEB);
        long left = value;
        while (left < -0x40 || left > 0x3f) {
            bytes[size++] = (byte) (left | 0x80);
            left >>= 7;
        }
        bytes[size++] = (byte) (left & 0x7f);
    }

    void bytes(byte[] from) {
        bytes(from, 0, from.length);
    }

    void bytes(Bytes from) {
        bytes(from.bytes, 0, from.size);
    }

    void bytes(Bytes from, int offset, int length) {
        bytes(from.bytes, offset, length);
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
    }

    void bytes(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
    }

    private void reserve(int count) {
        if (count > bytes.length - size) {
            if (count > MOST - size) {
                throw new FormatException("a section of the index would exceed %d bytes".formatted(MOST));
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(size + (long) count, bytes.length * 2L)));
        }
    }
}
