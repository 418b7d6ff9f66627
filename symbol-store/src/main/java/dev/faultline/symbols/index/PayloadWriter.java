package dev.faultline.symbols.index;

import dev.faultline.symbols.index.TextPool.Text;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns what {@link PartEncoder} kept into the payload of the index, function by function: numbers into ranks, rows into runs. */
final class PayloadWriter {
    private static final int NONE = -1;

    private final TextPool names;
    private final MemorySegment[] kept;
    private final int[] fileNumbers;
    private final int step;
    private final Map<Long, Integer> pairs = new HashMap<>();
    private final Bytes pairBytes = new Bytes();

    // one function at a time
    private int callCount;
    private int[] callFields = new int[6 * 64];
    private int[] callFiles = new int[64];
    private int[] callPlaces = new int[64];
    private int runCount;
    private long[] runStarts = new long[64];
    private int[] runFields = new int[4 * 64];
    private final Bytes calls = new Bytes();
    private final Bytes runs = new Bytes();
    private int[] blockPlaces = new int[8];

    /**
     * Writes for one image.
     *
     * @param names all names; those numbered have their ranks
     * @param kept what each worker kept
     * @param fileNumbers for each path by its number, its number in the index, from 1
     * @param step bytes between possible starts of instructions
     */
    PayloadWriter(TextPool names, MemorySegment[] kept, int[] fileNumbers, int step) {
        this.names = names;
        this.kept = kept;
        this.fileNumbers = fileNumbers;
        this.step = step;
    }

    /** Appends one function. */
    void write(Part part, List<Part> alternates, Bytes out) {
        var in = new Cursor(kept[part.worker()], part.place());
        int name = (int) in.uleb();
        int linkageName = (int) in.uleb();
        long entry = in.uleb();
        readCalls(in);
        readRuns(in);
        int ownFile = findFiles();
        encodeCalls(ownFile);
        encodeRuns(ownFile);
        out.uleb(part.size());
        out.uleb(reference(name, linkageName));
        out.uleb(entry);
        out.uleb(ownFile);
        out.uleb(alternates.size());
        for (Part alternate : alternates) {
            var names = new Cursor(kept[alternate.worker()], alternate.place());
            int alternateName = (int) names.uleb();
            out.uleb(reference(alternateName, (int) names.uleb()));
        }
        out.uleb(calls.size());
        out.bytes(calls);
        out.uleb(runCount);
        anchors(out);
        out.bytes(runs);
    }

    /** The pairs of names met so far. */
    Bytes pairs() {
        return pairBytes;
    }

    private static final int PARENT = 0;
    private static final int NAME = 1;
    private static final int LINKAGE_NAME = 2;
    private static final int FILE = 3;
    private static final int LINE = 4;
    private static final int COLUMN = 5;
    private static final int CALL_FIELDS = 6;

    private void readCalls(Cursor in) {
        callCount = (int) in.uleb();
        if (callFiles.length < callCount) {
            callFields = new int[CALL_FIELDS * callCount * 2];
            callFiles = new int[callCount * 2];
            callPlaces = new int[callCount * 2];
        }
        for (int i = 0; i < callCount * CALL_FIELDS; i++) {
            callFields[i] = (int) in.uleb();
        }
    }

    private static final int RUN_CALL = 0;
    private static final int RUN_FILE = 1;
    private static final int RUN_LINE = 2;
    private static final int RUN_COLUMN = 3;
    private static final int RUN_FIELDS = 4;

    private void readRuns(Cursor in) {
        runCount = (int) in.uleb();
        if (runStarts.length < runCount) {
            runStarts = new long[runCount * 2];
            runFields = new int[RUN_FIELDS * runCount * 2];
        }
        long at = 0;
        for (int i = 0; i < runCount; i++) {
            at += in.uleb();
            runStarts[i] = at;
            for (int field = 0; field < RUN_FIELDS; field++) {
                runFields[i * RUN_FIELDS + field] = (int) in.uleb();
            }
        }
    }

    private int run(int index, int field) {
        return runFields[index * RUN_FIELDS + field];
    }

    private int call(int index, int field) {
        return callFields[index * CALL_FIELDS + field];
    }

    private int file(int number) {
        return number == SourceFiles.NONE ? 0 : fileNumbers[number - 1];
    }

    /** The file of the function and of each call: that of its first row, which is the one most of its rows have. */
    private int findFiles() {
        Arrays.fill(callFiles, 0, callCount, NONE);
        int own = NONE;
        for (int i = 0; i < runCount; i++) {
            int file = file(run(i, RUN_FILE));
            int call = run(i, RUN_CALL) - 1;
            if (file != 0 && call < 0 && own == NONE) {
                own = file;
            } else if (file != 0 && call >= 0 && callFiles[call] == NONE) {
                callFiles[call] = file;
            }
        }
        for (int i = 0; i < callCount; i++) {
            if (callFiles[i] == NONE) {
                callFiles[i] = 0;
            }
        }
        return own == NONE ? 0 : own;
    }

    private void encodeCalls(int ownFile) {
        calls.clear();
        for (int i = 0; i < callCount; i++) {
            callPlaces[i] = calls.size() + 1;
            int parent = call(i, PARENT) - 1;
            int parentFile = parent < 0 ? ownFile : callFiles[parent];
            int callFile = file(call(i, FILE));
            calls.uleb(parent < 0 ? 0 : callPlaces[i] - callPlaces[parent]);
            calls.uleb(reference(call(i, NAME), call(i, LINKAGE_NAME)));
            calls.uleb(callFiles[i]);
            // most calls are written in the file of the function around
            calls.uleb(callFile == parentFile ? 0 : callFile + 1L);
            calls.uleb(call(i, LINE));
            calls.uleb(call(i, COLUMN));
        }
    }

    private void encodeRuns(int ownFile) {
        runs.clear();
        int blocks = Runs.blocks(runCount);
        if (blockPlaces.length < blocks) {
            blockPlaces = new int[blocks * 2];
        }
        long at = 0;
        int call = NONE;
        int file = ownFile;
        int line = 0;
        int column = 0;
        for (int i = 0; i < runCount; i++) {
            if (i % Runs.BLOCK == 0) {
                blockPlaces[i / Runs.BLOCK] = runs.size();
                at = runStarts[i];
                call = NONE;
                file = ownFile;
                line = 0;
                column = 0;
            }
            int newCall = run(i, RUN_CALL) - 1;
            int newFile = file(run(i, RUN_FILE));
            int newLine = run(i, RUN_LINE);
            int newColumn = run(i, RUN_COLUMN);
            boolean none = newFile == 0 && newLine == 0 && newColumn == 0;
            long distance = runStarts[i] - at;
            boolean inSteps = distance > 0 && distance % step == 0 && distance / step <= Runs.STEPS;
            boolean otherCall = newCall != call;
            if (otherCall) {
                file = newCall < 0 ? ownFile : callFiles[newCall];
            }
            int flags = inSteps ? (int) (distance / step) : 0;
            flags |= otherCall ? Runs.CALL_FOLLOWS : 0;
            flags |= !none && newFile != file ? Runs.FILE_FOLLOWS : 0;
            flags |= !none && newColumn != column ? Runs.COLUMN_FOLLOWS : 0;
            flags |= none ? Runs.LINE_NONE : lineFlag(newLine - (long) line);
            runs.u8(flags);
            if (!inSteps) {
                runs.uleb(distance);
            }
            if (otherCall) {
                runs.sleb((newCall < 0 ? 0 : callPlaces[newCall]) - (call < 0 ? 0L : callPlaces[call]));
            }
            if ((flags & Runs.FILE_FOLLOWS) != 0) {
                runs.uleb(newFile);
                file = newFile;
            }
            if ((flags & Runs.LINE) == Runs.LINE_FOLLOWS) {
                runs.sleb(newLine - (long) line);
            }
            if ((flags & Runs.COLUMN_FOLLOWS) != 0) {
                runs.uleb(newColumn);
            }
            at = runStarts[i];
            call = newCall;
            if (!none) {
                line = newLine;
                column = newColumn;
            }
        }
    }

    private static int lineFlag(long difference) {
        return difference == 0 ? Runs.LINE_SAME : difference == 1 ? Runs.LINE_NEXT : Runs.LINE_FOLLOWS;
    }

    /** Where each block but the first begins, where there are several. */
    private void anchors(Bytes out) {
        int blocks = Runs.blocks(runCount);
        if (blocks < 2) {
            return;
        }
        boolean narrow = runs.size() <= 0xffff && runStarts[runCount - 1] <= 0xffff;
        out.u8(narrow ? Runs.NARROW_ANCHOR : Runs.WIDE_ANCHOR);
        for (int block = 1; block < blocks; block++) {
            if (narrow) {
                out.u16((int) runStarts[block * Runs.BLOCK]);
                out.u16(blockPlaces[block]);
            } else {
                out.u32(runStarts[block * Runs.BLOCK]);
                out.u32(blockPlaces[block]);
            }
        }
    }

    /** Twice the rank of a name from which the source's follows; else twice the number of a pair, plus 1. */
    private long reference(int name, int linkageName) {
        if (linkageName == 0) {
            return name == 0 ? 0 : 2L * rank(name);
        }
        if (name == 0) {
            return 2L * rank(linkageName);
        }
        return 2L
                        * pairs.computeIfAbsent((long) name << Integer.SIZE | linkageName, key -> {
                            pairBytes.u32(rank(name));
                            pairBytes.u32(rank(linkageName));
                            return pairs.size();
                        })
                + 1;
    }

    private int rank(int number) {
        Text text = names.at(number - 1);
        return text.rank();
    }
}
