package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;

/** The debugging sections of one file; one that is missing is empty. Every accessor gives a reader of its own. */
final class DebugSections {
    private final ElfFile elf;
    private final Limits limits;
    private final ByteReader info;
    private final ByteReader abbreviations;
    private final ByteReader strings;
    private final ByteReader lineStrings;
    private final ByteReader stringOffsets;
    private final ByteReader addresses;
    private final ByteReader ranges;
    private final ByteReader rangeLists;
    private final ByteReader lines;

    DebugSections(ElfFile elf, Limits limits) {
        this.elf = elf;
        this.limits = limits;
        this.info = named(".debug_info");
        this.abbreviations = named(".debug_abbrev");
        this.strings = named(".debug_str");
        this.lineStrings = named(".debug_line_str");
        this.stringOffsets = named(".debug_str_offsets");
        this.addresses = named(".debug_addr");
        this.ranges = named(".debug_ranges");
        this.rangeLists = named(".debug_rnglists");
        this.lines = named(".debug_line");
    }

    private ByteReader named(String name) {
        return elf.section(name)
                .or(() -> elf.section(name.replace(".debug_", ".zdebug_")))
                .map(elf::bytes)
                .orElseGet(() -> ByteReader.of(name, new byte[0])
                        .order(info == null ? elf.header().order() : info.order()));
    }

    ByteReader info() {
        return info.copy();
    }

    ByteReader abbreviations() {
        return abbreviations.copy();
    }

    ByteReader ranges() {
        return ranges.copy();
    }

    ByteReader rangeLists() {
        return rangeLists.copy();
    }

    ByteReader lines() {
        return lines.copy();
    }

    /** A string of {@code .debug_str}. */
    String string(long offset) {
        return strings.copy().seek(offset).string(limits);
    }

    /** A string of {@code .debug_line_str}. */
    String lineString(long offset) {
        return lineStrings.copy().seek(offset).string(limits);
    }

    /** A string of {@code .debug_str} by its index in a unit's contribution to {@code .debug_str_offsets}. */
    String indexedString(long base, long index, int offsetSize) {
        return string(entry(stringOffsets, base, index, offsetSize));
    }

    /** An address by its index in a unit's contribution to {@code .debug_addr}. */
    long indexedAddress(long base, long index, int addressSize) {
        return entry(addresses, base, index, addressSize);
    }

    private static long entry(ByteReader table, long base, long index, int size) {
        if (index < 0 || index > table.size() / size || base < 0 || base > table.size()) {
            throw table.error("no entry %d behind +0x%x", index, base);
        }
        return table.copy().seek(base + index * size).unsigned(size);
    }

    Limits limits() {
        return limits;
    }
}
