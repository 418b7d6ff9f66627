package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads the runs of one function; {@link Runs} says how they are written. Short-lived, so that it costs no allocation. */
final class RunReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The file of the innermost call holds. */
    private static final int NOT_GIVEN = -1;

    private final MemorySegment payload;
    private final int step;

    /** Where the inlined calls are. */
    private final long calls;

    private final int ownFile;

    private int runs;
    private int anchorWidth;
    private long anchors;
    private long firstRun;

    private long distance;
    private long call;
    private int givenFile = NOT_GIVEN;
    private int line;
    private int column;
    private boolean none = true;

    /** Reads the runs whose number stands at {@code runsAt}. */
    RunReader(MemorySegment payload, int step, long calls, int ownFile, long runsAt) {
        this.payload = payload;
        this.step = step;
        this.calls = calls;
        this.ownFile = ownFile;
        var cursor = new Cursor(payload, runsAt);
        this.runs = (int) cursor.uleb();
        if (blocks() > 1) {
            this.anchorWidth = cursor.u8();
            this.anchors = cursor.position();
            cursor.skip((long) (blocks() - 1) * anchorWidth);
        }
        this.firstRun = cursor.position();
    }

    int runs() {
        return runs;
    }

    int blocks() {
        return Runs.blocks(runs);
    }

    /** Goes to the run of an address, {@code wanted} bytes behind the start of a function of {@code size}. */
    void find(long wanted, long size) {
        int block = blockOf(wanted, size);
        var cursor = begin(block);
        for (int left = runsIn(block); left > 0 && next(cursor, wanted); left--) {}
    }

    /** Goes before the first run of a block. */
    Cursor begin(int block) {
        call = 0;
        givenFile = NOT_GIVEN;
        line = 0;
        column = 0;
        none = true;
        distance = block == 0 ? 0 : anchor(block, 0);
        return new Cursor(payload, firstRun + (block == 0 ? 0 : anchor(block, anchorWidth / 2)));
    }

    int runsIn(int block) {
        return Math.min(Runs.BLOCK, runs - block * Runs.BLOCK);
    }

    /** Goes to the next run unless it begins behind {@code last}. */
    boolean next(Cursor cursor, long last) {
        int flags = cursor.u8();
        int steps = flags & Runs.STEPS;
        distance += steps == 0 ? cursor.uleb() : (long) steps * step;
        if (distance > last) {
            return false;
        }
        if ((flags & Runs.CALL_FOLLOWS) != 0) {
            call += cursor.sleb();
            givenFile = NOT_GIVEN;
        }
        if ((flags & Runs.FILE_FOLLOWS) != 0) {
            givenFile = (int) cursor.uleb();
        }
        int lineFlag = flags & Runs.LINE;
        if (lineFlag == Runs.LINE_NEXT) {
            line++;
        } else if (lineFlag == Runs.LINE_FOLLOWS) {
            line += (int) cursor.sleb();
        }
        if ((flags & Runs.COLUMN_FOLLOWS) != 0) {
            column = (int) cursor.uleb();
        }
        none = lineFlag == Runs.LINE_NONE;
        return true;
    }

    /** Where the run begins, behind the function's start. */
    long distance() {
        return distance;
    }

    /** Place of the innermost inlined call plus 1; 0: the function itself. */
    long call() {
        return call;
    }

    /** The number of the file; 0: none. */
    int file() {
        return none ? 0 : givenFile == NOT_GIVEN ? fileOf(call) : givenFile;
    }

    int line() {
        return none ? 0 : line;
    }

    int column() {
        return none ? 0 : column;
    }

    /**
     * The last block that does not begin behind the address. Code is even enough to guess where that is: the search doubles
     * its steps from there, so that it waits for memory once or twice, where halving would wait for every step.
     */
    private int blockOf(long wanted, long size) {
        int last = blocks() - 1;
        if (last < 1) {
            return 0;
        }
        int low = (int) Math.clamp((double) wanted / size * last, 0, last);
        int high = low;
        for (int reach = 1; low > 0 && anchor(low, 0) > wanted; reach *= 2) {
            high = low - 1;
            low = Math.max(0, low - reach);
        }
        for (int reach = 1; high == low && high < last; reach *= 2) {
            int next = Math.min(last, high + reach);
            if (anchor(next, 0) > wanted) {
                high = next - 1;
                break;
            }
            low = next;
            high = next;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (anchor(middle, 0) <= wanted) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** A field of a block's anchor; the first block needs none. */
    private long anchor(int block, int field) {
        long at = anchors + (long) (block - 1) * anchorWidth + field;
        return anchorWidth == Runs.NARROW_ANCHOR
                ? payload.get(SHORT, at) & 0xffff
                : payload.get(INT, at) & 0xffff_ffffL;
    }

    private int fileOf(long place) {
        if (place == 0) {
            return ownFile;
        }
        var entry = new Cursor(payload, calls + place - 1);
        entry.uleb(); // the call around
        entry.uleb(); // its names
        return (int) entry.uleb();
    }
}
