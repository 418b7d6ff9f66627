package dev.faultline.symbols.index;

import dev.faultline.symbols.index.LiveCode.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions of an image, each contiguous part on its own, ascending and without overlap. Where several claim the same
 * bytes, the one with the best claim has them; what no debugging information claims is left to the symbol table.
 */
final class FunctionTable implements FunctionStarts {
    private final List<Part> parts;

    private FunctionTable(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * A contiguous part of a function.
     *
     * @param payloadAt where its names, calls and runs are
     * @param bytesWithLine how many of its bytes have a source position
     */
    record Part(
            long start,
            long end,
            String name,
            @Nullable String linkageName,
            Claim claim,
            int payloadAt,
            long bytesWithLine) {

        private Part until(long newEnd) {
            return new Part(
                    start, newEnd, name, linkageName, claim, payloadAt, Math.min(bytesWithLine, newEnd - start));
        }
    }

    /** Makes the part of a function that only the symbol table knows. */
    @FunctionalInterface
    interface FromSymbol {
        Part part(long start, long end, ImageSymbols.FunctionRange symbol);
    }

    static FunctionTable of(List<Part> claimed, List<ImageSymbols.FunctionRange> symbols, FromSymbol fromSymbol) {
        var chosen = withoutOverlap(claimed);
        var all = new ArrayList<Part>(chosen.size() + symbols.size());
        int next = 0;
        for (Part part : chosen) {
            next = fill(symbols, next, part.start(), all, fromSymbol);
            all.add(part);
        }
        fill(symbols, next, -1L, all, fromSymbol);
        return new FunctionTable(all);
    }

    List<Part> parts() {
        return Collections.unmodifiableList(parts);
    }

    @Override
    public boolean startsAt(long address) {
        return startingAt(address).isPresent();
    }

    @Override
    public long endOf(long start) {
        return startingAt(start).map(Part::end).orElse(0L);
    }

    private Optional<Part> startingAt(long address) {
        int low = 0;
        int high = parts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(parts.get(middle).start(), address);
            if (order == 0) {
                return Optional.of(parts.get(middle));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    private static List<Part> withoutOverlap(List<Part> claimed) {
        var sorted = new ArrayList<>(claimed);
        // stable: of equal claims the one that was read first, so that the same file gives the same index
        sorted.sort(Comparator.comparing(Part::start, Long::compareUnsigned)
                .thenComparing(Part::claim, Comparator.reverseOrder())
                .thenComparing(part -> part.bytesWithLine() == 0)
                .thenComparing(part -> part.end() - part.start(), Comparator.reverseOrder()));
        var chosen = new ArrayList<Part>(sorted.size());
        for (Part part : sorted) {
            boolean taken = false;
            while (!chosen.isEmpty() && !taken) {
                var before = chosen.getLast();
                if (Long.compareUnsigned(before.end(), part.start()) <= 0) {
                    break;
                }
                if (before.start() == part.start() || before.claim().compareTo(part.claim()) > 0) {
                    taken = true;
                } else if (before.claim() == Claim.UNOPPOSED && part.claim() == Claim.NAMED) {
                    chosen.removeLast();
                } else {
                    chosen.set(chosen.size() - 1, before.until(part.start()));
                }
            }
            if (!taken) {
                chosen.add(part);
            }
        }
        return chosen;
    }

    /** Appends what symbols have below {@code end} and behind what is there; the number of the first symbol to go on with. */
    private static int fill(
            List<ImageSymbols.FunctionRange> symbols, int from, long end, List<Part> all, FromSymbol fromSymbol) {
        int next = from;
        while (next < symbols.size()) {
            var symbol = symbols.get(next);
            if (Long.compareUnsigned(symbol.start(), end) >= 0) {
                return next;
            }
            long coveredTo = all.isEmpty() ? 0 : all.getLast().end();
            // a symbol whose beginning is described already is that function, with padding or data at its end
            boolean described = !all.isEmpty() && Long.compareUnsigned(symbol.start(), coveredTo) < 0;
            if (!described) {
                long partEnd = Long.compareUnsigned(symbol.end(), end) < 0 ? symbol.end() : end;
                all.add(fromSymbol.part(symbol.start(), partEnd, symbol));
            }
            next++;
        }
        return next;
    }
}
