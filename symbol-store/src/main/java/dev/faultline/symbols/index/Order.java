package dev.faultline.symbols.index;

import java.util.Arrays;
import java.util.Comparator;

/** Sorts numbers of rows by an unsigned key, without an object for each where the keys lie close enough together. */
final class Order {
    private static final int INDEX_BITS = 24;

    private long[] keys = new long[64];

    /**
     * Fills {@code order} with 0 to {@code count} - 1, ascending by {@code values}, equal ones as they come. What is sorted
     * already costs one pass.
     */
    void sort(long[] values, int count, int[] order) {
        long low = -1L;
        long high = 0;
        boolean ascending = true;
        for (int i = 0; i < count; i++) {
            order[i] = i;
            low = Unsigned.min(low, values[i]);
            high = Unsigned.max(high, values[i]);
            ascending &= i == 0 || Long.compareUnsigned(values[i - 1], values[i]) <= 0;
        }
        if (ascending) {
            return;
        }
        if (count >>> INDEX_BITS != 0 || (high - low) >>> (Long.SIZE - 1 - INDEX_BITS) != 0) {
            Integer[] boxed = new Integer[count];
            Arrays.setAll(boxed, i -> i);
            Arrays.sort(boxed, Comparator.comparing(i -> values[i], Long::compareUnsigned));
            Arrays.setAll(order, i -> i < count ? boxed[i] : order[i]);
            return;
        }
        if (keys.length < count) {
            keys = new long[Math.max(count, keys.length * 2)];
        }
        for (int i = 0; i < count; i++) {
            keys[i] = (values[i] - low) << INDEX_BITS | i;
        }
        Arrays.sort(keys, 0, count);
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[i] & ((1 << INDEX_BITS) - 1);
        }
    }
}
