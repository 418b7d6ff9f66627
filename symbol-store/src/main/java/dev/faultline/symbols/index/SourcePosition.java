package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the run of an address says.
 *
 * @param node place of the innermost inlined call plus 1; 0: the function itself
 * @param file number of the file; 0: none
 */
record SourcePosition(long node, int file, int line, int column) {
    /** Distance of the block's first run from the function's start (8 bytes), place of its encoding (4 bytes). */
    static final int ANCHOR = 12;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Finds the run of an address among those of its function.
     *
     * @param runsAt where the number of runs stands
     * @param distance of the address from the function's start
     */
    static SourcePosition find(MemorySegment payload, long runsAt, long distance) {
        var cursor = new Cursor(payload, runsAt);
        int runs = (int) cursor.uleb();
        int blocks = (runs + FunctionEncoder.RUNS_PER_BLOCK - 1) / FunctionEncoder.RUNS_PER_BLOCK;
        long anchors = cursor.position();
        int block = 0;
        long at = 0;
        if (blocks > 1) {
            block = blockOf(payload, anchors, blocks, distance);
            long anchor = anchors + (long) block * ANCHOR;
            at = payload.get(LONG, anchor);
            cursor.skip((long) blocks * ANCHOR + payload.get(INT, anchor + Long.BYTES));
        }
        int left = Math.min(FunctionEncoder.RUNS_PER_BLOCK, runs - block * FunctionEncoder.RUNS_PER_BLOCK);
        return decode(cursor, left, at, distance);
    }

    private static int blockOf(MemorySegment payload, long anchors, int blocks, long distance) {
        int low = 0;
        int high = blocks - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(payload.get(LONG, anchors + (long) middle * ANCHOR), distance) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static SourcePosition decode(Cursor cursor, int runs, long start, long distance) {
        long at = start;
        long node = 0;
        int file = 0;
        int line = 0;
        int column = 0;
        for (int i = 0; i < runs; i++) {
            at += cursor.uleb();
            if (Long.compareUnsigned(at, distance) > 0) {
                break;
            }
            node = cursor.uleb();
            file += (int) cursor.sleb();
            line += (int) cursor.sleb();
            column = (int) cursor.uleb();
        }
        return new SourcePosition(node, file, line, column);
    }
}
