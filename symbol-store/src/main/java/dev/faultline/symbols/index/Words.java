package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.Symbol;
import java.util.List;

/**
 * How addresses are written: as distances from the lowest one, in four bytes where that is enough.
 *
 * @param width bytes, 4 or 8
 * @param base what addresses count from
 */
record Words(int width, long base) {
    private static final long MOST_NARROW = 0xffff_ffffL;

    static Words over(int addressSize, List<AddressRange> text, ImageSymbols symbols) {
        if (addressSize == Integer.BYTES) {
            return new Words(Integer.BYTES, 0);
        }
        long low = -1L;
        long high = 0;
        for (AddressRange range : text) {
            low = Unsigned.min(low, range.start());
            high = Unsigned.max(high, range.end());
        }
        for (List<Symbol> list : List.of(symbols.objects(), symbols.labels())) {
            for (Symbol symbol : list) {
                low = Unsigned.min(low, symbol.address());
                high = Unsigned.max(high, symbol.address());
            }
        }
        boolean narrow = Long.compareUnsigned(low, high) <= 0 && Long.compareUnsigned(high - low, MOST_NARROW) < 0;
        return narrow ? new Words(Integer.BYTES, low) : new Words(Long.BYTES, 0);
    }

    void address(Bytes out, long address) {
        out.word(address - base, width);
    }

    /** A size that does not fit belongs to no real symbol. */
    void size(Bytes out, long size) {
        out.word(width == Integer.BYTES && Long.compareUnsigned(size, MOST_NARROW) > 0 ? MOST_NARROW : size, width);
    }
}
