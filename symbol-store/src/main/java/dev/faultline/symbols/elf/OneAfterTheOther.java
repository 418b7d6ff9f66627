package dev.faultline.symbols.elf;

import java.util.Iterator;

/** The symbols of two tables. */
record OneAfterTheOther(Iterable<Symbol> first, Iterable<Symbol> second) implements Iterable<Symbol> {

    @Override
    public Iterator<Symbol> iterator() {
        return new Iterator<>() {
            private final Iterator<Symbol> before = first.iterator();
            private final Iterator<Symbol> after = second.iterator();

            @Override
            public boolean hasNext() {
                return before.hasNext() || after.hasNext();
            }

            @Override
            public Symbol next() {
                return before.hasNext() ? before.next() : after.next();
            }
        };
    }
}
