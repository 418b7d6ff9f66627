package dev.faultline.symbols.index;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Names that were asked for, each in a place of its own: the stacks of one release name the same functions again and
 * again, and to demangle is by far the dearest part of a look-up. The two strings of a name lie beside each other, so that
 * a look-up waits for memory once. Threads may write the same name twice, which costs only the making.
 */
final class NameCache {
    private static final int FUNCTION = 0;
    private static final int LINKAGE_NAME = 1;

    private final @Nullable String[] ofTexts;
    private final @Nullable String[] ofPairs;

    /** For an index of so many texts and pairs of names. */
    NameCache(int texts, int pairs) {
        this.ofTexts = new String[2 * texts];
        this.ofPairs = new String[2 * pairs];
    }

    /** The name as people write it; null where nobody asked for it yet. */
    @Nullable
    String function(long reference) {
        String function = strings(reference)[place(reference) + FUNCTION];
        VarHandle.acquireFence();
        return function;
    }

    /** The linker's name of a function that is known, where it differs; else null. */
    @Nullable
    String linkageName(long reference) {
        return strings(reference)[place(reference) + LINKAGE_NAME];
    }

    void put(long reference, String function, @Nullable String linkageName) {
        var strings = strings(reference);
        strings[place(reference) + LINKAGE_NAME] = linkageName;
        // whoever sees the function sees the linkage name, too
        VarHandle.releaseFence();
        strings[place(reference) + FUNCTION] = function;
    }

    private @Nullable String[] strings(long reference) {
        return (reference & 1) == 0 ? ofTexts : ofPairs;
    }

    private static int place(long reference) {
        return (int) reference & ~1;
    }
}
