package dev.faultline.symbols.index;

import java.util.List;

/** Writes unwind rows, joins equal neighbours, marks gaps, and counts how much of the functions they cover. */
final class RowWriter implements UnwindTable.Sink {
    private final Words words;
    private final List<FunctionTable.Entry> functions;
    private final Bytes starts = new Bytes();
    private final Bytes rules = new Bytes();
    private int count;
    private int lastRule = UnwindRules.NONE;
    private long coveredTo;
    private int nextFunction;
    private long functionBytes;

    RowWriter(Words words, FunctionTable functions) {
        this.words = words;
        this.functions = functions.entries();
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
        countFunctionBytes(start, end);
    }

    /** Marks where the rows so far end. */
    void end() {
        if (lastRule != UnwindRules.NONE) {
            put(coveredTo, UnwindRules.NONE);
        }
    }

    Bytes starts() {
        return starts;
    }

    Bytes rules() {
        return rules;
    }

    /** Rows, without those that only mark an end. */
    int count() {
        return count;
    }

    /** Bytes of functions that have a row. */
    long functionBytes() {
        return functionBytes;
    }

    private void put(long start, int rule) {
        words.address(starts, start);
        rules.u32(rule);
        lastRule = rule;
    }

    private void countFunctionBytes(long start, long end) {
        while (nextFunction < functions.size()
                && Long.compareUnsigned(functions.get(nextFunction).part().end(), start) <= 0) {
            nextFunction++;
        }
        for (int i = nextFunction;
                i < functions.size()
                        && Long.compareUnsigned(functions.get(i).part().start(), end) < 0;
                i++) {
            long from = Unsigned.max(start, functions.get(i).part().start());
            long to = Unsigned.min(end, functions.get(i).part().end());
            functionBytes += to - from;
        }
    }
}
