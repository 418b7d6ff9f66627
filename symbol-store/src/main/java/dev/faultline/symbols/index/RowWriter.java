package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.UnwindRules;
import java.util.Arrays;

/**
 * Writes unwind rows as {@link UnwindRows} reads them: joins equal neighbours, marks gaps, and gives the rules numbers by
 * how often they occur, so that nearly all fit into one byte.
 */
final class RowWriter implements UnwindEntries.Sink {
    private final Words words;
    private final UnwindRules dictionary;
    private final Longs starts = new Longs();
    private final Longs rules = new Longs();
    private int count;
    private int lastRule = UnwindRules.NONE;
    private long coveredTo;

    RowWriter(Words words, UnwindRules dictionary) {
        this.words = words;
        this.dictionary = dictionary;
    }

    @Override
    public void row(long start, long end, int rule) {
        if (coveredTo != start) {
            end();
        }
        if (rule != lastRule) {
            put(start, rule);
            count++;
        }
        coveredTo = end;
    }

    /** Marks where the rows so far end. */
    void end() {
        if (lastRule != UnwindRules.NONE) {
            put(coveredTo, UnwindRules.NONE);
        }
    }

    /** Rows, without those that only mark an end. */
    int count() {
        return count;
    }

    /** How many bytes of a range have a row. */
    long coveredBytes(long start, long end) {
        long covered = 0;
        for (int row = Math.max(0, lastAtOrBelow(start));
                row < starts.size() && Long.compareUnsigned(starts.get(row), end) < 0;
                row++) {
            long rowEnd = row + 1 < starts.size() ? starts.get(row + 1) : coveredTo;
            long from = Unsigned.max(start, starts.get(row));
            long to = Unsigned.min(end, rowEnd);
            if (rules.get(row) != UnwindRules.NONE && Long.compareUnsigned(from, to) < 0) {
                covered += to - from;
            }
        }
        return covered;
    }

    /** Writes the three parts; all rows are there and {@link #end} was called. */
    Parts write() {
        var parts = new Parts(new Bytes(), new Bytes(), new Bytes());
        int[] numbers = writeRules(parts.rules());
        int shift = shift();
        parts.rows().u8(shift);
        long before = 0;
        for (int row = 0; row < starts.size(); row++) {
            long start = starts.get(row) - words.base();
            if (row % UnwindRows.BLOCK == 0) {
                words.address(parts.anchors(), starts.get(row));
                parts.anchors().u32(parts.rows().size());
            } else {
                parts.rows().uleb((start - before) >>> shift);
            }
            parts.rows().uleb(numbers[(int) rules.get(row)]);
            before = start;
        }
        return parts;
    }

    /** The parts of the index file, as {@link UnwindRows} explains them. */
    record Parts(Bytes anchors, Bytes rows, Bytes rules) {}

    private void put(long start, int rule) {
        starts.add(start);
        rules.add(rule);
        lastRule = rule;
    }

    /** Instructions are multiples of something: how many low bits no start of a row has. */
    private int shift() {
        long bits = 1 << UnwindRows.MOST_SHIFT;
        for (int row = 0; row < starts.size(); row++) {
            bits |= starts.get(row) - words.base();
        }
        return Long.numberOfTrailingZeros(bits);
    }

    /** Writes the rules that rows have, the frequent ones first; the new number of each. */
    private int[] writeRules(Bytes out) {
        long[] order = new long[dictionary.count() + 1];
        for (int number = 0; number < order.length; number++) {
            order[number] = number;
        }
        for (int row = 0; row < rules.size(); row++) {
            // rows above, so that an ascending sort brings the frequent ones first and of equals the older one
            order[(int) rules.get(row)] -= 1L << 32;
        }
        order[UnwindRules.NONE] = Long.MIN_VALUE;
        Arrays.sort(order);
        int[] numbers = new int[order.length];
        var encoded = new Bytes();
        int used = 0;
        while (used + 1 < order.length && order[used + 1] < 0) {
            used++;
            numbers[(int) order[used]] = used;
        }
        out.u32(used);
        for (int number = 1; number <= used; number++) {
            out.u32(encoded.size());
            encoded.bytes(dictionary.encoded((int) order[number]));
        }
        out.bytes(encoded);
        return numbers;
    }

    private int lastAtOrBelow(long address) {
        int low = 0;
        int high = starts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(starts.get(middle), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
