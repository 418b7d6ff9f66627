package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ABSTRACT_ORIGIN;
import static dev.faultline.symbols.dwarf.HandmadeUnit.ADDRESS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.BASE_TYPE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.HIGH_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LANGUAGE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LOW_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SIBLING;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STRING_OFFSETS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.UNKNOWN_ATTRIBUTE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.raw;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.dwarf.HandmadeUnit.Attribute;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of an attribute (DWARF 5, 7.5.6; those of GNU and LLVM), in every kind of unit. */
class EntryFormsTest {
    private static final long FAR = 0x0102_0304_0506_0708L;

    record Kind(int version, int addressSize, boolean is64Bit, ByteOrder order) {}

    static Stream<Arguments> kinds() {
        var kinds = new ArrayList<Arguments>();
        for (var order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (int version = 2; version <= 5; version++) {
                for (int addressSize : new int[] {2, 4, 8}) {
                    kinds.add(Arguments.of(new Kind(version, addressSize, false, order)));
                    kinds.add(Arguments.of(new Kind(version, addressSize, true, order)));
                }
            }
        }
        return kinds.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFormIsReadPast(Kind kind) {
        var file = new File(kind);
        var unit = file.unit;
        unit.begin(COMPILE_UNIT, text(NAME, "all.c"));
        for (int form = 0; form < 0x2100; form++) {
            if (Form.size(form, new Encoding(kind.version, kind.is64Bit ? 8 : 4, kind.addressSize)) != Form.UNKNOWN) {
                // where attributes are read and where they are skipped
                unit.leaf(BASE_TYPE, of(form, kind, UNKNOWN_ATTRIBUTE), text(NAME, "int"));
                unit.leaf(
                        SUBPROGRAM,
                        unit.code(0x1000 + form, 1, of(form, kind, UNKNOWN_ATTRIBUTE), text(NAME, "f" + form)));
            }
        }
        unit.leaf(SUBPROGRAM, unit.code(0x5000, 0x10, text(NAME, "last")));
        var read = file.read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).hasSize(49).contains("f1 1001-1002", "f8193 3001-3002", "last 5000-5010");
    }

    private static Attribute of(int form, Kind kind, int name) {
        var order = kind.order;
        return switch (form) {
            case Form.STRING -> text(name, "some text");
            case Form.BLOCK, Form.EXPRLOC ->
                raw(name, form, new DwarfBytes(order).uleb(200).raw(new byte[200]));
            case Form.BLOCK1 -> raw(name, form, new DwarfBytes(order).u8(3, 1, 2, 3));
            case Form.BLOCK2 -> raw(name, form, new DwarfBytes(order).u16(300).raw(new byte[300]));
            case Form.BLOCK4 -> raw(name, form, new DwarfBytes(order).u32(5).raw(new byte[5]));
            case Form.INDIRECT ->
                raw(name, form, new DwarfBytes(order).uleb(Form.UDATA).uleb(FAR));
            case Form.LLVM_ADDRX_OFFSET ->
                raw(name, form, new DwarfBytes(order).uleb(3).u32(8));
            case Form.SDATA -> raw(name, form, new DwarfBytes(order).sleb(-FAR));
            case Form.IMPLICIT_CONST -> new Attribute(name, form, -FAR, out -> {});
            default -> {
                int size = Form.size(form, new Encoding(kind.version, kind.is64Bit ? 8 : 4, kind.addressSize));
                yield size >= 0
                        ? raw(name, form, new DwarfBytes(order).number(FAR, size))
                        : raw(name, form, new DwarfBytes(order).uleb(FAR));
            }
        };
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void namesAndAddressesAreReadInEveryForm(Kind kind) {
        var file = new File(kind);
        var unit = file.unit;
        int offsetSize = kind.is64Bit ? 8 : 4;
        file.elf.section(
                ".debug_str", new DwarfBytes(kind.order).u8(0).text("zero").text("one"));
        file.elf.section(".debug_line_str", new DwarfBytes(kind.order).text("line"));
        file.elf.section(
                ".debug_str_offsets",
                new DwarfBytes(kind.order).hex("eeeeeeee").number(1, offsetSize).number(6, offsetSize));
        file.elf.section(
                ".debug_addr",
                new DwarfBytes(kind.order)
                        .hex("dddddd")
                        .number(0x1000, kind.addressSize)
                        .number(0x2000, kind.addressSize)
                        .number(0x2010, kind.addressSize));
        unit.begin(
                COMPILE_UNIT,
                unit.attribute(NAME, Form.STRX1, 1),
                unit.attribute(STRING_OFFSETS_BASE, Form.SEC_OFFSET, 4),
                unit.attribute(ADDRESS_BASE, Form.SEC_OFFSET, 3),
                unit.attribute(LANGUAGE, Form.DATA1, 0x0c));
        for (int form :
                new int[] {Form.STRX, Form.STRX1, Form.STRX2, Form.STRX3, Form.STRX4, Form.GNU_STR_INDEX, Form.STRP}) {
            unit.leaf(SUBPROGRAM, unit.code(0x100, 8, unit.attribute(NAME, form, 1)));
        }
        unit.leaf(SUBPROGRAM, unit.code(0x200, 8, unit.attribute(NAME, Form.LINE_STRP, 0)));
        for (int form :
                new int[] {Form.ADDRX, Form.ADDRX1, Form.ADDRX2, Form.ADDRX3, Form.ADDRX4, Form.GNU_ADDR_INDEX}) {
            unit.leaf(
                    SUBPROGRAM,
                    text(NAME, "indexed"),
                    unit.attribute(LOW_PC, form, 1),
                    unit.attribute(HIGH_PC, form, 2));
        }
        unit.leaf(
                SUBPROGRAM,
                text(NAME, "offset"),
                raw(
                        LOW_PC,
                        Form.LLVM_ADDRX_OFFSET,
                        new DwarfBytes(kind.order).uleb(0).u32(0x20)),
                raw(
                        HIGH_PC,
                        Form.INDIRECT,
                        new DwarfBytes(kind.order).uleb(Form.UDATA).uleb(0x30)));
        unit.leaf(
                SUBPROGRAM,
                text(NAME, "constant"),
                unit.attribute(LOW_PC, Form.ADDR, 0x3000),
                new Attribute(HIGH_PC, Form.IMPLICIT_CONST, 0x44, out -> {}));
        var read = file.read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.units).containsExactly("one version %d language 0xc".formatted(kind.version));
        assertThat(read.nodes).hasSize(16);
        assertThat(read.nodes.subList(0, 6)).containsOnly("one 100-108");
        assertThat(read.nodes.subList(6, 8)).containsExactly("zero 100-108", "line 200-208");
        assertThat(read.nodes.subList(8, 14)).containsOnly("indexed 2000-2010");
        assertThat(read.nodes.subList(14, 16)).containsExactly("offset 1020-1050", "constant 3000-3044");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void referencesAreFollowedInEveryForm(Kind kind) {
        var file = new File(kind);
        var unit = file.unit;
        unit.begin(COMPILE_UNIT, text(NAME, "references.c"));
        long target = unit.leaf(SUBPROGRAM, text(NAME, "target"));
        for (int form : new int[] {Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA, Form.REF_ADDR}) {
            unit.leaf(SUBPROGRAM, unit.code(0x100, 8, unit.attribute(ABSTRACT_ORIGIN, form, target)));
        }
        var read = file.read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).hasSize(6).containsOnly("target 100-108");
    }

    @Test
    void anUnknownFormEndsItsUnitAndNotTheNextOne() {
        var info = new DwarfBytes();
        var abbreviations = new DwarfBytes();
        var first = new HandmadeUnit(info, abbreviations, 5, 8);
        first.begin(COMPILE_UNIT, text(NAME, "first.c"));
        first.leaf(SUBPROGRAM, first.code(0x1000, 8, text(NAME, "before")));
        first.leaf(BASE_TYPE, raw(NAME, 0x77, new DwarfBytes()));
        first.leaf(SUBPROGRAM, first.code(0x2000, 8, text(NAME, "behind")));
        first.end().write();
        var second = new HandmadeUnit(info, abbreviations, 5, 8);
        second.begin(COMPILE_UNIT, text(NAME, "second.c"));
        second.leaf(SUBPROGRAM, second.code(0x3000, 8, text(NAME, "other")));
        second.end().write();
        var read = ReadUnits.of(new HandmadeElf().section(".debug_info", info).section(".debug_abbrev", abbreviations));

        assertThat(read.nodes).containsExactly("before 1000-1008", "other 3000-3008");
        assertThat(read.diagnostics).singleElement().asString().contains("entry of an unknown form");
    }

    @Test
    void anEntryOverTheEndOfItsUnitIsDamage() {
        var file = new File(new Kind(5, 8, false, ByteOrder.LITTLE_ENDIAN));
        file.unit.begin(COMPILE_UNIT, text(NAME, "short.c"));
        file.unit.leaf(SUBPROGRAM, file.unit.code(0x1000, 8, text(NAME, "whole")));
        file.unit.leaf(BASE_TYPE, raw(UNKNOWN_ATTRIBUTE, Form.BLOCK4, new DwarfBytes().u32(1000)));
        var read = file.read();

        assertThat(read.nodes).containsExactly("whole 1000-1008");
        assertThat(read.diagnostics).hasSize(1);
    }

    @Test
    void aSiblingInTheWrongPlaceIsNotFollowed() {
        var file = new File(new Kind(4, 8, false, ByteOrder.LITTLE_ENDIAN));
        var unit = file.unit;
        unit.begin(COMPILE_UNIT, text(NAME, "sibling.c"));
        for (long sibling : new long[] {0, 11, 0xffff_ffffL}) {
            unit.begin(HandmadeUnit.CALL_SITE, unit.attribute(SIBLING, Form.REF4, sibling));
            unit.leaf(BASE_TYPE, text(NAME, "int"));
            unit.end();
        }
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, text(NAME, "found")));
        var read = file.read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).containsExactly("found 1000-1008");
    }

    private static final class File {
        final DwarfBytes info;
        final DwarfBytes abbreviations;
        final HandmadeUnit unit;
        final HandmadeElf elf;

        File(Kind kind) {
            info = new DwarfBytes(kind.order);
            abbreviations = new DwarfBytes(kind.order);
            unit = new HandmadeUnit(
                    info, abbreviations, kind.version, kind.addressSize, kind.is64Bit, UnitHeader.DW_UT_COMPILE, 0);
            elf = new HandmadeElf(kind.order);
        }

        ReadUnits read() {
            unit.end().write();
            return ReadUnits.of(elf.section(".debug_info", info).section(".debug_abbrev", abbreviations));
        }
    }
}
