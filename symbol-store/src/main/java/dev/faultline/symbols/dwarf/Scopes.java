package dev.faultline.symbols.dwarf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The namespaces and classes of one unit that have functions inside, in the unit's order, as columns of numbers. */
final class Scopes {
    /** No scope around. */
    static final int NONE = -1;

    private int count;
    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int[] parents = new int[16];
    private boolean[] used = new boolean[16];

    /** What each puts before the names inside it, once somebody asked. */
    private @Nullable String[] prefixes = {};

    void clear() {
        count = 0;
        prefixes = new String[0];
    }

    /** A scope begins. */
    int open(int parent, long start) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            parents = Arrays.copyOf(parents, 2 * count);
            used = Arrays.copyOf(used, 2 * count);
        }
        starts[count] = start;
        ends[count] = Long.MAX_VALUE; // a damaged unit may never end it
        parents[count] = parent;
        used[count] = false;
        return count++;
    }

    /** A function is inside. */
    void use(int scope) {
        if (scope != NONE) {
            used[scope] = true;
        }
    }

    /** A scope ends; gives the one around it. */
    int close(int scope, long end) {
        int parent = parents[scope];
        ends[scope] = end;
        if (used[scope]) {
            use(parent);
        } else if (scope == count - 1) {
            count--; // most are data of C: no name has them around
        }
        return parent;
    }

    /** The innermost scope around an entry. */
    int around(long entry) {
        int place = Arrays.binarySearch(starts, 0, count, entry);
        int scope = place >= 0 ? parents[place] : -place - 2;
        while (scope != NONE && ends[scope] <= entry) {
            scope = parents[scope];
        }
        return scope;
    }

    int parent(int scope) {
        return parents[scope];
    }

    /** The entry of a scope. */
    long entry(int scope) {
        return starts[scope];
    }

    @Nullable
    String prefix(int scope) {
        return scope < prefixes.length ? prefixes[scope] : null;
    }

    void setPrefix(int scope, String prefix) {
        if (prefixes.length < count) {
            prefixes = Arrays.copyOf(prefixes, count);
        }
        prefixes[scope] = prefix;
    }

    /** How much of the heap it takes, roughly. */
    long weight() {
        return 32L * count + 64;
    }
}
