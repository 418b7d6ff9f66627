package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.index.TextPool.Text;
import java.util.ArrayList;
import java.util.List;

/** Functions and globals by name, and globals by address, as the index has them. */
final class SymbolTables {
    private final TextPool names;
    private final List<Entry> functions = new ArrayList<>();
    private final List<Entry> data = new ArrayList<>();

    /** Numbers every name that it will write. */
    SymbolTables(TextPool names, ImageSymbols symbols, FunctionTable table) {
        this.names = names;
        symbols.functions().forEach(symbol -> functions.add(entry(symbol, true)));
        for (var entry : table.entries()) {
            Part part = entry.part();
            addFunction(part, part.linkageName() == null ? part.name() : part.linkageName());
            if (part.linkageName() != null && !MangledNames.isMangled(part.linkageName())) {
                addFunction(part, part.name());
            }
        }
        symbols.objects().forEach(symbol -> data.add(entry(symbol, true)));
        symbols.labels().forEach(symbol -> data.add(entry(symbol, false)));
    }

    /**
     * A name for an address.
     *
     * @param rank of several of one name or place the lowest stays
     * @param hasPlace whether it is what lies at the address, or only a number that a linker script defined
     */
    private record Entry(Text name, long address, long size, int rank, boolean hasPlace) {}

    /** The tables; names have their ranks by now. */
    void write(Words words, Bytes functionNames, Bytes dataSymbols, Bytes dataPlaces) {
        for (Entry entry : byName(functions)) {
            functionNames.u32(entry.name().rank());
            words.address(functionNames, entry.address());
        }
        var kept = byName(data);
        for (Entry entry : kept) {
            dataSymbols.u32(entry.name().rank());
            words.address(dataSymbols, entry.address());
            words.size(dataSymbols, entry.size());
        }
        for (int number : byAddress(kept)) {
            dataPlaces.u32(number);
        }
    }

    private void addFunction(Part part, String name) {
        functions.add(new Entry(numbered(name), part.start(), part.size(), 6, true));
    }

    private Entry entry(Symbol symbol, boolean hasPlace) {
        int rank = switch (symbol.binding()) {
            case Symbol.STB_GLOBAL -> 0;
            case Symbol.STB_WEAK -> 2;
            default -> 4;
        };
        return new Entry(
                numbered(symbol.name()),
                symbol.address(),
                symbol.size(),
                rank + (symbol.size() == 0 ? 1 : 0),
                hasPlace);
    }

    private Text numbered(String name) {
        Text text = names.of(name);
        names.number(text);
        return text;
    }

    private static List<Entry> byName(List<Entry> entries) {
        var sorted = new ArrayList<>(entries);
        sorted.sort(SymbolTables::compareByName);
        var kept = new ArrayList<Entry>(sorted.size());
        for (Entry entry : sorted) {
            if (kept.isEmpty() || kept.getLast().name() != entry.name()) {
                kept.add(entry);
            }
        }
        return kept;
    }

    private static int compareByName(Entry a, Entry b) {
        int order = Integer.compare(a.name().rank(), b.name().rank());
        order = order != 0 ? order : Integer.compare(a.rank(), b.rank());
        return order != 0 ? order : Long.compareUnsigned(a.address(), b.address());
    }

    /** The numbers of those that have a place, one for each address. */
    private static List<Integer> byAddress(List<Entry> entries) {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).hasPlace()) {
                numbers.add(i);
            }
        }
        numbers.sort((i, j) -> compareByAddress(entries.get(i), entries.get(j))); // equal ones stay in their order
        var kept = new ArrayList<Integer>(numbers.size());
        for (int number : numbers) {
            if (kept.isEmpty()
                    || entries.get(kept.getLast()).address()
                            != entries.get(number).address()) {
                kept.add(number);
            }
        }
        return kept;
    }

    private static int compareByAddress(Entry a, Entry b) {
        int order = Long.compareUnsigned(a.address(), b.address());
        order = order != 0 ? order : Integer.compare(a.rank(), b.rank());
        return order != 0
                ? order
                : Integer.compare(a.name().value().length(), b.name().value().length());
    }
}
