package dev.faultline.symbols.index;

import dev.faultline.symbols.index.LiveCode.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The functions of an image, each contiguous part on its own, ascending and without overlap. Where several claim the same
 * bytes, the one with the best claim has them; what no debugging information claims is left to the symbol table.
 */
final class FunctionTable implements FunctionStarts {
    /** Functions folded into one; more names than these help nobody. */
    private static final int MOST_ALTERNATES = 16;

    private final List<Entry> entries;

    private FunctionTable(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * A part that has its bytes.
     *
     * @param alternates other functions that are the same bytes: the linker folded them into one
     */
    record Entry(Part part, List<Part> alternates) {}

    /** Makes the part of a function that only the symbol table knows. */
    @FunctionalInterface
    interface FromSymbol {
        Part part(long start, long end, ImageSymbols.FunctionRange symbol);
    }

    static FunctionTable of(List<Part> claimed, List<ImageSymbols.FunctionRange> symbols, FromSymbol fromSymbol) {
        var chosen = withoutOverlap(claimed);
        var all = new ArrayList<Entry>(chosen.size() + symbols.size());
        int next = 0;
        for (Entry entry : chosen) {
            next = fill(symbols, next, entry.part().start(), all, fromSymbol);
            all.add(entry);
        }
        fill(symbols, next, -1L, all, fromSymbol);
        return new FunctionTable(all);
    }

    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    @Override
    public boolean startsAt(long address) {
        return find(address) >= 0;
    }

    @Override
    public long endOf(long start) {
        int found = find(start);
        return found < 0 ? 0 : entries.get(found).part().end();
    }

    private int find(long start) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(entries.get(middle).part().start(), start);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private static List<Entry> withoutOverlap(List<Part> claimed) {
        var sorted = new ArrayList<>(claimed);
        sorted.sort(FunctionTable::compare);
        var chosen = new ArrayList<Entry>(sorted.size());
        for (Part part : sorted) {
            if (isFree(part, chosen)) {
                chosen.add(new Entry(part, new ArrayList<>(0)));
            }
        }
        return chosen;
    }

    /** By start, of one start the best first. A chain of comparators would make objects of all numbers it looks at. */
    private static int compare(Part a, Part b) {
        int order = Long.compareUnsigned(a.start(), b.start());
        if (order == 0) {
            order = b.claim().compareTo(a.claim());
        }
        if (order == 0) {
            order = Boolean.compare(a.bytesWithLine() == 0, b.bytesWithLine() == 0);
        }
        if (order == 0) {
            order = Long.compare(b.size(), a.size());
        }
        return order == 0 ? Long.compare(a.order(), b.order()) : order;
    }

    /** Makes room for a part among those that start before it, or says that it has none. */
    private static boolean isFree(Part part, List<Entry> chosen) {
        while (!chosen.isEmpty()) {
            Entry last = chosen.getLast();
            Part before = last.part();
            if (Long.compareUnsigned(before.end(), part.start()) <= 0) {
                return true;
            }
            if (before.start() == part.start()) {
                addAlternate(last, part);
                return false;
            }
            if (before.claim().compareTo(part.claim()) > 0) {
                return false;
            }
            if (before.claim() == Claim.UNOPPOSED && part.claim().compareTo(Claim.NAMED) >= 0) {
                chosen.removeLast();
            } else {
                chosen.set(chosen.size() - 1, new Entry(before.until(part.start()), last.alternates()));
                return true;
            }
        }
        return true;
    }

    private static void addAlternate(Entry entry, Part other) {
        boolean folded = other.end() == entry.part().end() && other.claim().compareTo(Claim.SAME_BYTES) >= 0;
        if (folded
                && entry.alternates().size() < MOST_ALTERNATES
                && !isNamed(entry.part(), other)
                && entry.alternates().stream().noneMatch(known -> isNamed(known, other))) {
            entry.alternates().add(other);
        }
    }

    private static boolean isNamed(Part part, Part other) {
        return linkerName(part).equals(linkerName(other));
    }

    private static String linkerName(Part part) {
        return part.linkageName() == null ? part.name() : part.linkageName();
    }

    /** Appends what symbols have below {@code end} and behind what is there; the number of the first symbol to go on with. */
    private static int fill(
            List<ImageSymbols.FunctionRange> symbols, int from, long end, List<Entry> all, FromSymbol fromSymbol) {
        int next = from;
        while (next < symbols.size()) {
            var symbol = symbols.get(next);
            if (Long.compareUnsigned(symbol.start(), end) >= 0) {
                return next;
            }
            long coveredTo = all.isEmpty() ? 0 : all.getLast().part().end();
            // a symbol whose beginning is described already is that function, with padding or data at its end
            boolean described = !all.isEmpty() && Long.compareUnsigned(symbol.start(), coveredTo) < 0;
            if (!described) {
                long partEnd = Long.compareUnsigned(symbol.end(), end) < 0 ? symbol.end() : end;
                all.add(new Entry(fromSymbol.part(symbol.start(), partEnd, symbol), List.of()));
            }
            next++;
        }
        return next;
    }
}
