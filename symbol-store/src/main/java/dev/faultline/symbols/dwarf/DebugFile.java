package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final List<ByteReader> furtherInfos;
    private final List<ByteReader> furtherTypes;
    private final ByteReader abbreviations;
    private final ByteReader strings;
    private final ByteReader lineStrings;
    private final ByteReader stringOffsets;
    private final ByteReader addresses;
    private final ByteReader ranges;
    private final ByteReader rangeLists;
    private final ByteReader lines;

    /** What only variables need is read, perhaps decompressed, when first asked for. */
    private volatile @Nullable ByteReader locations;

    private volatile @Nullable ByteReader locationLists;

    /** Guarded by this. */
    private @Nullable UnitDirectory directory;

    /** Type units by signature; guarded by this. */
    private @Nullable Map<Long, Unit> typeUnits;

    /** @param split whether the sections are those of a {@code .dwo} file: their names end so */
    DebugFile(int number, ElfFile elf, boolean split, Consumer<String> diagnostics) {
        this.number = number;
        this.elf = elf;
        this.split = split;
        var infos = sections(".debug_info", diagnostics);
        int main = withCode(infos);
        this.info = infos.get(main);
        var typeSections = sections(".debug_types", diagnostics);
        this.types = typeSections.getFirst();
        // compilers put each type unit of an object file into a section of its own, for a linker to leave out
        this.furtherInfos = without(infos, main);
        this.furtherTypes = without(typeSections, 0);
        this.abbreviations = section(".debug_abbrev", diagnostics);
        this.strings = section(".debug_str", diagnostics);
        this.lineStrings = section(".debug_line_str", diagnostics);
        this.stringOffsets = section(".debug_str_offsets", diagnostics);
        this.addresses = section(".debug_addr", diagnostics);
        this.ranges = section(".debug_ranges", diagnostics);
        this.rangeLists = section(".debug_rnglists", diagnostics);
        this.lines = section(".debug_line", diagnostics);
    }

    /** The sections of another file, but for the one that has units. */
    private DebugFile(int number, DebugFile of, ByteReader info, ByteReader types) {
        this.number = number;
        this.elf = of.elf;
        this.split = of.split;
        this.info = info;
        this.types = types;
        this.furtherInfos = List.of();
        this.furtherTypes = List.of();
        this.abbreviations = of.abbreviations;
        this.strings = of.strings;
        this.lineStrings = of.lineStrings;
        this.stringOffsets = of.stringOffsets;
        this.addresses = of.addresses;
        this.ranges = of.ranges;
        this.rangeLists = of.rangeLists;
        this.lines = of.lines;
    }

    private ByteReader section(String name, Consumer<String> diagnostics) {
        return sections(name, diagnostics).getFirst();
    }

    /** The sections of a name; an empty one where there is none. */
    private List<ByteReader> sections(String name, Consumer<String> diagnostics) {
        String wanted = split ? name + ".dwo" : name;
        String compressed = wanted.replace(".debug_", ".zdebug_");
        var found = new ArrayList<ByteReader>();
        for (Section section : elf.sections()) {
            if (section.name().equals(wanted) || section.name().equals(compressed)) {
                try {
                    found.add(elf.bytes(section));
                } catch (FormatException e) {
                    diagnostics.accept(String.valueOf(e.getMessage()));
                }
            }
        }
        return found.isEmpty()
                ? List.of(ByteReader.of(wanted, new byte[0]).order(elf.header().order()))
                : found;
    }

    /** Which of several sections of units has one that is not a type unit. */
    private static int withCode(List<ByteReader> infos) {
        for (int i = 0; infos.size() > 1 && i < infos.size(); i++) {
            var header = firstUnit(infos.get(i), false);
            if (header != null && !header.isTypeUnit()) {
                return i;
            }
        }
        return 0;
    }

    private static @Nullable UnitHeader firstUnit(ByteReader section, boolean inTypes) {
        try {
            var in = section.copy();
            return inTypes ? UnitHeader.readTypeUnit(in) : UnitHeader.read(in);
        } catch (FormatException e) {
            return null; // said by who reads it as a unit
        }
    }

    private static List<ByteReader> without(List<ByteReader> sections, int index) {
        var others = new ArrayList<>(sections);
        others.remove(index);
        return List.copyOf(others);
    }

    /** Its units; read when first asked for. */
    synchronized UnitDirectory directory(DebugInfo debugInfo, Limits limits) {
        var known = directory;
        if (known == null) {
            known = UnitDirectory.read(debugInfo, this, false, limits, debugInfo::report);
            directory = known;
        }
        return known;
    }

    /** The type unit of a signature; null where the file has none. */
    synchronized @Nullable Unit typeUnit(DebugInfo debugInfo, Limits limits, long signature) {
        var known = typeUnits;
        if (known == null) {
            known = new HashMap<>();
            addTypeUnits(directory(debugInfo, limits), known);
            addTypeUnits(UnitDirectory.read(debugInfo, this, true, limits, debugInfo::report), known);
            typeUnits = known;
        }
        var unit = known.get(signature);
        if (unit == null) {
            unit = furtherTypeUnit(debugInfo, furtherInfos, false, signature);
            unit = unit == null ? furtherTypeUnit(debugInfo, furtherTypes, true, signature) : unit;
            if (unit != null) {
                known.put(signature, unit);
            }
        }
        return unit;
    }

    private static void addTypeUnits(UnitDirectory from, Map<Long, Unit> known) {
        for (Unit unit : from.units()) {
            if (unit.header().isTypeUnit()) {
                known.putIfAbsent(unit.header().identity(), unit);
            }
        }
    }

    private @Nullable Unit furtherTypeUnit(
            DebugInfo debugInfo, List<ByteReader> sections, boolean inTypes, long signature) {
        for (ByteReader section : sections) {
            var header = firstUnit(section, inTypes);
            if (header != null && header.isTypeUnit() && header.identity() == signature) {
                var part = debugInfo.openFile(
                        file -> new DebugFile(file, this, inTypes ? info : section, inTypes ? section : types));
                return new Unit(debugInfo, part, header, inTypes, Unit.Contribution.WHOLE, null);
            }
        }
        return null;
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

    /** {@code .debug_loc}: location lists before DWARF 5. */
    ByteReader locations() {
        var known = locations;
        if (known == null) {
            known = section(".debug_loc", text -> {});
            locations = known;
        }
        return known.copy();
    }

    ByteReader locationLists() {
        var known = locationLists;
        if (known == null) {
            known = section(".debug_loclists", text -> {});
            locationLists = known;
        }
        return known.copy();
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
