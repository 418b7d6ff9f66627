package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;

/**
 * Where an image says its dynamic symbols are (gABI, "Dynamic Section"): what a loader needs survives when section
 * headers do not.
 *
 * @param symbols address of the table of symbols
 * @param count how many there are
 * @param strings address of their names
 * @param stringBytes size of the names
 */
record DynamicTable(long symbols, long count, long strings, long stringBytes) {
    private static final long DT_HASH = 4;
    private static final long DT_STRTAB = 5;
    private static final long DT_SYMTAB = 6;
    private static final long DT_STRSZ = 10;
    private static final long DT_GNU_HASH = 0x6ffffef5L;

    /** Reads PT_DYNAMIC; an image that has no symbols there gets a count of 0. */
    static DynamicTable read(ByteReader dynamic, SegmentBytes image, ElfHeader header, Limits limits) {
        int size = header.addressSize();
        long symbols = 0;
        long strings = 0;
        long stringBytes = 0;
        long hash = 0;
        long gnuHash = 0;
        while (dynamic.remaining() >= 2L * size) {
            long tag = dynamic.unsigned(size);
            long value = dynamic.unsigned(size);
            if (tag == 0) {
                break;
            } else if (tag == DT_HASH) {
                hash = value;
            } else if (tag == DT_STRTAB) {
                strings = value;
            } else if (tag == DT_SYMTAB) {
                symbols = value;
            } else if (tag == DT_STRSZ) {
                stringBytes = value;
            } else if (tag == DT_GNU_HASH) {
                gnuHash = value;
            }
        }
        if (symbols == 0 || strings == 0) {
            return new DynamicTable(0, 0, 0, 0);
        }
        long count;
        if (hash != 0) {
            count = hashed(image.from("DT_HASH", hash));
        } else if (gnuHash != 0) {
            count = gnuHashed(image.from("DT_GNU_HASH", gnuHash), size);
        } else {
            throw dynamic.error("neither DT_HASH nor DT_GNU_HASH tells how many symbols there are");
        }
        Limits.checkCount(dynamic, "number of dynamic symbols", count, limits.symbols());
        return new DynamicTable(symbols, count, strings, stringBytes);
    }

    /** One chain link for each symbol (gABI, "Hash Table"). */
    private static long hashed(ByteReader in) {
        in.skip(4); // nbucket
        return in.u32();
    }

    /** The last symbol is the last one of the bucket that begins last: its chain value has the lowest bit set. */
    private static long gnuHashed(ByteReader in, int addressSize) {
        long buckets = in.u32();
        long firstSymbol = in.u32();
        long filterWords = in.u32();
        in.skip(4); // shift of the Bloom filter
        in.skip(filterWords * addressSize);
        long last = 0;
        for (long i = 0; i < buckets; i++) {
            last = Math.max(last, in.u32());
        }
        if (last < firstSymbol) {
            return firstSymbol; // nothing exported: only what comes before the hashed ones
        }
        in.skip(4 * (last - firstSymbol));
        while ((in.u32() & 1) == 0) {
            last++;
        }
        return last + 1;
    }
}
