package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.LineRow;
import dev.faultline.symbols.dwarf.LineSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The line sequences among which a function's rows are: of its unit, or of the whole image. */
final class UnitLines {
    /** Several sequences claim one function only where dead ones lie over it; nobody needs more than these. */
    private static final int MOST_CANDIDATES = 64;

    private final List<LineSequence> sequences = new ArrayList<>();

    /** The highest end up to and including each sequence: where a search backwards may stop. */
    private long[] highestEnd = {};

    private boolean sorted = true;

    void add(LineSequence sequence) {
        sequences.add(sequence);
        sorted = false;
    }

    void removeIf(Predicate<LineSequence> unwanted) {
        sequences.removeIf(unwanted);
        sorted = false;
    }

    List<LineSequence> sequences() {
        return Collections.unmodifiableList(sequences);
    }

    /** Takes rows; one row holds from {@code start} up to but without {@code end}. */
    @FunctionalInterface
    interface Rows {
        void row(long start, long end, LineRow row);
    }

    /**
     * The rows of a function, ascending, gaps left out. Among sequences that lie over each other the one that is exactly
     * the function wins, then one that has a row for its first address, then the one that starts closest.
     */
    void rows(long start, long end, Rows sink) {
        sort();
        fill(start, end, candidates(start, end), 0, sink);
    }

    private void fill(long start, long end, List<LineSequence> candidates, int from, Rows sink) {
        long at = start;
        int next = from;
        while (next < candidates.size() && Long.compareUnsigned(at, end) < 0) {
            var sequence = candidates.get(next++);
            long sequenceStart = Unsigned.max(at, sequence.start());
            long sequenceEnd = Unsigned.min(end, sequence.end());
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

    private static void emit(LineSequence sequence, long start, long end, Rows sink) {
        var rows = sequence.rows();
        for (int i = lastAtOrBelow(rows, start); i < rows.size(); i++) {
            long rowStart = Unsigned.max(start, rows.get(i).address());
            long rowEnd =
                    Unsigned.min(end, i + 1 < rows.size() ? rows.get(i + 1).address() : sequence.end());
            if (Long.compareUnsigned(rowStart, end) >= 0) {
                return;
            }
            if (Long.compareUnsigned(rowStart, rowEnd) < 0) {
                sink.row(rowStart, rowEnd, rows.get(i));
            }
        }
    }

    private List<LineSequence> candidates(long start, long end) {
        var found = new ArrayList<LineSequence>();
        for (int i = firstAtOrAbove(end) - 1;
                i >= 0 && Long.compareUnsigned(highestEnd[i], start) > 0 && found.size() < MOST_CANDIDATES;
                i--) {
            if (Long.compareUnsigned(sequences.get(i).end(), start) > 0) {
                found.add(sequences.get(i));
            }
        }
        // stable: equal scores stay in the order of closeness
        found.sort(Comparator.comparingInt(sequence -> -score(sequence, start, end)));
        return found;
    }

    private static int score(LineSequence sequence, long start, long end) {
        if (sequence.start() == start && sequence.end() == end) {
            return 2;
        }
        var rows = sequence.rows();
        return rows.get(lastAtOrBelow(rows, start)).address() == start ? 1 : 0;
    }

    private void sort() {
        if (sorted) {
            return;
        }
        sequences.sort(Comparator.comparing(LineSequence::start, Long::compareUnsigned));
        highestEnd = new long[sequences.size()];
        long highest = 0;
        for (int i = 0; i < highestEnd.length; i++) {
            highest = Unsigned.max(highest, sequences.get(i).end());
            highestEnd[i] = highest;
        }
        sorted = true;
    }

    private int firstAtOrAbove(long address) {
        int low = 0;
        int high = sequences.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sequences.get(middle).start(), address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first row where all are above. */
    private static int lastAtOrBelow(List<LineRow> rows, long address) {
        int low = 0;
        int high = rows.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(rows.get(middle).address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }
}
