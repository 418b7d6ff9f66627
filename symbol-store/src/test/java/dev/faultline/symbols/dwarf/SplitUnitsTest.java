package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ADDRESS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.DIRECTORY;
import static dev.faultline.symbols.dwarf.HandmadeUnit.DWO_NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.GNU_ADDRESS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.GNU_DWO_ID;
import static dev.faultline.symbols.dwarf.HandmadeUnit.GNU_DWO_NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.GNU_RANGES_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.HIGH_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LOW_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.RANGES;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SKELETON_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units whose rest is in another file: found by name, or in a package. */
class SplitUnitsTest {
    private static final Path FIXTURES = Path.of("../firmware-fixtures/symbols/elf");
    private static final long ID = 0x0123_4567_89ab_cdefL;

    private final DwarfBytes info = new DwarfBytes();
    private final DwarfBytes abbreviations = new DwarfBytes();
    private final HandmadeElf image = new HandmadeElf();
    private final List<ElfFile> opened = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(ElfFile::close);
    }

    @Test
    void aSplitUnitOfVersion5TakesAddressesOfItsSkeletonAndRangesOfItsOwn() {
        skeleton5(ID);
        var read = ReadUnits.of(image, files(rest5(ID)), Limits.DEFAULT);

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.units).containsExactly("one.c version 5 language 0x0");
        assertThat(read.nodes).containsExactly("one 3000-3010", "two 3004-3008");
        assertThat(asked).containsExactly("one.dwo in /build 123456789abcdef");
    }

    @Test
    void aSplitUnitOfGnuCountsItsRangesFromTheBaseInTheSkeleton() {
        image.section(".debug_addr", new DwarfBytes().u64(0xdead).u64(0x3000));
        image.section(
                ".debug_ranges",
                new DwarfBytes()
                        .raw(new byte[16])
                        .u64(0x10)
                        .u64(0x18)
                        .u64(0x20)
                        .u64(0x28)
                        .u64(0)
                        .u64(0));
        var skeleton = new HandmadeUnit(info, abbreviations, 4, 8);
        skeleton.leaf(
                COMPILE_UNIT,
                skeleton.attribute(GNU_RANGES_BASE, Form.SEC_OFFSET, 16),
                skeleton.attribute(LOW_PC, Form.ADDR, 0x5000),
                text(GNU_DWO_NAME, "one.dwo"),
                text(DIRECTORY, "/build"),
                skeleton.attribute(GNU_DWO_ID, Form.DATA8, ID),
                skeleton.attribute(GNU_ADDRESS_BASE, Form.SEC_OFFSET, 8));
        skeleton.write();
        image.section(".debug_info", info).section(".debug_abbrev", abbreviations);

        var restInfo = new DwarfBytes();
        var restAbbreviations = new DwarfBytes();
        var rest = new HandmadeUnit(restInfo, restAbbreviations, 4, 8);
        rest.begin(COMPILE_UNIT, text(NAME, "one.c"), rest.attribute(GNU_DWO_ID, Form.DATA8, ID));
        rest.leaf(
                SUBPROGRAM,
                rest.attribute(NAME, Form.GNU_STR_INDEX, 1),
                rest.attribute(LOW_PC, Form.GNU_ADDR_INDEX, 0),
                rest.attribute(HIGH_PC, Form.DATA4, 0x10));
        rest.leaf(SUBPROGRAM, text(NAME, "ranged"), rest.attribute(RANGES, Form.SEC_OFFSET, 0));
        rest.end().write();
        var dwo = new HandmadeElf()
                .section(".debug_info.dwo", restInfo)
                .section(".debug_abbrev.dwo", restAbbreviations)
                .section(".debug_str_offsets.dwo", new DwarfBytes().u32(0).u32(2))
                .section(".debug_str.dwo", new DwarfBytes().text("x").text("indexed"));
        var read = ReadUnits.of(image, files(dwo), Limits.DEFAULT);

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).containsExactly("indexed 3000-3010", "ranged 5010-5018 5020-5028");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void aPackageSaysWhichPartsOfItsSectionsAreAUnits(int version) {
        if (version == 5) {
            skeleton5(ID);
        } else {
            image.section(".debug_addr", new DwarfBytes().u64(0x3000));
            var skeleton = new HandmadeUnit(info, abbreviations, 4, 8);
            skeleton.leaf(COMPILE_UNIT, text(GNU_DWO_NAME, "one.dwo"), skeleton.attribute(GNU_DWO_ID, Form.DATA8, ID));
            skeleton.write();
            image.section(".debug_info", info).section(".debug_abbrev", abbreviations);
        }
        var read = ReadUnits.of(image, packaged(version), Limits.DEFAULT);

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes)
                .containsExactlyElementsOf(
                        version == 5 ? List.of("one 3000-3010", "two 3004-3008") : List.of("mine 3000-3010"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aFileOfAnotherCompilationIsNotBelieved() {
        skeleton5(ID);
        var read = ReadUnits.of(image, files(rest5(ID + 1)), Limits.DEFAULT);

        assertThat(read.nodes).isEmpty();
        assertThat(read.diagnostics)
                .containsExactly("one.dwo is of another compilation: it has no unit of id 0x123456789abcdef");
    }

    @Test
    void aFileThatIsNotHereIsSaidOnce() {
        skeleton5(ID);
        var read = ReadUnits.of(image, Companions.NONE, Limits.DEFAULT);

        assertThat(read.nodes).isEmpty();
        assertThat(read.diagnostics).containsExactly("one.dwo, which has the rest of a unit of /build, is not here");
    }

    @Test
    void twoUnitsCanNotShareOneRest() {
        skeleton5(ID);
        skeleton5(ID);
        var read = ReadUnits.of(image, files(rest5(ID)), Limits.DEFAULT);

        assertThat(read.nodes).containsExactly("one 3000-3010", "two 3004-3008");
        assertThat(read.diagnostics).singleElement().asString().contains("have the same split unit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "split-gcc-dwarf4",
                "split-gcc-dwarf5",
                "split-clang-dwarf5",
                "packed-gcc-dwarf4",
                "packed-clang-dwarf5"
            })
    void whatCompilersSplitHasItsFunctionsBack(String name) {
        Path file = FIXTURES.resolve(name + ".elf");
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            var read = ReadUnits.of(elf, beside(file), Limits.DEFAULT);

            assertThat(read.diagnostics).isEmpty();
            assertThat(read.nodes)
                    .anyMatch(node -> node.startsWith("_ZNK3net4wire6Packet3sumEv = "))
                    .anyMatch(node -> node.startsWith("feed "))
                    .anyMatch(node -> node.startsWith(". push ") && node.contains("sources/ring.c:"));
            assertThat(read.sequences).isNotEmpty();
        }
    }

    private void skeleton5(long id) {
        image.section(".debug_addr", new DwarfBytes().u64(0x3333).u64(0x3000).u64(0x3004));
        var skeleton = new HandmadeUnit(info, abbreviations, 5, 8, false, UnitHeader.DW_UT_SKELETON, id);
        skeleton.leaf(
                SKELETON_UNIT,
                text(DWO_NAME, "one.dwo"),
                text(DIRECTORY, "/build"),
                skeleton.attribute(LOW_PC, Form.ADDR, 0x3000),
                skeleton.attribute(ADDRESS_BASE, Form.SEC_OFFSET, 8));
        skeleton.write();
        image.section(".debug_info", info).section(".debug_abbrev", abbreviations);
    }

    /** Two functions, one with its range in a list; names by index. */
    private static HandmadeElf rest5(long id) {
        var restInfo = new DwarfBytes();
        var restAbbreviations = new DwarfBytes();
        unit5(restInfo, restAbbreviations, id);
        return new HandmadeElf()
                .section(".debug_info.dwo", restInfo)
                .section(".debug_abbrev.dwo", restAbbreviations)
                .section(".debug_str_offsets.dwo", stringOffsets(0))
                .section(".debug_rnglists.dwo", lists(0))
                .section(".debug_str.dwo", new DwarfBytes().text("one").text("two"));
    }

    private static void unit5(DwarfBytes restInfo, DwarfBytes restAbbreviations, long id) {
        var rest = new HandmadeUnit(restInfo, restAbbreviations, 5, 8, false, UnitHeader.DW_UT_SPLIT_COMPILE, id);
        rest.begin(COMPILE_UNIT, text(NAME, "one.c"), text(DWO_NAME, "one.dwo"));
        rest.leaf(
                SUBPROGRAM,
                rest.attribute(NAME, Form.STRX1, 0),
                rest.attribute(LOW_PC, Form.ADDRX, 0),
                rest.attribute(HIGH_PC, Form.DATA4, 0x10));
        rest.leaf(SUBPROGRAM, rest.attribute(NAME, Form.STRX1, 1), rest.attribute(RANGES, Form.RNGLISTX, 0));
        rest.end().write();
    }

    private static DwarfBytes stringOffsets(int before) {
        return new DwarfBytes()
                .raw(new byte[before])
                .u32(12)
                .u16(5)
                .u16(0)
                .u32(0)
                .u32(4);
    }

    private static DwarfBytes lists(int before) {
        return new DwarfBytes()
                .raw(new byte[before])
                .hex("00000000 0500 08 00 01000000")
                .u32(4)
                .u8(4, 4, 8) // from the low_pc of the skeleton
                .u8(0);
    }

    private static void unitOfGnu(DwarfBytes restInfo, DwarfBytes restAbbreviations, long id) {
        var rest = new HandmadeUnit(restInfo, restAbbreviations, 4, 8);
        rest.begin(COMPILE_UNIT, text(NAME, "one.c"), rest.attribute(GNU_DWO_ID, Form.DATA8, id));
        rest.leaf(
                SUBPROGRAM,
                rest.attribute(NAME, Form.GNU_STR_INDEX, 0),
                rest.attribute(LOW_PC, Form.GNU_ADDR_INDEX, 0),
                rest.attribute(HIGH_PC, Form.DATA4, 0x10));
        rest.end().write();
    }

    /** A package in which everything of the unit stands behind something of another one. */
    private Companions packaged(int version) {
        var restInfo = new DwarfBytes().hex("eeeeee");
        var mine = new DwarfBytes();
        if (version == 5) {
            unit5(restInfo, mine, ID);
        } else {
            unitOfGnu(restInfo, mine, ID);
        }
        var index = version == 5 ? new DwarfBytes().u16(5).u16(0) : new DwarfBytes().u32(2);
        int[] columns = version == 5 ? new int[] {1, 3, 6, 8} : new int[] {1, 3, 6};
        index.u32(columns.length).u32(1).u32(2);
        // two slots: the id's lowest bit says the second one
        index.u64(0).u64(ID).u32(0).u32(1);
        for (int column : columns) {
            index.u32(column);
        }
        int[] offsets = {3, 5, 16, 7};
        for (int i = 0; i < columns.length; i++) {
            index.u32(offsets[i]);
        }
        for (int i = 0; i < columns.length; i++) {
            index.u32(0x100);
        }
        var dwp = new HandmadeElf()
                .section(".debug_cu_index", index)
                .section(".debug_info.dwo", restInfo)
                .section(".debug_abbrev.dwo", new DwarfBytes().hex("aaaaaaaaaa").raw(mine.bytes()))
                .section(
                        ".debug_str_offsets.dwo",
                        version == 5
                                ? stringOffsets(16)
                                : new DwarfBytes().raw(new byte[16]).u32(2))
                .section(".debug_rnglists.dwo", lists(7))
                .section(
                        ".debug_str.dwo",
                        version == 5
                                ? new DwarfBytes().text("one").text("two")
                                : new DwarfBytes().text("x").text("mine"));
        return companions(Optional.empty(), Optional.of(open(dwp)));
    }

    private Companions files(HandmadeElf dwo) {
        return companions(Optional.of(open(dwo)), Optional.empty());
    }

    private Companions companions(Optional<ElfFile> file, Optional<ElfFile> splitPackage) {
        return new Companions() {
            @Override
            public Optional<ElfFile> alternate(AlternateLink link) {
                return Optional.empty();
            }

            @Override
            public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
                asked.add("%s in %s %x".formatted(dwoName, compilationDirectory, dwoId));
                return file;
            }

            @Override
            public Optional<ElfFile> splitPackage() {
                return splitPackage;
            }
        };
    }

    private ElfFile open(HandmadeElf elf) {
        var file = elf.open();
        opened.add(file);
        return file;
    }

    private Companions beside(Path image) {
        return new Companions() {
            @Override
            public Optional<ElfFile> alternate(AlternateLink link) {
                return Optional.empty();
            }

            @Override
            public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
                return openPath(FIXTURES.resolve(Path.of(dwoName).getFileName()));
            }

            @Override
            public Optional<ElfFile> splitPackage() {
                return openPath(Path.of(image + ".dwp"));
            }
        };
    }

    private Optional<ElfFile> openPath(Path path) {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        var file = ElfFile.open(path, Limits.DEFAULT);
        opened.add(file);
        return Optional.of(file);
    }
}
