package dev.faultline.symbols.dwarf;

/**
 * What the size of a value depends on, besides its form.
 *
 * @param version of DWARF: 2 to 5
 * @param offsetSize bytes of an offset: 4, or 8 in 64-bit DWARF
 * @param addressSize bytes of an address: 2, 4 or 8
 */
record Encoding(int version, int offsetSize, int addressSize) {

    /** The highest address; what linkers write for no address at all (DWARF issue 200609.1). */
    long highest() {
        return addressSize == Long.BYTES ? -1L : (1L << (addressSize * Byte.SIZE)) - 1;
    }

    /** Whether linkers write this address for code they threw away, and never for code: the highest, or one less. */
    boolean isTombstone(long address) {
        return address == highest() || address == highest() - 1;
    }
}
