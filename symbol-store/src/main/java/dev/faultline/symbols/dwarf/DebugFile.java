package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The debugging sections of one file: the image's, or one that it refers to. One that is missing or broken is empty.
 * Every accessor gives a reader of its own, so that the file is safe for use by many threads.
 */
final class DebugFile {
    private final int number;
    private final ElfFile elf;
    private final boolean split;
    private final ByteReader info;
    private final ByteReader types;
    private final ByteReader abbreviations;
    private final ByteReader strings;
    private final ByteReader lineStrings;
    private final ByteReader stringOffsets;
    private final ByteReader addresses;
    private final ByteReader ranges;
    private final ByteReader rangeLists;
    private final ByteReader lines;

    /** Guarded by this. */
    private @Nullable UnitDirectory directory;

    /** @param split whether the sections are those of a {@code .dwo} file: their names end so */
    DebugFile(int number, ElfFile elf, boolean split, Consumer<String> diagnostics) {
        this.number = number;
        this.elf = elf;
        this.split = split;
        this.info = section(".debug_info", diagnostics);
        this.types = section(".debug_types", diagnostics);
        this.abbreviations = section(".debug_abbrev", diagnostics);
        this.strings = section(".debug_str", diagnostics);
        this.lineStrings = section(".debug_line_str", diagnostics);
        this.stringOffsets = section(".debug_str_offsets", diagnostics);
        this.addresses = section(".debug_addr", diagnostics);
        this.ranges = section(".debug_ranges", diagnostics);
        this.rangeLists = section(".debug_rnglists", diagnostics);
        this.lines = section(".debug_line", diagnostics);
    }

    private ByteReader section(String name, Consumer<String> diagnostics) {
        String wanted = split ? name + ".dwo" : name;
        Optional<Section> found = elf.section(wanted).or(() -> elf.section(wanted.replace(".debug_", ".zdebug_")));
        try {
            if (found.isPresent()) {
                return elf.bytes(found.get());
            }
        } catch (FormatException e) {
            diagnostics.accept(String.valueOf(e.getMessage()));
        }
        return ByteReader.of(wanted, new byte[0]).order(elf.header().order());
    }

    /** Its units; read when first asked for. */
    synchronized UnitDirectory directory(DebugInfo debugInfo, Limits limits) {
        var known = directory;
        if (known == null) {
            known = UnitDirectory.read(debugInfo, this, limits, debugInfo::report);
            directory = known;
        }
        return known;
    }

    int number() {
        return number;
    }

    ElfFile elf() {
        return elf;
    }

    /** {@code .debug_info}; its copies are for one thread each. */
    ByteReader info() {
        return info.copy();
    }

    ByteReader types() {
        return types.copy();
    }

    ByteReader abbreviations() {
        return abbreviations.copy();
    }

    ByteReader stringOffsets() {
        return stringOffsets.copy();
    }

    ByteReader addresses() {
        return addresses.copy();
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

    /** The section of a kind of text of {@link SectionTexts}. */
    MemorySegment texts(int kind) {
        return switch (kind) {
            case SectionTexts.STRINGS -> strings.segment();
            case SectionTexts.LINE_STRINGS -> lineStrings.segment();
            case SectionTexts.INFO -> info.segment();
            case SectionTexts.TYPES -> types.segment();
            case SectionTexts.LINES -> lines.segment();
            default -> throw new IllegalArgumentException("no section of texts: " + kind);
        };
    }

    /** An entry of a table of offsets or addresses that begins at {@code base}. */
    static long entry(ByteReader table, long base, long index, int size) {
        if (index < 0 || base < 0 || base > table.size() || index >= (table.size() - base) / size) {
            throw table.error("no entry %d behind +0x%x", index, base);
        }
        return table.seek(base + index * size).unsigned(size);
    }
}
