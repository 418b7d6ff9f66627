package dev.faultline.symbols.dwarf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Declarations of abbreviations that were read lately: a compiler declares nearly the same in each unit, and a kernel has
 * thousands of units. Safe for use by many threads, which may overwrite each other's: that costs only the making.
 */
final class AbbreviationPool {
    private static final int SLOTS = 1 << 12;

    /** Longer declarations are rare, and as many as a file likes. */
    static final int MOST_BYTES = 1 << 7;

    private final @Nullable Declared[] slots = new Declared[SLOTS];

    /** What a declaration says behind its code, and what was made of it. */
    private static final class Declared {
        private final byte[] bytes;
        private final Encoding encoding;
        private final Abbreviation abbreviation;

        Declared(byte[] bytes, Encoding encoding, Abbreviation abbreviation) {
            this.bytes = bytes;
            this.encoding = encoding;
            this.abbreviation = abbreviation;
        }
    }

    /** What was made of equal bytes; null where nobody knows any more. */
    @Nullable
    Abbreviation get(byte[] bytes, int length, Encoding encoding) {
        var known = slots[slot(bytes, length)];
        return known != null
                        && Arrays.equals(bytes, 0, length, known.bytes, 0, known.bytes.length)
                        && known.encoding.equals(encoding)
                ? known.abbreviation
                : null;
    }

    void put(byte[] bytes, int length, Encoding encoding, Abbreviation abbreviation) {
        slots[slot(bytes, length)] = new Declared(Arrays.copyOf(bytes, length), encoding, abbreviation);
    }

    private static int slot(byte[] bytes, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash * 0x9e3779b9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
    }
}
