package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ABSTRACT_ORIGIN;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.INLINED;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LINKAGE_NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAMESPACE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.RANGES;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STATEMENT_LIST;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Bytes that nobody should write: units or sentences about them, and that soon. */
class HostileDebugInfoTest {
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols/elf");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> FILES = List.of(
            "x86-64-gcc.elf",
            "flash-dwarf4-os.elf",
            "aarch64-clang.elf",
            "ppc32be-clang.elf",
            "x86-64-gcc-dwarf2.elf",
            "x86-64-gcc-types4.elf",
            "lto-gcc-dwarf4.elf",
            "dwz.elf",
            "split-gcc-dwarf4.elf",
            "packed-clang-dwarf5.elf");
    private static final List<String> SECTIONS = List.of(
            ".debug_info",
            ".debug_abbrev",
            ".debug_line",
            ".debug_ranges",
            ".debug_rnglists",
            ".debug_str_offsets",
            ".debug_addr",
            ".debug_types",
            ".debug_sup",
            ".gnu_debugaltlink");
    private static final Map<String, byte[]> CONTENTS = new ConcurrentHashMap<>();

    @Property(tries = 500)
    void anyBytesInAnySectionGiveUnitsOrDiagnostics(
            @ForAll @Size(10) List<byte[]> sections, @ForAll @IntRange(min = 2, max = 5) int version) {
        var elf = new HandmadeElf();
        for (int i = 0; i < sections.size(); i++) {
            elf.section(SECTIONS.get(i), sections.get(i));
        }
        // mostly no unit at all: behind a header that stands more of it is read
        elf.section(".debug_info", withHeader(version, sections.getFirst()));
        elf.section(
                ".debug_line",
                new DwarfBytes().unit(false, new DwarfBytes().u16(version).raw(sections.get(2))));
        read(elf);
    }

    private static DwarfBytes withHeader(int version, byte[] entries) {
        var body = new DwarfBytes().u16(version);
        if (version == 5) {
            body.u8(1, 8).u32(0);
        } else {
            body.u32(0).u8(8);
        }
        return new DwarfBytes().unit(false, body.raw(entries));
    }

    @Property(tries = 300)
    void anyEntriesOfKnownAttributesGiveUnitsOrDiagnostics(
            @ForAll @Size(max = 60) List<@IntRange(max = 255) Integer> attributes, @ForAll byte[] entries) {
        // abbreviations that make sense: what varies is which attribute is of which form
        int[] names = {0x03, 0x6e, 0x11, 0x12, 0x55, 0x31, 0x47, 0x58, 0x59, 0x10, 0x72, 0x73, 0x74, 0x69, 0x01, 0x3c};
        int[] tags = {0x11, 0x2e, 0x1d, 0x39, 0x02, 0x0b, 0x34, 0x24};
        var abbreviations = new DwarfBytes();
        for (int i = 0; i + 6 < attributes.size(); i += 7) {
            abbreviations
                    .uleb(i / 7 + 1)
                    .uleb(tags[attributes.get(i) % tags.length])
                    .u8(attributes.get(i + 1) % 2);
            for (int j = 2; j < 6; j += 2) {
                int form = 1 + attributes.get(i + j + 1) % 0x2c;
                abbreviations.uleb(names[attributes.get(i + j) % names.length]).uleb(form);
                if (form == Form.IMPLICIT_CONST) {
                    abbreviations.sleb(attributes.get(i + 6) - 100);
                }
            }
            abbreviations.u8(0, 0);
        }
        read(new HandmadeElf()
                .section(".debug_info", withHeader(5, entries))
                .section(".debug_abbrev", abbreviations.u8(0))
                .section(".debug_str", entries)
                .section(".debug_line", entries)
                .section(".debug_rnglists", entries)
                .section(".debug_addr", entries)
                .section(".debug_str_offsets", entries));
    }

    @Property(tries = 400)
    void damagedFilesGiveUnitsOrDiagnostics(
            @ForAll @IntRange(max = 9) int file,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
            @ForAll byte value) {
        byte[] bytes = contents(FILES.get(file)).clone();
        for (int place : places) {
            bytes[place % bytes.length] = value;
        }
        readFile(bytes, FILES.get(file));
    }

    @Property(tries = 100)
    void filesThatBreakOffGiveUnitsOrDiagnostics(
            @ForAll @IntRange(max = 9) int file, @ForAll @IntRange(min = 0, max = 1 << 20) int length) {
        byte[] bytes = contents(FILES.get(file));
        readFile(Arrays.copyOf(bytes, length % bytes.length), FILES.get(file));
    }

    private static void read(HandmadeElf elf) {
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> ReadUnits.of(elf));
    }

    private static void readFile(byte[] bytes, String name) {
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
            try (var elf = ElfFile.of(ByteReader.of(name, bytes), Limits.DEFAULT)) {
                ReadUnits.of(elf, new Damaged(name), Limits.DEFAULT);
            } catch (FormatException refused) {
                // of the headers of the file: no debugging information was read
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    /** Companions that are whole: what refers to them is not. */
    private record Damaged(String name) implements Companions {

        @Override
        public Optional<ElfFile> alternate(AlternateLink link) {
            return Optional.empty();
        }

        @Override
        public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
            return open("split-gcc-dwarf4-ring.dwo");
        }

        @Override
        public Optional<ElfFile> splitPackage() {
            return name.startsWith("packed") ? open(name + ".dwp") : Optional.empty();
        }

        private static Optional<ElfFile> open(String file) {
            return Optional.of(ElfFile.of(ByteReader.of(file, contents(file)), Limits.DEFAULT));
        }
    }

    @Property(tries = 200)
    void damagedCompanionsGiveUnitsOrDiagnostics(
            @ForAll boolean packed,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
            @ForAll byte value) {
        String name = packed ? "packed-clang-dwarf5.elf.dwp" : "split-gcc-dwarf5-ring.dwo";
        byte[] bytes = contents(name).clone();
        for (int place : places) {
            bytes[place % bytes.length] = value;
        }
        String image = packed ? "packed-clang-dwarf5.elf" : "split-gcc-dwarf5.elf";
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
            try (var elf = ElfFile.of(ByteReader.of(image, contents(image)), Limits.DEFAULT);
                    var companion = ElfFile.of(ByteReader.of(name, bytes), Limits.DEFAULT)) {
                ReadUnits.of(elf, new One(packed, companion), Limits.DEFAULT);
            } catch (FormatException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    private record One(boolean packed, ElfFile companion) implements Companions {

        @Override
        public Optional<ElfFile> alternate(AlternateLink link) {
            return Optional.empty();
        }

        @Override
        public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
            return packed ? Optional.empty() : Optional.of(companion);
        }

        @Override
        public Optional<ElfFile> splitPackage() {
            return packed ? Optional.of(companion) : Optional.empty();
        }
    }

    @Test
    void manyFunctionsWithOneHugeListOfRangesEndAtTheLimitOfTheFile() {
        var ranges = new DwarfBytes();
        for (int i = 0; i < 1_000; i++) {
            ranges.u64(0x1000 + 16L * i).u64(0x1008 + 16L * i);
        }
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 4, 8);
        unit.begin(COMPILE_UNIT, text(NAME, "ranges.c"));
        for (int i = 0; i < 100; i++) {
            unit.leaf(SUBPROGRAM, text(NAME, "f" + i), unit.attribute(RANGES, Form.SEC_OFFSET, 0));
        }
        unit.end().write();
        var read = ReadUnits.of(
                new HandmadeElf()
                        .section(".debug_info", info)
                        .section(".debug_abbrev", abbreviations)
                        .section(".debug_ranges", ranges.u64(0).u64(0)),
                Companions.NONE,
                limit("ranges", 10_010));

        assertThat(read.nodes).hasSize(10);
        assertThat(read.diagnostics)
                .singleElement()
                .asString()
                .contains("number of address ranges of the file exceeds the limit of 10010");
    }

    @Test
    void inlinedCallsEndAtTheLimitOfTheFile() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        for (int i = 0; i < 3; i++) {
            var unit = new HandmadeUnit(info, abbreviations, 5, 8);
            unit.begin(COMPILE_UNIT, text(NAME, "calls.c"));
            unit.begin(SUBPROGRAM, unit.code(0x1000, 8, text(NAME, "outer")));
            for (int j = 0; j < 10; j++) {
                unit.leaf(INLINED, unit.code(0x1000, 8, text(NAME, "inner")));
            }
            unit.end().end().write();
        }
        var read = ReadUnits.of(
                new HandmadeElf().section(".debug_info", info).section(".debug_abbrev", abbreviations),
                Companions.NONE,
                limit("inlinedCalls", 15));

        assertThat(read.nodes).filteredOn(node -> node.startsWith(". ")).hasSize(15);
        assertThat(read.diagnostics)
                .hasSize(2)
                .allMatch(text -> text.contains("number of inlined calls of the file exceeds the limit of 15"));
    }

    @Test
    void rowsOfLinesEndAtTheLimitOfTheFile() {
        var header = new DwarfBytes()
                .u8(1, 1, 1, -3, 12, 13)
                .hex("00 01 01 01 01 00 00 00 01 00 00 01")
                .u8(0, 0);
        var program = new DwarfBytes();
        for (int i = 0; i < 10; i++) {
            program.u8(33);
        }
        var lines = new DwarfBytes()
                .unit(
                        false,
                        new DwarfBytes()
                                .u16(4)
                                .u32(header.position())
                                .raw(header.bytes())
                                .raw(program.bytes())
                                .u8(0, 1, 1));
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        for (int i = 0; i < 3; i++) {
            var unit = new HandmadeUnit(info, abbreviations, 4, 8);
            unit.leaf(COMPILE_UNIT, unit.attribute(STATEMENT_LIST, Form.SEC_OFFSET, 0));
            unit.write();
        }
        var read = ReadUnits.of(
                new HandmadeElf()
                        .section(".debug_info", info)
                        .section(".debug_abbrev", abbreviations)
                        .section(".debug_line", lines),
                Companions.NONE,
                limit("lineRows", 15));

        assertThat(read.sequences).hasSize(2);
        assertThat(read.diagnostics)
                .isNotEmpty()
                .allMatch(text -> text.contains("number of rows of line tables of the file exceeds the limit of 15"));
    }

    @Test
    void aNestOfLongNamesIsNotWrittenOutForEachFunction() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 5, 8);
        String name = "n".repeat(10_000);
        unit.begin(COMPILE_UNIT, text(NAME, "names.cpp"));
        for (int i = 0; i < 500; i++) {
            unit.begin(NAMESPACE, text(NAME, name));
            unit.leaf(SUBPROGRAM, unit.code(0x1000 + i, 1, text(NAME, "f")));
        }
        for (int i = 0; i < 500; i++) {
            unit.end();
        }
        unit.end().write();
        var read = Assertions.assertTimeoutPreemptively(
                PATIENCE,
                () -> ReadUnits.of(
                        new HandmadeElf().section(".debug_info", info).section(".debug_abbrev", abbreviations)));

        assertThat(read.nodes).hasSize(500).first().asString().startsWith("nnn");
        assertThat(read.nodes).last().isEqualTo("f 11f3-11f4");
    }

    @Test
    void entriesThatOthersReferToAreNotReadWithoutEnd() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var unit = new HandmadeUnit(info, abbreviations, 5, 8);
        unit.begin(COMPILE_UNIT, text(NAME, "names.c"));
        // each byte of the text is the code of an entry with a text: to its end it is long
        long target = unit.leaf(SUBPROGRAM, text(LINKAGE_NAME, new String(new char[1 << 20]).replace('\0', (char) 2)));
        for (int i = 0; i < 2_000; i++) {
            unit.leaf(
                    SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, target + 1 + 7L * i)));
        }
        unit.end().write();
        var read = Assertions.assertTimeoutPreemptively(
                PATIENCE,
                () -> ReadUnits.of(
                        new HandmadeElf().section(".debug_info", info).section(".debug_abbrev", abbreviations)));

        assertThat(read.nodes).hasSize(2_000);
        assertThat(read.diagnostics)
                .singleElement()
                .asString()
                .contains("reading of names of the file exceeds the limit");
    }

    private static byte[] contents(String name) {
        return CONTENTS.computeIfAbsent(name, key -> {
            try {
                return Files.readAllBytes(SYMBOLS.resolve(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The usual limits but for one. */
    private static Limits limit(String name, int value) {
        try {
            var components = Limits.class.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(name)
                        ? Integer.valueOf(value)
                        : components[i].getAccessor().invoke(Limits.DEFAULT);
            }
            return Limits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
