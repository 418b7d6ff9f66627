package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.UnitCode;
import java.util.Arrays;

/**
 * The nodes of a unit by the function they belong to. In the unit they are in pre-order, but a function may stand inside of
 * another one: that of a lambda inside of the one that wrote it.
 */
final class UnitFunctions {
    /** The function of each node. */
    private int[] roots = new int[64];

    /** Where the nodes of each function begin among {@link #nodes}; the function itself is the first one. */
    private int[] starts = new int[65];

    /** All nodes, those of one function together, in pre-order. */
    private int[] nodes = new int[64];

    void of(UnitCode code) {
        int count = code.nodes();
        if (roots.length < count) {
            roots = new int[2 * count];
            nodes = new int[2 * count];
            starts = new int[2 * count + 1];
        }
        Arrays.fill(starts, 0, count + 1, 0);
        for (int node = 0; node < count; node++) {
            roots[node] = code.parent(node) == UnitCode.NONE ? node : roots[code.parent(node)];
            starts[roots[node] + 1]++;
        }
        for (int node = 0; node < count; node++) {
            starts[node + 1] += starts[node];
        }
        // filling moves each start to the end of its function, which is the start of the next one: moved back below
        for (int node = 0; node < count; node++) {
            nodes[starts[roots[node]]++] = node;
        }
        System.arraycopy(starts, 0, starts, 1, count);
        starts[0] = 0;
    }

    /** The nodes of a function are those from here up to {@link #end}. */
    int first(int function) {
        return starts[function];
    }

    int end(int function) {
        return starts[function + 1];
    }

    int node(int index) {
        return nodes[index];
    }
}
