package dev.faultline.symbols.dwarf;

import java.util.Arrays;

/**
 * The rows of one line table as columns of numbers, in sequences: a row holds up to the next one of its sequence, the last
 * up to the sequence's end. Addresses ascend inside a sequence, each once; the order of sequences is the file's.
 */
public final class LineRows {
    private int rows;
    private long[] addresses = new long[1 << 10];
    private int[] rowFiles = new int[1 << 10];
    private int[] lines = new int[1 << 10];
    private int[] columns = new int[1 << 10];

    private int sequences;
    private int[] firstRows = new int[(1 << 6) + 1];
    private long[] ends = new long[1 << 6];

    private final FileTable files = new FileTable();

    public int sequences() {
        return sequences;
    }

    /** The rows of a sequence are those from here up to {@link #endRow}; at least one. */
    public int firstRow(int sequence) {
        return firstRows[sequence];
    }

    public int endRow(int sequence) {
        return firstRows[sequence + 1];
    }

    public long start(int sequence) {
        return addresses[firstRows[sequence]];
    }

    /** The first address behind the sequence. */
    public long end(int sequence) {
        return ends[sequence];
    }

    public long address(int row) {
        return addresses[row];
    }

    /** For {@link #path}; {@link UnitCode#NONE} where the table has no such file. */
    public int file(int row) {
        return rowFiles[row];
    }

    /** 0: code that no line of the source stands for. */
    public int line(int row) {
        return lines[row];
    }

    /** 0: not said. */
    public int column(int row) {
        return columns[row];
    }

    /** How many files the table names. */
    public int paths() {
        return files.count();
    }

    /** A file with its directory joined. */
    public String path(int file) {
        return files.path(file);
    }

    /** Appends a sequence of other lines, with the paths that its rows name. */
    public void take(LineRows other, int sequence) {
        int[] numbers = new int[other.paths()];
        Arrays.fill(numbers, UnitCode.NONE);
        for (int row = other.firstRow(sequence); row < other.endRow(sequence); row++) {
            int file = other.file(row);
            if (file != UnitCode.NONE && numbers[file] == UnitCode.NONE) {
                numbers[file] = files.count();
                files.addPath(other.path(file));
            }
            addRow(
                    other.address(row),
                    file == UnitCode.NONE ? file : numbers[file],
                    other.line(row),
                    other.column(row));
        }
        endSequence(other.end(sequence));
    }

    void clear() {
        rows = 0;
        sequences = 0;
        firstRows[0] = 0;
        files.clear();
    }

    /** The files that rows and calls refer to. */
    FileTable files() {
        return files;
    }

    /** Adds a row to the sequence that {@link #endSequence} will end; of several at one address the last one holds. */
    void addRow(long address, int file, int line, int column) {
        if (rows > firstRows[sequences] && addresses[rows - 1] == address) {
            rows--;
        } else if (rows == addresses.length) {
            addresses = Arrays.copyOf(addresses, rows * 2);
            rowFiles = Arrays.copyOf(rowFiles, rows * 2);
            lines = Arrays.copyOf(lines, rows * 2);
            columns = Arrays.copyOf(columns, rows * 2);
        }
        addresses[rows] = address;
        rowFiles[rows] = file;
        lines[rows] = line;
        columns[rows++] = column;
    }

    /** Whether rows were added since the last end. */
    boolean isOpen() {
        return rows > firstRows[sequences];
    }

    /** The address of the last row added. */
    long lastAddress() {
        return addresses[rows - 1];
    }

    /** Ends the sequence; a row without a byte is left out, and a sequence without a row. */
    void endSequence(long end) {
        while (isOpen() && Long.compareUnsigned(addresses[rows - 1], end) >= 0) {
            rows--;
        }
        if (!isOpen()) {
            return;
        }
        if (sequences == ends.length) {
            ends = Arrays.copyOf(ends, sequences * 2);
            firstRows = Arrays.copyOf(firstRows, sequences * 2 + 1);
        }
        ends[sequences++] = end;
        firstRows[sequences] = rows;
    }
}
