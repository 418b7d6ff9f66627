package dev.faultline.symbols.index;

import org.jspecify.annotations.Nullable;

/**
 * Texts that were made lately, each in the one slot that its number gives: the stacks of one release name the same
 * functions again and again. Threads may overwrite each other's entries, which costs only the making.
 */
final class RecentTexts {
    private static final int SLOT_BITS = 10;

    private final @Nullable Entry[] slots = new Entry[1 << SLOT_BITS];

    /** Immutable, so that a thread that finds it finds it whole. */
    private record Entry(long number, String text) {}

    @Nullable
    String get(long number) {
        Entry entry = slots[slot(number)];
        return entry != null && entry.number() == number ? entry.text() : null;
    }

    String put(long number, String text) {
        slots[slot(number)] = new Entry(number, text);
        return text;
    }

    /** Fibonacci hashing: places of texts are far from even. */
    private static int slot(long number) {
        return (int) ((number * 0x9e3779b97f4a7c15L) >>> (Long.SIZE - SLOT_BITS));
    }
}
