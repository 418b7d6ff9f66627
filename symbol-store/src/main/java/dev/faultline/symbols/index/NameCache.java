package dev.faultline.symbols.index;

import org.jspecify.annotations.Nullable;

/**
 * Names that were asked for lately, each in the one slot that its reference gives: the stacks of one release name the same
 * functions again and again, and to demangle is the dearest part of a look-up. Threads may overwrite each other's entries,
 * which costs only the making.
 */
final class NameCache {
    private static final int MOST_SLOTS = 1 << 17;

    private final @Nullable Name[] slots;
    private final int shift;

    /** For an index of so many names. */
    NameCache(long names) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.clamp(2 * names, 1, MOST_SLOTS - 1));
        this.slots = new Name[1 << bits];
        this.shift = Long.SIZE - bits;
    }

    /**
     * What a reference stands for.
     *
     * @param function as people write it
     * @param linkageName the linker's name where it differs
     */
    record Name(long reference, String function, @Nullable String linkageName) {}

    @Nullable
    Name get(long reference) {
        Name name = slots[slot(reference)];
        return name != null && name.reference() == reference ? name : null;
    }

    Name put(Name name) {
        slots[slot(name.reference())] = name;
        return name;
    }

    /** Fibonacci hashing: references are far from even. */
    private int slot(long reference) {
        return (int) ((reference * 0x9e3779b97f4a7c15L) >>> shift);
    }
}
