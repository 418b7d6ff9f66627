package dev.faultline.symbols.dwarf;

import java.util.Arrays;

/**
 * What one unit says about code, as columns of numbers: its functions with the calls inlined into them, and its line rows.
 * One object is filled anew for each unit, so that reading a file of millions of entries makes no object for each. Names
 * are handles of {@link DebugTexts}; addresses are as the file says them, true or not.
 */
public final class UnitCode {
    /** No function or call around, no file, no name. */
    public static final int NONE = -1;

    private int nodes;
    private int[] parents = new int[1 << 8];
    private long[] names = new long[1 << 8];
    private long[] linkageNames = new long[1 << 8];
    private long[] entries = new long[1 << 8];
    private int[] callFiles = new int[1 << 8];
    private int[] callLines = new int[1 << 8];
    private int[] callColumns = new int[1 << 8];
    private int[] firstRanges = new int[(1 << 8) + 1];

    private int ranges;
    private long[] rangeStarts = new long[1 << 8];
    private long[] rangeEnds = new long[1 << 8];

    private final LineRows lines = new LineRows();

    /**
     * Functions and inlined calls, in pre-order: a call stands behind what it is inlined into. A function that was written
     * inside of another one stands between the calls of that.
     */
    public int nodes() {
        return nodes;
    }

    /** The function or call that a call is inlined into; {@link #NONE} for a function. */
    public int parent(int node) {
        return parents[node];
    }

    /** The source's name, qualified where no linkage name says more; {@link DebugTexts#NONE} where nothing names it. */
    public long name(int node) {
        return names[node];
    }

    /** The linker's name, where it differs from the source's; else {@link DebugTexts#NONE}. */
    public long linkageName(int node) {
        return linkageNames[node];
    }

    /** Where its concrete entry is in {@code .debug_info}: for locals and types. */
    public long entry(int node) {
        return entries[node];
    }

    /** The file of the call among {@link LineRows#path}; {@link #NONE} for a function, or where it is not said. */
    public int callFile(int node) {
        return callFiles[node];
    }

    /** The line of the call; of a function, that of its declaration. 0 where it is not said. */
    public int callLine(int node) {
        return callLines[node];
    }

    public int callColumn(int node) {
        return callColumns[node];
    }

    /** Its ranges are those from here up to {@link #endRange}. */
    public int firstRange(int node) {
        return firstRanges[node];
    }

    public int endRange(int node) {
        return firstRanges[node + 1];
    }

    public long rangeStart(int range) {
        return rangeStarts[range];
    }

    public long rangeEnd(int range) {
        return rangeEnds[range];
    }

    /** The rows of the unit's line table; none where it has no table or a broken one. */
    public LineRows lines() {
        return lines;
    }

    void clear() {
        nodes = 0;
        ranges = 0;
        lines.clear();
    }

    /** Begins a node; its ranges follow. */
    int addNode(int parent, long entry) {
        if (nodes == parents.length) {
            grow(nodes * 2);
        }
        parents[nodes] = parent;
        entries[nodes] = entry;
        names[nodes] = DebugTexts.NONE;
        linkageNames[nodes] = DebugTexts.NONE;
        callFiles[nodes] = NONE;
        callLines[nodes] = 0;
        callColumns[nodes] = 0;
        firstRanges[nodes + 1] = ranges;
        firstRanges[nodes] = ranges;
        return nodes++;
    }

    /** Takes back the node added last, with its ranges. */
    void dropNode() {
        nodes--;
        ranges = firstRanges[nodes];
    }

    void setNames(int node, long name, long linkageName) {
        names[node] = name;
        linkageNames[node] = linkageName;
    }

    void setCall(int node, int file, int line, int column) {
        callFiles[node] = file;
        callLines[node] = line;
        callColumns[node] = column;
    }

    /** Adds a range to the last node. */
    void addRange(long start, long end) {
        if (ranges == rangeStarts.length) {
            rangeStarts = Arrays.copyOf(rangeStarts, ranges * 2);
            rangeEnds = Arrays.copyOf(rangeEnds, ranges * 2);
        }
        rangeStarts[ranges] = start;
        rangeEnds[ranges++] = end;
        firstRanges[nodes] = ranges;
    }

    /** Makes the file numbers of the line table, which calls were added with, those of its paths. */
    void resolveCallFiles() {
        var files = lines.files();
        for (int node = 0; node < nodes; node++) {
            callFiles[node] = callFiles[node] == NONE ? NONE : files.number(callFiles[node]);
        }
    }

    private void grow(int capacity) {
        parents = Arrays.copyOf(parents, capacity);
        names = Arrays.copyOf(names, capacity);
        linkageNames = Arrays.copyOf(linkageNames, capacity);
        entries = Arrays.copyOf(entries, capacity);
        callFiles = Arrays.copyOf(callFiles, capacity);
        callLines = Arrays.copyOf(callLines, capacity);
        callColumns = Arrays.copyOf(callColumns, capacity);
        firstRanges = Arrays.copyOf(firstRanges, capacity + 1);
    }
}
