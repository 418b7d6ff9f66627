package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.LineRows;
import java.util.Arrays;

/** The line sequences among which a function's rows are: those of its unit, or of the whole image. */
final class UnitLines {
    /** Several sequences claim one function only where dead ones lie over it; nobody needs more than these. */
    private static final int MOST_CANDIDATES = 64;

    private static final int EXACT = 2;

    private final Order order = new Order();
    private LineRows lines = new LineRows();
    private int count;

    /** Numbers of sequences in the lines, ascending by start. */
    private int[] sequences = new int[64];

    private long[] starts = new long[64];

    /** The highest end up to and including each sequence: where a search backwards may stop. */
    private long[] highestEnds = new long[64];

    private int[] sorted = new int[64];

    /** Takes rows; one row holds from {@code start} up to but without {@code end}. */
    @FunctionalInterface
    interface Rows {
        void row(long start, long end, LineRows lines, int row);
    }

    /** Says which sequences count. */
    @FunctionalInterface
    interface Filter {
        boolean counts(long start, long end);
    }

    /** Looks at other lines from here on, as long as they stay as they are. */
    void of(LineRows lines, Filter filter) {
        this.lines = lines;
        int found = 0;
        reserve(lines.sequences());
        int[] numbers = new int[lines.sequences()];
        for (int i = 0; i < lines.sequences(); i++) {
            if (filter.counts(lines.start(i), lines.end(i))) {
                starts[found] = lines.start(i);
                numbers[found++] = i;
            }
        }
        count = found;
        order.sort(starts, count, sorted);
        long highest = 0;
        for (int i = 0; i < count; i++) {
            sequences[i] = numbers[sorted[i]];
            highest = Unsigned.max(highest, lines.end(sequences[i]));
            highestEnds[i] = highest;
        }
        for (int i = 0; i < count; i++) {
            starts[i] = lines.start(sequences[i]);
        }
    }

    /** Sequences in the image's code. */
    int count() {
        return count;
    }

    /** The number of one of them in the lines. */
    int sequence(int index) {
        return sequences[index];
    }

    LineRows lines() {
        return lines;
    }

    /**
     * The rows of a function, ascending, gaps left out. Among sequences that lie over each other the one that is exactly
     * the function wins, then one that has a row for its first address, then the one that starts closest. Functions that
     * the linker folded into one have exact sequences each.
     *
     * @param declaration the line of the function's declaration, which its own rows follow; 0: not said
     */
    void rows(long start, long end, int declaration, Rows sink) {
        int[] candidates = candidates(start, end);
        int exact = 0;
        int own = 0;
        while (exact < candidates.length && score(candidates[exact], start, end) == EXACT) {
            own = distance(candidates[exact], declaration) < distance(candidates[own], declaration) ? exact : own;
            exact++;
        }
        if (own > 0) {
            int first = candidates[0];
            candidates[0] = candidates[own];
            candidates[own] = first;
        }
        fill(start, end, candidates, 0, sink);
    }

    /** How many lines behind a declaration a sequence begins; as unsigned, so that what begins before it is furthest. */
    private long distance(int sequence, int declaration) {
        return (lines.line(lines.firstRow(sequence)) - (long) declaration) & Long.MAX_VALUE;
    }

    private void fill(long start, long end, int[] candidates, int from, Rows sink) {
        long at = start;
        int next = from;
        while (next < candidates.length && Long.compareUnsigned(at, end) < 0) {
            int sequence = candidates[next++];
            long sequenceStart = Unsigned.max(at, lines.start(sequence));
            long sequenceEnd = Unsigned.min(end, lines.end(sequence));
            if (Long.compareUnsigned(sequenceStart, sequenceEnd) >= 0) {
                continue;
            }
            if (Long.compareUnsigned(at, sequenceStart) < 0) {
                fill(at, sequenceStart, candidates, next, sink);
            }
            emit(sequence, sequenceStart, sequenceEnd, sink);
            at = sequenceEnd;
        }
    }

    private void emit(int sequence, long start, long end, Rows sink) {
        int endRow = lines.endRow(sequence);
        for (int row = rowAt(sequence, start); row < endRow; row++) {
            long rowStart = Unsigned.max(start, lines.address(row));
            long rowEnd = Unsigned.min(end, row + 1 < endRow ? lines.address(row + 1) : lines.end(sequence));
            if (Long.compareUnsigned(rowStart, end) >= 0) {
                return;
            }
            if (Long.compareUnsigned(rowStart, rowEnd) < 0) {
                sink.row(rowStart, rowEnd, lines, row);
            }
        }
    }

    private int[] candidates(long start, long end) {
        int[] found = new int[4];
        int size = 0;
        for (int i = firstAtOrAbove(end) - 1;
                i >= 0 && Long.compareUnsigned(highestEnds[i], start) > 0 && size < MOST_CANDIDATES;
                i--) {
            if (Long.compareUnsigned(lines.end(sequences[i]), start) > 0) {
                if (size == found.length) {
                    found = Arrays.copyOf(found, size * 2);
                }
                found[size++] = sequences[i];
            }
        }
        return best(Arrays.copyOf(found, size), start, end);
    }

    /** By falling score; of equal ones the closest first, as they come. */
    private int[] best(int[] candidates, long start, long end) {
        for (int i = 1; i < candidates.length; i++) {
            int moved = candidates[i];
            int score = score(moved, start, end);
            int at = i;
            while (at > 0 && score(candidates[at - 1], start, end) < score) {
                candidates[at] = candidates[at - 1];
                at--;
            }
            candidates[at] = moved;
        }
        return candidates;
    }

    private int score(int sequence, long start, long end) {
        if (lines.start(sequence) == start && lines.end(sequence) == end) {
            return EXACT;
        }
        return lines.address(rowAt(sequence, start)) == start ? 1 : 0;
    }

    private void reserve(int capacity) {
        if (starts.length < capacity) {
            int larger = Math.max(capacity, starts.length * 2);
            starts = new long[larger];
            sequences = new int[larger];
            highestEnds = new long[larger];
            sorted = new int[larger];
        }
    }

    private int firstAtOrAbove(long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(starts[middle], address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The last row at or below an address; the first one where all are above. */
    private int rowAt(int sequence, long address) {
        int first = lines.firstRow(sequence);
        int low = first;
        int high = lines.endRow(sequence);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(lines.address(middle), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(first, low - 1);
    }
}
