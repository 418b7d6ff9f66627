package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.elf.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the symbol table says about an image: where functions and globals are. It is what the debugging information is
 * held against, because the linker keeps it free of code that it threw away.
 */
final class ImageSymbols {
    /** Of the names of one address the one to show: stable from build to build of the index. */
    private static final Comparator<Symbol> BEST_ALIAS = Comparator.comparing((Symbol symbol) -> !symbol.isFunction())
            .thenComparing(ImageSymbols::bindingRank)
            .thenComparing(symbol -> symbol.size() == 0)
            .thenComparing(symbol -> symbol.name().length())
            .thenComparing(Symbol::name);

    private final List<Section> sections;
    private final List<Symbol> functions = new ArrayList<>();
    private final List<Symbol> objects = new ArrayList<>();
    private final List<Symbol> labels = new ArrayList<>();
    private final TreeMap<Long, Character> mapping = new TreeMap<>(Long::compareUnsigned);

    /** Best alias first at each address. */
    private final TreeMap<Long, List<Symbol>> functionsAt = new TreeMap<>(Long::compareUnsigned);

    private final TreeMap<Long, Long> objectStarts = new TreeMap<>(Long::compareUnsigned);

    private ImageSymbols(List<Section> sections) {
        this.sections = sections;
    }

    static ImageSymbols read(ElfFile elf) {
        var symbols = new ImageSymbols(elf.sections());
        var untyped = new ArrayList<Symbol>();
        for (Symbol symbol : elf.symbols()) {
            symbols.take(symbol, untyped);
        }
        for (Symbol symbol : untyped) {
            if (symbols.isInstruction(symbol.address())) {
                symbols.functions.add(symbol);
            }
        }
        for (Symbol symbol : symbols.functions) {
            symbols.functionsAt
                    .computeIfAbsent(symbol.address(), address -> new ArrayList<>(1))
                    .add(symbol);
        }
        symbols.functionsAt.values().forEach(aliases -> aliases.sort(BEST_ALIAS));
        return symbols;
    }

    /** A function's bytes as the symbol table knows them. */
    record FunctionRange(long start, long end, Symbol symbol) {}

    /** Every function with its bytes, ascending, none overlapping; one of unknown size goes up to what comes next. */
    List<FunctionRange> functionRanges() {
        var ranges = new ArrayList<FunctionRange>(functionsAt.size());
        long coveredTo = 0;
        for (var entry : functionsAt.entrySet()) {
            long start = entry.getKey();
            Symbol symbol = entry.getValue().getFirst();
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
        return functionsAt.getOrDefault(address, List.of());
    }

    /** The function of known size that an address lies strictly inside of. */
    @Nullable
    Symbol functionAround(long address) {
        var below = functionsAt.lowerEntry(address);
        if (below == null) {
            return null;
        }
        for (Symbol symbol : below.getValue()) {
            if (Long.compareUnsigned(address - symbol.address(), symbol.size()) < 0) {
                return symbol;
            }
        }
        return null;
    }

    /** Whether a function starts inside a range that is not one of {@code known}. */
    boolean startsWithout(long start, long end, Set<Long> known) {
        for (Long at : functionsAt.subMap(start, end).keySet()) {
            if (!known.contains(at)) {
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
        char kind = symbol.mapping();
        if (kind != 0) {
            if (section != null && section.isCode()) {
                mapping.put(symbol.address(), kind);
            }
            return;
        }
        Section around = section != null && section.contains(symbol.address()) ? section : null;
        if (symbol.isFunction() && around != null && around.isCode()) {
            functions.add(symbol);
        } else if (symbol.type() == Symbol.STT_OBJECT && around != null) {
            objects.add(symbol);
            objectStarts.put(symbol.address(), symbol.size());
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
        var entry = mapping.floorEntry(address);
        return (entry == null || entry.getValue() != 'd') && !objectStarts.containsKey(address);
    }

    private long end(Symbol symbol) {
        Section section = sections.get(symbol.section());
        long sectionEnd = section.address() + section.size();
        long end = sectionEnd;
        if (symbol.size() != 0) {
            long left = sectionEnd - symbol.address();
            return symbol.address() + (Long.compareUnsigned(symbol.size(), left) < 0 ? symbol.size() : left);
        }
        Long nextFunction = functionsAt.higherKey(symbol.address());
        if (nextFunction != null && Long.compareUnsigned(nextFunction, end) < 0) {
            end = nextFunction;
        }
        Long nextObject = objectStarts.higherKey(symbol.address());
        if (nextObject != null && Long.compareUnsigned(nextObject, end) < 0) {
            end = nextObject;
        }
        return end;
    }
}
