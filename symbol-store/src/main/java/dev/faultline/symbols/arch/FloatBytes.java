package dev.faultline.symbols.arch;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/** What is known of a file of floating-point registers, byte by byte. Immutable. */
final class FloatBytes {
    static final FloatBytes NONE = new FloatBytes(new byte[0], new BitSet());

    private final byte[] bytes;
    private final BitSet known;

    private FloatBytes(byte[] bytes, BitSet known) {
        this.bytes = bytes;
        this.known = known;
    }

    /** Empty unless all of them are known. */
    Optional<byte[]> read(int at, int size) {
        return known.nextClearBit(at) >= at + size
                ? Optional.of(Arrays.copyOfRange(bytes, at, at + size))
                : Optional.empty();
    }

    FloatBytes with(int at, byte[] part) {
        byte[] copy = Arrays.copyOf(bytes, Math.max(bytes.length, at + part.length));
        System.arraycopy(part, 0, copy, at, part.length);
        var all = (BitSet) known.clone();
        all.set(at, at + part.length);
        return new FloatBytes(copy, all);
    }

    FloatBytes without(int at, int size) {
        var left = (BitSet) known.clone();
        left.clear(at, at + size);
        return new FloatBytes(bytes, left);
    }

    FloatBytes only(BitSet kept) {
        kept.and(known);
        return kept.isEmpty() ? NONE : new FloatBytes(bytes, kept);
    }
}
