package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Texts where they stand in the sections, and those that no section has: names with what is around them. A handle is the
 * kind of section (3 bits), the number of the file (20) and the offset (40).
 */
final class SectionTexts implements DebugTexts {
    static final int STRINGS = 1;
    static final int LINE_STRINGS = 2;
    static final int INFO = 3;
    static final int TYPES = 4;
    static final int LINES = 5;
    private static final int COMPOSED = 6;

    private static final int FILE_AT = 40;
    private static final int KIND_AT = 60;
    private static final int MOST_FILES = 1 << (KIND_AT - FILE_AT);
    private static final long MOST_BYTES = 1L << FILE_AT;

    /** All composed names together: they are on the heap, and a nest of scopes with long names makes them of little. */
    private static final long MOST_COMPOSED_CHARACTERS = 32L << 20;

    /** Texts up to this long are read as often as somebody asks. */
    private static final int USUAL_BYTES = 1 << 12;

    /** What all longer ones together may take: many handles may point into one huge text. */
    private static final long MOST_LONG_BYTES = 4L << 30;

    /** The lowest bit of each byte, and the highest: which byte of a word is zero. */
    private static final long LOWEST = 0x0101_0101_0101_0101L;

    private static final long HIGHEST = 0x8080_8080_8080_8080L;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int stringBytes;
    private final AtomicLong longBytesLeft = new AtomicLong(MOST_LONG_BYTES);

    /** Replaced as a whole for each further file. */
    private volatile DebugFile[] files = {};

    private final Map<String, Long> composedHandles = new HashMap<>();
    private final List<String> composed = new ArrayList<>();
    private long composedCharacters;

    SectionTexts(Limits limits) {
        this.stringBytes = limits.stringBytes();
    }

    /** The number that a further file has in handles. */
    synchronized int nextFile(ByteReader at) {
        if (files.length == MOST_FILES) {
            throw at.error("more than %d files of debugging information", MOST_FILES);
        }
        return files.length;
    }

    synchronized void add(DebugFile file) {
        var more = new DebugFile[files.length + 1];
        System.arraycopy(files, 0, more, 0, files.length);
        more[files.length] = file;
        files = more;
    }

    /** The handle of a text at an offset; {@link #NONE} for one outside of the section. */
    static long handle(DebugFile file, int kind, long offset) {
        return offset < 0 || offset >= file.texts(kind).byteSize() || offset >= MOST_BYTES
                ? NONE
                : (long) kind << KIND_AT | (long) file.number() << FILE_AT | offset;
    }

    /** A number for an entry of a section that has texts. */
    static long key(DebugFile file, int kind, long offset) {
        return (long) kind << KIND_AT | (long) file.number() << FILE_AT | offset;
    }

    /** The handle of a text of no section; {@link #NONE} where there are too many of them. */
    synchronized long compose(String text) {
        Long known = composedHandles.get(text);
        if (known != null) {
            return known;
        }
        if (composedCharacters + text.length() > MOST_COMPOSED_CHARACTERS) {
            return NONE;
        }
        composedCharacters += text.length();
        long handle = (long) COMPOSED << KIND_AT | composed.size();
        composed.add(text);
        composedHandles.put(text, handle);
        return handle;
    }

    @Override
    public String text(long handle) {
        int kind = kind(handle);
        if (kind == COMPOSED) {
            synchronized (this) {
                return composed.get((int) offset(handle));
            }
        }
        var section = section(handle);
        if (section == null) {
            return "";
        }
        long offset = offset(handle);
        long end = end(section, offset, stringBytes);
        if (end - offset > USUAL_BYTES && longBytesLeft.addAndGet(offset - end) < 0) {
            end = offset + USUAL_BYTES;
        }
        byte[] bytes = new byte[(int) (end - offset)];
        MemorySegment.copy(section, ValueLayout.JAVA_BYTE, offset, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whether two handles are of the same text. */
    boolean same(long one, long other) {
        if (one == other || one == NONE || other == NONE) {
            return one == other;
        }
        var first = section(one);
        var second = section(other);
        if (first == null || second == null) {
            return text(one).equals(text(other));
        }
        long firstAt = offset(one);
        long secondAt = offset(other);
        long most = Math.min(stringBytes, Math.min(first.byteSize() - firstAt, second.byteSize() - secondAt));
        for (long i = 0; i < most; i++) {
            byte letter = first.get(ValueLayout.JAVA_BYTE, firstAt + i);
            if (letter != second.get(ValueLayout.JAVA_BYTE, secondAt + i)) {
                return false;
            }
            if (letter == 0) {
                return true;
            }
        }
        return text(one).equals(text(other));
    }

    /** Where a text ends: at its NUL, or where the section or the patience does. */
    private static long end(MemorySegment section, long offset, int most) {
        long last = Math.min(section.byteSize(), offset + most);
        long end = offset;
        while (end <= last - Long.BYTES) {
            long word = section.get(WORD, end);
            long zeros = (word - LOWEST) & ~word & HIGHEST;
            if (zeros != 0) {
                return end + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
            end += Long.BYTES;
        }
        while (end < last && section.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return end;
    }

    private @Nullable MemorySegment section(long handle) {
        int kind = kind(handle);
        return handle == NONE || kind == COMPOSED ? null : files[file(handle)].texts(kind);
    }

    private static int kind(long handle) {
        return (int) (handle >>> KIND_AT);
    }

    private static int file(long handle) {
        return (int) (handle >>> FILE_AT) & (MOST_FILES - 1);
    }

    private static long offset(long handle) {
        return handle & (MOST_BYTES - 1);
    }
}
