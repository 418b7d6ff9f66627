package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Symbols in the order of their names or of their addresses, as records of name, address and size. */
final class SymbolNames {
    private final Words words;
    private final StringPool strings;
    private final List<Entry> entries = new ArrayList<>();

    SymbolNames(Words words, StringPool strings) {
        this.words = words;
        this.strings = strings;
    }

    /** {@code rank}: of several of one name or place the lowest stays. */
    private record Entry(String name, long address, long size, int rank) {}

    void add(Symbol symbol) {
        int rank = switch (symbol.binding()) {
            case Symbol.STB_GLOBAL -> 0;
            case Symbol.STB_WEAK -> 2;
            default -> 4;
        };
        entries.add(new Entry(symbol.name(), symbol.address(), symbol.size(), rank + (symbol.size() == 0 ? 1 : 0)));
    }

    /** Under both names of the function. */
    void add(FunctionTable.Part part) {
        long size = part.end() - part.start();
        entries.add(new Entry(part.name(), part.start(), size, 6));
        if (part.linkageName() != null) {
            entries.add(new Entry(part.linkageName(), part.start(), size, 6));
        }
    }

    int size() {
        return entries.size();
    }

    Bytes byName() {
        var sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::name, SymbolNames::compareUtf8)
                .thenComparingInt(Entry::rank)
                .thenComparing(Entry::address, Long::compareUnsigned));
        var out = new Bytes();
        String before = "";
        for (Entry entry : sorted) {
            if (!entry.name().equals(before)) {
                write(out, entry);
                before = entry.name();
            }
        }
        return out;
    }

    Bytes byAddress() {
        var sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::address, Long::compareUnsigned)
                .thenComparing(Entry::rank)
                .thenComparing(entry -> entry.name().length())
                .thenComparing(Entry::name));
        var out = new Bytes();
        boolean first = true;
        long before = 0;
        for (Entry entry : sorted) {
            if (first || entry.address() != before) {
                write(out, entry);
            }
            first = false;
            before = entry.address();
        }
        return out;
    }

    /** The order of the UTF-8 bytes is that of the code points, which is not String's beyond the basic plane. */
    private static int compareUtf8(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private void write(Bytes out, Entry entry) {
        out.u32(strings.place(entry.name()));
        words.address(out, entry.address());
        words.size(out, entry.size());
    }
}
