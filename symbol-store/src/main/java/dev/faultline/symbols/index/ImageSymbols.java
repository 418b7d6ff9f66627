package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.elf.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the symbol table says about an image: where functions and globals are. It is what the debugging information is
 * held against, because the linker keeps it free of code that it threw away.
 */
final class ImageSymbols {
    // not of Symbol::address, which would make an object of each address it looks at
    private static final Comparator<Symbol> BY_ADDRESS = (a, b) -> Long.compareUnsigned(a.address(), b.address());

    /** Of the names of one address the one to show: stable from build to build of the index. */
    private static final Comparator<Symbol> BEST_ALIAS = Comparator.comparing((Symbol symbol) -> !symbol.isFunction())
            .thenComparing(ImageSymbols::bindingRank)
            .thenComparing(symbol -> symbol.size() == 0)
            .thenComparing(symbol -> symbol.name().length())
            .thenComparing(Symbol::name);

    private final List<Section> sections;

    /** Ascending by address, of one address the best alias first. */
    private final List<Symbol> functions = new ArrayList<>();

    private final List<Symbol> objects = new ArrayList<>();
    private final List<Symbol> labels = new ArrayList<>();

    /** Where instructions and data begin inside of code sections, ascending. */
    private final List<Symbol> mapping = new ArrayList<>();

    /** The addresses of {@link #functions} and of objects: searched without touching the symbols. */
    private long[] functionAddresses = {};

    private long[] objectAddresses = {};

    private ImageSymbols(List<Section> sections) {
        this.sections = sections;
    }

    static ImageSymbols read(ElfFile elf) {
        var symbols = new ImageSymbols(elf.sections());
        var untyped = new ArrayList<Symbol>();
        for (Symbol symbol : elf.symbols()) {
            symbols.take(symbol, untyped);
        }
        // stable: of several mapping symbols at one address the last one holds
        symbols.mapping.sort(BY_ADDRESS);
        // as signed numbers in the order of the unsigned ones
        symbols.objectAddresses = symbols.objects.stream()
                .mapToLong(symbol -> symbol.address() ^ Long.MIN_VALUE)
                .sorted()
                .map(address -> address ^ Long.MIN_VALUE)
                .toArray();
        for (Symbol symbol : untyped) {
            if (symbols.isInstruction(symbol.address())) {
                symbols.functions.add(symbol);
            }
        }
        symbols.functions.sort(BY_ADDRESS.thenComparing(BEST_ALIAS));
        symbols.functionAddresses =
                symbols.functions.stream().mapToLong(Symbol::address).toArray();
        return symbols;
    }

    /** A function's bytes as the symbol table knows them. */
    record FunctionRange(long start, long end, Symbol symbol) {}

    /** Every function with its bytes, ascending, none overlapping; one of unknown size goes up to what comes next. */
    List<FunctionRange> functionRanges() {
        var ranges = new ArrayList<FunctionRange>(functions.size());
        long coveredTo = 0;
        for (int i = 0; i < functions.size(); i = firstAbove(functionAddresses, functionAddresses[i])) {
            long start = functionAddresses[i];
            Symbol symbol = functions.get(i);
            if (symbol.size() == 0 && Long.compareUnsigned(start, coveredTo) < 0) {
                continue; // a label inside a function
            }
            long end = end(symbol);
            if (!ranges.isEmpty() && Long.compareUnsigned(ranges.getLast().end(), start) > 0) {
                var outer = ranges.removeLast();
                ranges.add(new FunctionRange(outer.start(), start, outer.symbol()));
            }
            if (Long.compareUnsigned(start, end) < 0) {
                ranges.add(new FunctionRange(start, end, symbol));
                coveredTo = symbol.size() == 0 ? start : end;
            }
        }
        return ranges;
    }

    /** All symbols of functions, aliases included. */
    List<Symbol> functions() {
        return Collections.unmodifiableList(functions);
    }

    /** All symbols of globals. */
    List<Symbol> objects() {
        return Collections.unmodifiableList(objects);
    }

    /** Symbols without a type that are not code: what linker scripts define. */
    List<Symbol> labels() {
        return Collections.unmodifiableList(labels);
    }

    /** The functions that start at an address, best alias first. */
    List<Symbol> functionsAt(long address) {
        int first = firstAtOrAbove(functionAddresses, address);
        if (first == functionAddresses.length || functionAddresses[first] != address) {
            return List.of();
        }
        return functions.subList(first, firstAbove(functionAddresses, address));
    }

    /** The function of known size that an address lies strictly inside of. */
    @Nullable
    Symbol functionAround(long address) {
        int below = firstAtOrAbove(functionAddresses, address) - 1;
        if (below < 0) {
            return null;
        }
        for (Symbol symbol : functionsAt(functionAddresses[below])) {
            if (Long.compareUnsigned(address - symbol.address(), symbol.size()) < 0) {
                return symbol;
            }
        }
        return null;
    }

    /** Whether a function starts inside a range that is not one of {@code known}. */
    boolean startsWithout(long start, long end, Set<Long> known) {
        for (int i = firstAtOrAbove(functionAddresses, start);
                i < functionAddresses.length && Long.compareUnsigned(functionAddresses[i], end) < 0;
                i++) {
            if (!known.contains(functionAddresses[i])) {
                return true;
            }
        }
        return false;
    }

    private static int bindingRank(Symbol symbol) {
        return switch (symbol.binding()) {
            case Symbol.STB_GLOBAL -> 0;
            case Symbol.STB_WEAK -> 1;
            default -> 2;
        };
    }

    private void take(Symbol symbol, List<Symbol> untyped) {
        if (symbol.name().isEmpty() || symbol.section() == 0) {
            return;
        }
        Section section =
                symbol.section() > 0 && symbol.section() < sections.size() ? sections.get(symbol.section()) : null;
        if (symbol.mapping() != 0) {
            if (section != null && section.isCode()) {
                mapping.add(symbol);
            }
            return;
        }
        Section around = section != null && section.contains(symbol.address()) ? section : null;
        if (symbol.isFunction() && around != null && around.isCode()) {
            functions.add(symbol);
        } else if (symbol.type() == Symbol.STT_OBJECT && around != null) {
            objects.add(symbol);
        } else if (symbol.type() == Symbol.STT_NOTYPE && symbol.binding() != Symbol.STB_LOCAL) {
            if (around != null && around.isCode()) {
                untyped.add(symbol);
            } else {
                labels.add(symbol);
            }
        }
    }

    /** Whether a label in a code section marks instructions; a vector table in assembly is data there. */
    private boolean isInstruction(long address) {
        int low = 0;
        int high = mapping.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(mapping.get(middle).address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int object = firstAtOrAbove(objectAddresses, address);
        return (low == 0 || mapping.get(low - 1).mapping() != 'd')
                && (object == objectAddresses.length || objectAddresses[object] != address);
    }

    private long end(Symbol symbol) {
        Section section = sections.get(symbol.section());
        long sectionEnd = section.address() + section.size();
        if (symbol.size() != 0) {
            long left = sectionEnd - symbol.address();
            return symbol.address() + (Long.compareUnsigned(symbol.size(), left) < 0 ? symbol.size() : left);
        }
        long end = sectionEnd;
        int nextFunction = firstAbove(functionAddresses, symbol.address());
        if (nextFunction < functionAddresses.length) {
            end = Unsigned.min(end, functionAddresses[nextFunction]);
        }
        int nextObject = firstAbove(objectAddresses, symbol.address());
        if (nextObject < objectAddresses.length) {
            end = Unsigned.min(end, objectAddresses[nextObject]);
        }
        return end;
    }

    private static int firstAtOrAbove(long[] sorted, long address) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sorted[middle], address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstAbove(long[] sorted, long address) {
        return address == -1L ? sorted.length : firstAtOrAbove(sorted, address + 1);
    }
}
