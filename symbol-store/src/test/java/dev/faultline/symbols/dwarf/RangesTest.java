package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ADDRESS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.HIGH_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LOW_PC;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.RANGES;
import static dev.faultline.symbols.dwarf.HandmadeUnit.RANGE_LISTS_BASE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses an entry covers (DWARF 4 and 5, 2.17). */
class RangesTest {
    private final DwarfBytes info = new DwarfBytes();
    private final DwarfBytes abbreviations = new DwarfBytes();
    private final HandmadeElf elf = new HandmadeElf();

    @Test
    void highPcIsTheEndOrTheSizeAsItsFormSays() {
        var unit = new HandmadeUnit(info, abbreviations, 4, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "pairs.c"));
        unit.leaf(
                SUBPROGRAM,
                text(NAME, "end"),
                unit.attribute(LOW_PC, Form.ADDR, 0x1000),
                unit.attribute(HIGH_PC, Form.ADDR, 0x1010));
        unit.leaf(
                SUBPROGRAM,
                text(NAME, "size"),
                unit.attribute(LOW_PC, Form.ADDR, 0x2000),
                unit.attribute(HIGH_PC, Form.DATA2, 0x10));
        unit.leaf(
                SUBPROGRAM,
                text(NAME, "nothing"),
                unit.attribute(LOW_PC, Form.ADDR, 0x3000),
                unit.attribute(HIGH_PC, Form.DATA2, 0));
        unit.leaf(SUBPROGRAM, text(NAME, "beginning only"), unit.attribute(LOW_PC, Form.ADDR, 0x3000));
        unit.end().write();

        assertThat(read().nodes).containsExactly("end 1000-1010", "size 2000-2010");
    }

    @Test
    void hotAndColdPartsKeepTheirOrder() {
        elf.section(
                ".debug_ranges",
                new DwarfBytes()
                        .hex("eeee")
                        .u32(0x2000)
                        .u32(0x2020)
                        .u32(0x100)
                        .u32(0x108)
                        .u32(0xffff_ffffL) // from here on from 0x5000
                        .u32(0x5000)
                        .u32(0x10)
                        .u32(0x18)
                        .u32(7)
                        .u32(7) // nothing
                        .u32(0)
                        .u32(0));

        // a unit of many sections has the base 0, another one its own
        assertThat(withRanges(4, 0, Form.SEC_OFFSET, 2).nodes).containsExactly("split 2000-2020 100-108 5010-5018");
        info.hex("00000000");
        assertThat(withRanges(3, 0x1000_0000, Form.DATA4, 2).nodes)
                .last()
                .isEqualTo("split 10002000-10002020 10000100-10000108 5010-5018");
    }

    @ParameterizedTest
    @ValueSource(longs = {0xffff_ffffL, 0xffff_fffeL})
    void whatCountsFromATombstoneIsNoCode(long tombstone) {
        elf.section(
                ".debug_ranges",
                new DwarfBytes()
                        .u32(0xffff_ffffL)
                        .u32(tombstone)
                        .u32(0x10) // would wrap around to low addresses
                        .u32(0x20)
                        .u32(0xffff_ffffL)
                        .u32(0)
                        .u32(0x1000)
                        .u32(0x1010)
                        .u32(0)
                        .u32(0));
        elf.section(
                ".debug_rnglists",
                new DwarfBytes()
                        .u8(5)
                        .u32(tombstone)
                        .u8(4)
                        .uleb(0x10)
                        .uleb(0x20)
                        .u8(7)
                        .u32(tombstone)
                        .uleb(0x40)
                        .u8(6)
                        .u32(0x1000)
                        .u32(0x1010)
                        .u8(0));

        assertThat(withRanges(4, 0, Form.SEC_OFFSET, 0).nodes).containsExactly("split 1000-1010");
        assertThat(withRanges(5, 0, Form.SEC_OFFSET, 0).nodes).last().isEqualTo("split 1000-1010");
    }

    @Test
    void everyKindOfARangeListIsRead() {
        elf.section(
                ".debug_addr", new DwarfBytes().u64(0).u32(0x3000).u32(0x3010).u32(0x4000));
        var lists = new DwarfBytes()
                .hex("00000000 0500 04 00 02000000") // a header of two offsets
                .u32(0x33)
                .u32(8)
                .u8(0x04) // offset_pair from the unit's low_pc
                .uleb(0x10)
                .uleb(0x20)
                .u8(0x01, 2) // base_addressx
                .u8(0x04)
                .uleb(4)
                .uleb(8)
                .u8(0x02, 0, 1) // startx_endx
                .u8(0x03, 0, 5) // startx_length
                .u8(0x05) // base_address
                .u32(0x6000)
                .u8(0x04)
                .uleb(1)
                .uleb(3)
                .u8(0x06) // start_end
                .u32(0x7000)
                .u32(0x7004)
                .u8(0x07) // start_length
                .u32(0x8000)
                .uleb(0x200)
                .u8(0);
        elf.section(".debug_rnglists", lists);
        var unit = new HandmadeUnit(info, abbreviations, 5, 4);
        unit.begin(
                COMPILE_UNIT,
                text(NAME, "lists.c"),
                unit.attribute(LOW_PC, Form.ADDR, 0x1000),
                unit.attribute(ADDRESS_BASE, Form.SEC_OFFSET, 8),
                unit.attribute(RANGE_LISTS_BASE, Form.SEC_OFFSET, 12));
        unit.leaf(SUBPROGRAM, text(NAME, "indexed"), unit.attribute(RANGES, Form.RNGLISTX, 1));
        unit.leaf(SUBPROGRAM, text(NAME, "placed"), unit.attribute(RANGES, Form.SEC_OFFSET, 20));
        unit.end().write();
        String ranges = "1010-1020 4004-4008 3000-3010 3000-3005 6001-6003 7000-7004 8000-8200";
        var read = read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).containsExactly("indexed " + ranges, "placed " + ranges);
    }

    @Test
    void aListThatIsDamagedCostsItsFunctionOnly() {
        elf.section(".debug_rnglists", new DwarfBytes().u8(0x99));
        var unit = new HandmadeUnit(info, abbreviations, 5, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "damaged.c"));
        unit.leaf(SUBPROGRAM, text(NAME, "kind"), unit.attribute(RANGES, Form.SEC_OFFSET, 0));
        unit.leaf(SUBPROGRAM, text(NAME, "outside"), unit.attribute(RANGES, Form.SEC_OFFSET, 77));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 4, text(NAME, "whole")));
        unit.end().write();
        var read = read();

        assertThat(read.nodes).containsExactly("whole 1000-1004");
        assertThat(read.diagnostics).singleElement().asString().contains("range list entry of kind 0x99");
    }

    private ReadUnits withRanges(int version, long lowPc, int form, long offset) {
        var unit = new HandmadeUnit(info, abbreviations, version, 4);
        unit.begin(COMPILE_UNIT, text(NAME, "ranges.c"), unit.attribute(LOW_PC, Form.ADDR, lowPc));
        unit.leaf(SUBPROGRAM, text(NAME, "split"), unit.attribute(RANGES, form, offset));
        unit.end().write();
        return read();
    }

    private ReadUnits read() {
        return ReadUnits.of(elf.section(".debug_info", info).section(".debug_abbrev", abbreviations));
    }
}
