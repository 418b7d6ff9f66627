package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.LineRows;
import dev.faultline.symbols.dwarf.UnitCode;
import java.util.Arrays;

/**
 * Flattens one contiguous part of a function into runs: between two neighbouring boundaries, which are the starts of line
 * rows and the ends of inlined calls, every address has the same innermost call and the same source position. A call
 * without a line row of its own is still a level, because its range is.
 */
final class Flattening implements UnitLines.Rows {
    private final Order order = new Order();

    /** By node, the index among the calls that lie in the part; {@link #NONE}: it lies in another one. */
    private int[] placeOf = new int[64];

    // the calls that lie in the part, in pre-order
    private int[] calls = new int[64];
    private int[] depths = new int[64];
    private int callCount;

    // where they are
    private int ranges;
    private long[] rangeStarts = new long[64];
    private long[] rangeEnds = new long[64];
    private int[] rangeCalls = new int[64];
    private int[] sorted = new int[64];
    private int[] active = new int[64];
    private int activeCount;

    // line rows
    private LineRows lines = new LineRows();
    private long rowsFrom;
    private int rows;
    private long[] rowStarts = new long[64];
    private long[] rowEnds = new long[64];
    private int[] rowNumbers = new int[64];

    // what comes out
    private int runs;
    private long[] runStarts = new long[64];
    private int[] runCalls = new int[64];
    private int[] runRows = new int[64];

    /** No line row, no call. */
    static final int NONE = -1;

    /**
     * Flattens the part of a function that lies from {@code start} up to but without {@code end}.
     *
     * @param declaration the line of the function's declaration; 0: not said
     */
    void run(
            UnitCode code,
            UnitFunctions functions,
            int function,
            long start,
            long end,
            UnitLines unitLines,
            int declaration) {
        takeCalls(code, functions, function, start, end);
        rowsFrom = 0;
        takeLines(start, end, unitLines, declaration);
        flatten(start, end);
    }

    /**
     * Flattens code that has lines at most, and only its own: what runs on from the function before says nothing about it.
     */
    void run(long start, long end, UnitLines unitLines) {
        callCount = 0;
        ranges = 0;
        rowsFrom = start;
        takeLines(start, end, unitLines, 0);
        flatten(start, end);
    }

    /** Calls that lie in the part, parents first. */
    int calls() {
        return callCount;
    }

    /** The node of a call. */
    int call(int index) {
        return calls[index];
    }

    /** The index of a node among the calls; {@link #NONE} for the function. */
    int index(UnitCode code, int node) {
        return code.parent(node) == UnitCode.NONE ? NONE : placeOf[node];
    }

    int runs() {
        return runs;
    }

    long runStart(int run) {
        return runStarts[run];
    }

    /** The innermost call; {@link #NONE}: the function itself. */
    int runCall(int run) {
        return runCalls[run];
    }

    /** Its row among the lines; {@link #NONE}: no source position. */
    int runRow(int run) {
        return runRows[run];
    }

    LineRows lines() {
        return lines;
    }

    /** Bytes of the part that have a row. */
    long bytesWithLine() {
        long bytes = 0;
        for (int i = 0; i < rows; i++) {
            bytes += rowEnds[i] - rowStarts[i];
        }
        return bytes;
    }

    @Override
    public void row(long start, long end, LineRows from, int row) {
        if (Long.compareUnsigned(from.address(row), rowsFrom) < 0) {
            return;
        }
        if (rows == rowStarts.length) {
            rowStarts = Arrays.copyOf(rowStarts, rows * 2);
            rowEnds = Arrays.copyOf(rowEnds, rows * 2);
            rowNumbers = Arrays.copyOf(rowNumbers, rows * 2);
        }
        rowStarts[rows] = start;
        rowEnds[rows] = end;
        rowNumbers[rows++] = row;
    }

    private void takeCalls(UnitCode code, UnitFunctions functions, int function, long start, long end) {
        callCount = 0;
        ranges = 0;
        if (placeOf.length < code.nodes()) {
            placeOf = new int[code.nodes() * 2];
        }
        int first = functions.first(function) + 1;
        int nodes = functions.end(function) - first;
        if (calls.length < nodes) {
            calls = new int[nodes * 2];
            depths = new int[nodes * 2];
        }
        markTouched(code, functions, function, start, end);
        for (int i = first; i < first + nodes; i++) {
            int node = functions.node(i);
            if (placeOf[node] == NONE) {
                continue;
            }
            int parent = code.parent(node);
            depths[callCount] = parent == function ? 0 : depths[placeOf[parent]] + 1;
            placeOf[node] = callCount;
            for (int range = code.firstRange(node); range < code.endRange(node); range++) {
                long from = Unsigned.max(start, code.rangeStart(range));
                long to = Unsigned.min(end, code.rangeEnd(range));
                if (Long.compareUnsigned(from, to) < 0) {
                    addRange(from, to, callCount);
                }
            }
            calls[callCount++] = node;
        }
    }

    /** Hot and cold part of one function: each has the calls that lie in it, and those around them. */
    private void markTouched(UnitCode code, UnitFunctions functions, int function, long start, long end) {
        int first = functions.first(function);
        for (int i = first; i < functions.end(function); i++) {
            placeOf[functions.node(i)] = NONE;
        }
        for (int i = functions.end(function) - 1; i > first; i--) {
            int node = functions.node(i);
            for (int range = code.firstRange(node); range < code.endRange(node) && placeOf[node] == NONE; range++) {
                if (Long.compareUnsigned(code.rangeStart(range), end) < 0
                        && Long.compareUnsigned(start, code.rangeEnd(range)) < 0) {
                    placeOf[node] = 0;
                }
            }
            if (placeOf[node] != NONE) {
                placeOf[code.parent(node)] = 0;
            }
        }
    }

    private void addRange(long start, long end, int call) {
        if (ranges == rangeStarts.length) {
            rangeStarts = Arrays.copyOf(rangeStarts, ranges * 2);
            rangeEnds = Arrays.copyOf(rangeEnds, ranges * 2);
            rangeCalls = Arrays.copyOf(rangeCalls, ranges * 2);
            sorted = new int[ranges * 2];
            active = new int[ranges * 2];
        }
        rangeStarts[ranges] = start;
        rangeEnds[ranges] = end;
        rangeCalls[ranges++] = call;
    }

    private void takeLines(long start, long end, UnitLines unitLines, int declaration) {
        rows = 0;
        lines = unitLines.lines();
        unitLines.rows(start, end, declaration, this);
    }

    private void flatten(long start, long end) {
        order.sort(rangeStarts, ranges, sorted);
        activeCount = 0;
        runs = 0;
        long at = start;
        int nextRange = 0;
        int nextRow = 0;
        while (Long.compareUnsigned(at, end) < 0) {
            while (nextRange < ranges && Long.compareUnsigned(rangeStarts[sorted[nextRange]], at) <= 0) {
                active[activeCount++] = sorted[nextRange++];
            }
            long next = end;
            if (nextRange < ranges) {
                next = Unsigned.min(next, rangeStarts[sorted[nextRange]]);
            }
            int innermost = innermost(at);
            if (innermost != NONE) {
                next = Unsigned.min(next, rangeEnds[innermost]);
            }
            while (nextRow < rows && Long.compareUnsigned(rowEnds[nextRow], at) <= 0) {
                nextRow++;
            }
            int row = NONE;
            if (nextRow < rows) {
                if (Long.compareUnsigned(rowStarts[nextRow], at) <= 0) {
                    next = Unsigned.min(next, rowEnds[nextRow]);
                    row = rowNumbers[nextRow];
                } else {
                    next = Unsigned.min(next, rowStarts[nextRow]);
                }
            }
            addRun(at, innermost == NONE ? NONE : rangeCalls[innermost], row);
            at = next;
        }
    }

    /** Of the ranges that hold an address the deepest one, of equals the later one; what has ended is dropped. */
    private int innermost(long at) {
        int best = NONE;
        int kept = 0;
        for (int i = 0; i < activeCount; i++) {
            int range = active[i];
            if (Long.compareUnsigned(rangeEnds[range], at) <= 0) {
                continue;
            }
            active[kept++] = range;
            if (best == NONE || isDeeper(rangeCalls[range], rangeCalls[best])) {
                best = range;
            }
        }
        activeCount = kept;
        return best;
    }

    private boolean isDeeper(int call, int other) {
        return depths[call] != depths[other] ? depths[call] > depths[other] : call > other;
    }

    private void addRun(long start, int call, int row) {
        if (runs > 0 && runCalls[runs - 1] == call && isSame(runRows[runs - 1], row)) {
            return;
        }
        if (runs == runStarts.length) {
            runStarts = Arrays.copyOf(runStarts, runs * 2);
            runCalls = Arrays.copyOf(runCalls, runs * 2);
            runRows = Arrays.copyOf(runRows, runs * 2);
        }
        runStarts[runs] = start;
        runCalls[runs] = call;
        runRows[runs++] = row;
    }

    private boolean isSame(int row, int other) {
        return row == other
                || (row != NONE
                        && other != NONE
                        && lines.line(row) == lines.line(other)
                        && lines.column(row) == lines.column(other)
                        && lines.file(row) == lines.file(other));
    }
}
