package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;

/**
 * Collects unwind rows and keeps those of code that is in the image: first those of call frame information, which are
 * right for every instruction, and where there are none those of an exception table.
 */
final class UnwindTable {
    private final LiveCode live;
    private final UnwindRules rules = new UnwindRules();
    private final UnwindEntries callFrames;
    private final UnwindEntries exceptions;

    UnwindTable(LiveCode live, FunctionStarts functions) {
        this.live = live;
        this.callFrames = new UnwindEntries(live, functions);
        this.exceptions = new UnwindEntries(live, functions);
    }

    /** The dictionary that both kinds of rows share. */
    UnwindRules rules() {
        return rules;
    }

    /** Takes the rows of {@code .debug_frame}, then those of {@code .eh_frame}: of equal entries the first counts. */
    UnwindRowSink callFrames() {
        return callFrames;
    }

    /** Takes the rows of {@code .ARM.exidx}. */
    UnwindRowSink exceptions() {
        return new InText();
    }

    /** Gives what is left to {@code sink}. */
    void emit(UnwindEntries.Sink sink) {
        if (exceptions.isEmpty()) {
            callFrames.emit(sink);
            return;
        }
        var described = new Rows();
        callFrames.emit(described);
        var gaps = new GapFiller(described, sink);
        exceptions.emit(gaps);
        gaps.end();
    }

    /** An entry of an exception table goes on until the next, be it over the end of the code: cuts it to the code. */
    private final class InText implements UnwindRowSink {

        @Override
        public void entry(long start, long end) {
            // each piece of code becomes an entry, of one row
        }

        @Override
        public void row(long start, long end, int rule) {
            var text = live.text();
            for (int range = firstEndingBehind(start);
                    range < text.size() && Long.compareUnsigned(text.get(range).start(), end) < 0;
                    range++) {
                long from = Unsigned.max(start, text.get(range).start());
                long to = Unsigned.min(end, text.get(range).end());
                exceptions.entry(from, to);
                exceptions.row(from, to, rule);
            }
        }

        private int firstEndingBehind(long address) {
            int low = 0;
            int high = live.text().size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (Long.compareUnsigned(live.text().get(middle).end(), address) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** Rows in columns. */
    private static final class Rows implements UnwindEntries.Sink {
        private final Longs starts = new Longs();
        private final Longs ends = new Longs();
        private final Longs rules = new Longs();

        @Override
        public void row(long start, long end, int rule) {
            starts.add(start);
            ends.add(end);
            rules.add(rule);
        }
    }

    /** Gives better rows to a sink, and of the ones that come in what lies between those. */
    private static final class GapFiller implements UnwindEntries.Sink {
        private final Rows better;
        private final UnwindEntries.Sink sink;
        private int next;

        GapFiller(Rows better, UnwindEntries.Sink sink) {
            this.better = better;
            this.sink = sink;
        }

        @Override
        public void row(long start, long end, int rule) {
            long from = start;
            while (Long.compareUnsigned(from, end) < 0) {
                if (next == better.starts.size() || Long.compareUnsigned(end, better.starts.get(next)) <= 0) {
                    sink.row(from, end, rule);
                    return;
                }
                if (Long.compareUnsigned(from, better.starts.get(next)) < 0) {
                    sink.row(from, better.starts.get(next), rule);
                }
                if (Long.compareUnsigned(end, better.ends.get(next)) < 0) {
                    return; // the better row goes on behind this one
                }
                from = Unsigned.max(from, better.ends.get(next));
                pass();
            }
        }

        void end() {
            while (next < better.starts.size()) {
                pass();
            }
        }

        private void pass() {
            sink.row(better.starts.get(next), better.ends.get(next), (int) better.rules.get(next));
            next++;
        }
    }
}
