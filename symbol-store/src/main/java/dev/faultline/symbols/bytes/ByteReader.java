package dev.faultline.symbols.bytes;

import com.google.errorprone.annotations.FormatMethod;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a named region of a file, forwards. Every read is checked against the region's end, and every error says the
 * region's name, its place in the file and how far the reader got: {@code program header at 0x34+0x18: …}. Not safe for
 * use by several threads; {@link #slice} and {@link #copy} give readers of their own.
 */
public final class ByteReader {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT_LITTLE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_BIG =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_LITTLE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_BIG = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_LITTLE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String name;
    private final long place;
    private final MemorySegment bytes;
    private final boolean little;
    private long position;

    private ByteReader(String name, long place, MemorySegment bytes, boolean little) {
        this.name = name;
        this.place = place;
        this.bytes = bytes;
        this.little = little;
    }

    /** A little-endian reader of a whole file or buffer. */
    public static ByteReader of(String name, MemorySegment bytes) {
        return new ByteReader(name, 0, bytes, true);
    }

    /** A little-endian reader of a whole buffer. */
    public static ByteReader of(String name, byte[] bytes) {
        return of(name, MemorySegment.ofArray(bytes));
    }

    /** The same region from the same position, in the other byte order where that differs. */
    public ByteReader order(ByteOrder order) {
        var reader = new ByteReader(name, place, bytes, order == ByteOrder.LITTLE_ENDIAN);
        reader.position = position;
        return reader;
    }

    public ByteOrder order() {
        return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** A region inside this one; {@code offset} counts from this region's start, whatever has been read. */
    public ByteReader slice(String name, long offset, long size) {
        if (offset < 0 || size < 0 || offset > size() || size > size() - offset) {
            throw error("%s at +0x%x of 0x%x bytes lies outside its 0x%x bytes", name, offset, size, size());
        }
        return new ByteReader(name, place + offset, bytes.asSlice(offset, size), little);
    }

    /** The region of the next {@code size} bytes, which this reader then has behind it. */
    public ByteReader take(String name, long size) {
        need(size);
        var taken = slice(name, position, size);
        position += size;
        return taken;
    }

    /** An independent reader of the same region at the same position. */
    public ByteReader copy() {
        return order(order());
    }

    public String name() {
        return name;
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    /** Bytes of the whole region. */
    public long size() {
        return bytes.byteSize();
    }

    public long remaining() {
        return size() - position;
    }

    public boolean hasRemaining() {
        return remaining() > 0;
    }

    /** Goes to {@code offset} of the region; its end is allowed. */
    public ByteReader seek(long offset) {
        if (offset < 0 || offset > size()) {
            throw error("offset 0x%x lies outside its 0x%x bytes", offset, size());
        }
        position = offset;
        return this;
    }

    public void skip(long count) {
        need(count);
        position += count;
    }

    /** Skips up to the next multiple of {@code alignment} (a power of two), or to the end. */
    public void align(int alignment) {
        position = Math.min(size(), (position + alignment - 1) & -alignment);
    }

    public int u8() {
        need(1);
        return bytes.get(BYTE, position++) & 0xff;
    }

    public byte i8() {
        need(1);
        return bytes.get(BYTE, position++);
    }

    public int u16() {
        need(2);
        short value = bytes.get(little ? SHORT_LITTLE : SHORT_BIG, position);
        position += 2;
        return value & 0xffff;
    }

    /** Three bytes: indices of the DWARF forms strx3 and addrx3 only. */
    public int u24() {
        int first = u8();
        int middle = u8();
        int last = u8();
        return little ? first | middle << 8 | last << 16 : first << 16 | middle << 8 | last;
    }

    public int i32() {
        need(4);
        int value = bytes.get(little ? INT_LITTLE : INT_BIG, position);
        position += 4;
        return value;
    }

    public long u32() {
        return i32() & 0xffff_ffffL;
    }

    /** Eight bytes; values above 2^63-1 come out negative. */
    public long u64() {
        need(8);
        long value = bytes.get(little ? LONG_LITTLE : LONG_BIG, position);
        position += 8;
        return value;
    }

    /** An unsigned integer of 1, 2, 4 or 8 bytes, as addresses and offsets are. */
    public long unsigned(int size) {
        return switch (size) {
            case 1 -> u8();
            case 2 -> u16();
            case 4 -> u32();
            case 8 -> u64();
            default -> throw error("an integer of %d bytes", size);
        };
    }

    /** ULEB128, DWARF 5, 7.6; more than 64 bits are an error, redundant zero groups are not. */
    public long uleb() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int group = u8();
            int bits = group & 0x7f;
            if (shift >= 64 ? bits != 0 : shift == 63 && bits > 1) {
                throw error("ULEB128 of more than 64 bits");
            }
            if (shift < 64) {
                value |= (long) bits << shift;
            }
            if ((group & 0x80) == 0) {
                return value;
            }
        }
    }

    /** SLEB128, DWARF 5, 7.6; bits above the 64th are sign bits only. */
    public long sleb() {
        long value = 0;
        int shift = 0;
        int group;
        do {
            group = u8();
            if (shift < 64) {
                value |= (long) (group & 0x7f) << shift;
            }
            shift += 7;
        } while ((group & 0x80) != 0);
        return shift < 64 && (group & 0x40) != 0 ? value | -1L << shift : value;
    }

    /** UTF-8 up to a NUL, which is read as well. */
    public String string(Limits limits) {
        long end = position;
        long last = Math.min(size(), position + limits.stringBytes());
        while (end < last && bytes.get(BYTE, end) != 0) {
            end++;
        }
        if (end == last) {
            throw error("string without an end in its 0x%x bytes", end - position);
        }
        byte[] text = new byte[(int) (end - position)];
        MemorySegment.copy(bytes, BYTE, position, text, 0, text.length);
        position = end + 1;
        return new String(text, StandardCharsets.UTF_8);
    }

    public byte[] bytes(int count) {
        need(count);
        byte[] copy = bytes.asSlice(position, count).toArray(BYTE);
        position += count;
        return copy;
    }

    /** The region itself, for a search or a bulk copy. */
    public MemorySegment segment() {
        return bytes;
    }

    /** An error at the place reached; {@code format} as in {@link String#format}. */
    @FormatMethod
    public FormatException error(String format, Object... arguments) {
        return new FormatException("%s at 0x%x+0x%x: %s".formatted(name, place, position, format.formatted(arguments)));
    }

    private void need(long count) {
        if (count < 0 || count > remaining()) {
            throw error("needs 0x%x bytes, 0x%x left", count, remaining());
        }
    }
}
