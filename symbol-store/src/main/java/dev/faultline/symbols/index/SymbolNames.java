package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.Symbol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
        int rank =
                switch (symbol.binding()) {
                    case Symbol.STB_GLOBAL -> 0;
                    case Symbol.STB_WEAK -> 2;
                    default -> 4;
                };
        entries.add(new Entry(
                symbol.name(), symbol.address(), symbol.size(), rank + (symbol.size() == 0 ? 1 : 0)));
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
        record Named(byte[] name, Entry entry) {}
        var named = new ArrayList<Named>(entries.size());
        for (Entry entry : entries) {
            named.add(new Named(entry.name().getBytes(StandardCharsets.UTF_8), entry));
        }
        named.sort(Comparator.comparing(Named::name, Arrays::compareUnsigned)
                .thenComparingInt(one -> one.entry().rank())
                .thenComparing(one -> one.entry().address(), Long::compareUnsigned));
        var out = new Bytes();
        String before = "";
        for (Named one : named) {
            if (!one.entry().name().equals(before)) {
                write(out, one.entry());
                before = one.entry().name();
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

    private void write(Bytes out, Entry entry) {
        out.u32(strings.place(entry.name()));
        words.address(out, entry.address());
        words.size(out, entry.size());
    }
}
