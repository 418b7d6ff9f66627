package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.CallFrameInformation;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects rows of call frame information and keeps those of code that is in the image. Entries of discarded functions all
 * start at a tombstone, so in an image with code at address 0 they lie over living ones: an entry counts there only if
 * a function starts with it, and the one that also ends with the function wins.
 */
final class UnwindTable implements CallFrameInformation.Rows {
    private final LiveCode live;
    private final FunctionTable functions;
    private final UnwindRules rules = new UnwindRules();
    private final Longs starts = new Longs();
    private final Longs ends = new Longs();
    private final Longs ruleNumbers = new Longs();
    private final List<Entry> entries = new ArrayList<>();

    UnwindTable(LiveCode live, FunctionTable functions) {
        this.live = live;
        this.functions = functions;
    }

    /** Rows of one function; {@code from} and {@code to} are numbers of rows. */
    private record Entry(long start, long end, int from, int to, int score) {}

    /** Takes rows of what is left, ascending and without overlap. */
    @FunctionalInterface
    interface Sink {
        void row(long start, long end, int rule);
    }

    UnwindRules rules() {
        return rules;
    }

    @Override
    public void row(long start, long end, UnwindRow row) {
        if (!live.isText(start, end)) {
            return;
        }
        int number = starts.size();
        boolean continues = number > 0 && ends.get(number - 1) == start && !functions.startsAt(start);
        starts.add(start);
        ends.add(end);
        ruleNumbers.add(rules.number(row));
        if (continues) {
            var before = entries.removeLast();
            entries.add(new Entry(before.start(), end, before.from(), number + 1, 0));
        } else {
            entries.add(new Entry(start, end, number, number + 1, 0));
        }
    }

    /** Gives what is left to {@code sink}. */
    void emit(Sink sink) {
        var judged = new ArrayList<Entry>(entries.size());
        for (Entry entry : entries) {
            int score = score(entry);
            if (score > 0) {
                judged.add(new Entry(entry.start(), entry.end(), entry.from(), entry.to(), score));
            }
        }
        // stable: of equals the one that was read first
        judged.sort(Comparator.comparing(Entry::start, Long::compareUnsigned)
                .thenComparing(Comparator.comparingInt(Entry::score).reversed()));
        long coveredTo = 0;
        for (int i = 0; i < judged.size(); i++) {
            var entry = judged.get(i);
            if (i > 0 && Long.compareUnsigned(entry.end(), coveredTo) <= 0) {
                continue;
            }
            long start = Long.compareUnsigned(entry.start(), coveredTo) < 0 ? coveredTo : entry.start();
            long end = entry.end();
            // what begins inside at the start of a function knows that function better
            if (i + 1 < judged.size()
                    && judged.get(i + 1).score() > entry.score()
                    && Long.compareUnsigned(judged.get(i + 1).start(), end) < 0) {
                end = judged.get(i + 1).start();
            }
            for (int row = entry.from(); row < entry.to(); row++) {
                long from = Long.compareUnsigned(starts.get(row), start) < 0 ? start : starts.get(row);
                long to = Long.compareUnsigned(ends.get(row), end) < 0 ? ends.get(row) : end;
                if (Long.compareUnsigned(from, to) < 0) {
                    sink.row(from, to, (int) ruleNumbers.get(row));
                }
            }
            coveredTo = end;
        }
    }

    private int score(Entry entry) {
        var function = functions.startingAt(entry.start());
        if (function.isEmpty()) {
            return live.isTombstone(entry.start()) ? 0 : 1;
        }
        return function.get().end() == entry.end() ? 3 : 2;
    }
}
