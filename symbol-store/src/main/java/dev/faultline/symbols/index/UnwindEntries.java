package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Entries of one kind of unwind table, in columns, and which of them count. Entries of discarded functions all start at a
 * tombstone, so in an image with code at address 0 they lie over living ones: an entry counts there only if a function
 * starts with it, and the one that also ends with the function wins.
 */
final class UnwindEntries implements UnwindRowSink {
    private static final int DISCARDED = 0;
    private static final int UNOPPOSED = 1;
    private static final int STARTS_FUNCTION = 2;
    private static final int IS_FUNCTION = 3;

    private final LiveCode live;
    private final FunctionStarts functions;

    private long[] entryStarts = new long[64];
    private long[] entryEnds = new long[64];
    private byte[] scores = new byte[64];

    /** The first row of each entry, and behind the last entry the number of rows. */
    private int[] firstRows = new int[65];

    private int entries;

    private long[] rowStarts = new long[256];
    private int[] rowRules = new int[256];
    private int rows;

    /** Where the rows of the entry so far end. */
    private long rowsEnd;

    private boolean open;

    UnwindEntries(LiveCode live, FunctionStarts functions) {
        this.live = live;
        this.functions = functions;
    }

    /** Takes rows ascending and without overlap. */
    @FunctionalInterface
    interface Sink {
        void row(long start, long end, int rule);
    }

    boolean isEmpty() {
        return entries == 0;
    }

    @Override
    public void entry(long start, long end) {
        endEntry();
        if (entries == scores.length) {
            entryStarts = Arrays.copyOf(entryStarts, entries * 2);
            entryEnds = Arrays.copyOf(entryEnds, entries * 2);
            scores = Arrays.copyOf(scores, entries * 2);
            firstRows = Arrays.copyOf(firstRows, entries * 2 + 1);
        }
        entryStarts[entries] = start;
        entryEnds[entries] = end;
        scores[entries] = (byte) score(start, end);
        entries++;
        firstRows[entries] = rows;
        rowsEnd = start;
    }

    @Override
    public void row(long start, long end, int rule) {
        if (scores[entries - 1] == DISCARDED || !live.isText(start, end)) {
            return;
        }
        if (start != rowsEnd) {
            add(rowsEnd, UnwindRules.NONE);
        }
        add(start, rule);
        rowsEnd = end;
        open = true;
    }

    /** Gives what counts to {@code sink}. */
    void emit(Sink sink) {
        endEntry();
        long coveredTo = 0;
        int[] order = order();
        for (int i = 0; i < order.length; i++) {
            int entry = order[i];
            long end = entryEnds[entry];
            if (i > 0 && Long.compareUnsigned(end, coveredTo) <= 0) {
                continue;
            }
            long start = Unsigned.max(entryStarts[entry], coveredTo);
            // what begins inside at the start of a function knows that function better
            if (i + 1 < order.length
                    && scores[order[i + 1]] > scores[entry]
                    && Long.compareUnsigned(entryStarts[order[i + 1]], end) < 0) {
                end = entryStarts[order[i + 1]];
            }
            for (int row = firstRows[entry]; row < firstRows[entry + 1] - 1; row++) {
                long from = Unsigned.max(rowStarts[row], start);
                long to = Unsigned.min(rowStarts[row + 1], end);
                if (rowRules[row] != UnwindRules.NONE && Long.compareUnsigned(from, to) < 0) {
                    sink.row(from, to, rowRules[row]);
                }
            }
            coveredTo = end;
        }
    }

    private void add(long start, int rule) {
        if (rows == rowRules.length) {
            rowStarts = Arrays.copyOf(rowStarts, rows * 2);
            rowRules = Arrays.copyOf(rowRules, rows * 2);
        }
        rowStarts[rows] = start;
        rowRules[rows++] = rule;
    }

    /** Every entry with rows has one more row behind them, which says where they end. */
    private void endEntry() {
        if (open) {
            add(rowsEnd, UnwindRules.NONE);
            firstRows[entries] = rows;
            open = false;
        }
    }

    private int score(long start, long end) {
        long functionEnd = functions.endOf(start);
        if (functionEnd != 0) {
            return functionEnd == end ? IS_FUNCTION : STARTS_FUNCTION;
        }
        return live.isTombstone(start) ? DISCARDED : UNOPPOSED;
    }

    /** The entries with rows by start, the better first; of equals the one that was read first. */
    private int[] order() {
        IntPredicate hasRows = entry -> firstRows[entry] < firstRows[entry + 1];
        int[] order = IntStream.range(0, entries).filter(hasRows).toArray();
        Comparator<Integer> byStart = (a, b) -> Long.compareUnsigned(entryStarts[a], entryStarts[b]);
        var byStartAndScore = byStart.thenComparing((a, b) -> Integer.compare(scores[b], scores[a]));
        for (int i = 1; i < order.length; i++) {
            if (byStartAndScore.compare(order[i - 1], order[i]) > 0) {
                return Arrays.stream(order)
                        .boxed()
                        .sorted(byStartAndScore)
                        .mapToInt(Integer::intValue)
                        .toArray();
            }
        }
        return order;
    }
}
