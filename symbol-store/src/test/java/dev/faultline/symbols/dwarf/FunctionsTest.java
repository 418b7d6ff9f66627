package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.ABSTRACT_ORIGIN;
import static dev.faultline.symbols.dwarf.HandmadeUnit.CALL_COLUMN;
import static dev.faultline.symbols.dwarf.HandmadeUnit.CALL_FILE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.CALL_LINE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.CALL_SITE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.CLASS;
import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.DECLARATION;
import static dev.faultline.symbols.dwarf.HandmadeUnit.INLINED;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LEXICAL_BLOCK;
import static dev.faultline.symbols.dwarf.HandmadeUnit.LINKAGE_NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAME;
import static dev.faultline.symbols.dwarf.HandmadeUnit.NAMESPACE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SIGNATURE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SPECIFICATION;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STATEMENT_LIST;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STRUCTURE;
import static dev.faultline.symbols.dwarf.HandmadeUnit.SUBPROGRAM;
import static dev.faultline.symbols.dwarf.HandmadeUnit.TYPE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions, the calls inlined into them, and their names. */
class FunctionsTest {
    private final DwarfBytes info = new DwarfBytes();
    private final DwarfBytes abbreviations = new DwarfBytes();
    private final HandmadeElf elf = new HandmadeElf();

    private HandmadeUnit unit(int version) {
        return new HandmadeUnit(info, abbreviations, version, 8);
    }

    @Test
    void blocksAndLevelsWithoutCodeAreSeenThrough() {
        var unit = unit(5);
        unit.begin(COMPILE_UNIT, text(NAME, "nest.c"));
        long inner = unit.leaf(SUBPROGRAM, text(NAME, "inner"));
        unit.begin(SUBPROGRAM, unit.code(0x1000, 0x100, text(NAME, "outer")));
        unit.begin(LEXICAL_BLOCK, unit.code(0x1000, 0x80));
        unit.begin(INLINED, unit.code(0x1010, 0x40, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, inner)));
        unit.begin(INLINED, text(NAME, "without code"));
        unit.leaf(CALL_SITE);
        unit.leaf(INLINED, unit.code(0x1020, 8, text(NAME, "deep")));
        unit.end().end();
        unit.leaf(INLINED, unit.code(0x1060, 8, text(NAME, "second")));
        unit.end().end();
        unit.end().write();

        assertThat(read().nodes)
                .containsExactly(
                        "outer 1000-1100",
                        ". inner 1010-1050 at ?:0:0",
                        ". . deep 1020-1028 at ?:0:0",
                        ". second 1060-1068 at ?:0:0");
    }

    @Test
    void aFunctionInAFunctionIsOneOfItsOwn() {
        var unit = unit(4);
        unit.begin(COMPILE_UNIT, text(NAME, "nested.c"));
        unit.begin(SUBPROGRAM, unit.code(0x1000, 0x100, text(NAME, "outer")));
        unit.begin(SUBPROGRAM, unit.code(0x2000, 0x10, text(NAME, "nested")));
        unit.leaf(INLINED, unit.code(0x2004, 4, text(NAME, "in nested")));
        unit.end();
        unit.begin(SUBPROGRAM, text(NAME, "abstract"));
        unit.leaf(INLINED, unit.code(0x2104, 4, text(NAME, "in no code")));
        unit.end();
        unit.leaf(INLINED, unit.code(0x1004, 4, text(NAME, "in outer")));
        unit.end().end().write();

        assertThat(read().nodes)
                .containsExactly(
                        "outer 1000-1100",
                        "nested 2000-2010",
                        ". in nested 2004-2008 at ?:0:0",
                        ". in outer 1004-1008 at ?:0:0");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void theFileOfACallIsCountedAsItsLineTableDoes(int tableVersion) {
        // unit and table of different versions: newlib and libgcc are always mixed in
        elf.section(".debug_line", table(tableVersion));
        var unit = unit(9 - tableVersion);
        unit.begin(COMPILE_UNIT, text(NAME, "calls.c"), unit.attribute(STATEMENT_LIST, Form.SEC_OFFSET, 0));
        unit.begin(SUBPROGRAM, unit.code(0x1000, 0x100, text(NAME, "outer")));
        for (int file = 0; file < 4; file++) {
            unit.leaf(
                    INLINED,
                    unit.code(
                            0x1010 + 0x10 * file,
                            8,
                            text(NAME, "call" + file),
                            unit.attribute(CALL_FILE, Form.UDATA, file),
                            unit.attribute(CALL_LINE, Form.DATA2, 40 + file),
                            unit.attribute(CALL_COLUMN, Form.DATA1, 7)));
        }
        unit.end().end().write();

        assertThat(read().nodes)
                .containsExactly(
                        "outer 1000-1100",
                        ". call0 1010-1018 at " + (tableVersion == 5 ? "a.c" : "?") + ":40:7",
                        ". call1 1020-1028 at " + (tableVersion == 5 ? "b.h" : "a.c") + ":41:7",
                        ". call2 1030-1038 at " + (tableVersion == 5 ? "?" : "b.h") + ":42:7",
                        ". call3 1040-1048 at ?:43:7");
    }

    private static DwarfBytes table(int version) {
        var header = new DwarfBytes().u8(1);
        header.u8(1).u8(1, -3, 12, 13).hex("00 01 01 01 01 00 00 00 01 00 00 01");
        if (version == 5) {
            header.u8(1).uleb(1).uleb(Form.STRING).uleb(0);
            header.u8(1).uleb(1).uleb(Form.STRING).uleb(2).text("a.c").text("b.h");
        } else {
            header.u8(0);
            header.text("a.c").u8(0, 0, 0).text("b.h").u8(0, 0, 0).u8(0);
        }
        var table = new DwarfBytes().u16(version);
        if (version == 5) {
            table.u8(8, 0);
        }
        return new DwarfBytes().unit(false, table.u32(header.position()).raw(header.bytes()));
    }

    @Test
    void aNameIsFollowedFromTheInstanceToTheDeclaration() {
        var unit = unit(5);
        unit.begin(COMPILE_UNIT, text(NAME, "chain.cpp"));
        unit.begin(NAMESPACE, text(NAME, "net"));
        unit.begin(CLASS, text(NAME, "Ring"));
        long declared = unit.leaf(
                SUBPROGRAM,
                text(NAME, "push"),
                text(LINKAGE_NAME, "_ZN3net4Ring4pushEv"),
                unit.attribute(DECLARATION, Form.FLAG_PRESENT, 0));
        long unmangled = unit.leaf(SUBPROGRAM, text(NAME, "pop"), unit.attribute(DECLARATION, Form.FLAG_PRESENT, 0));
        unit.end();
        unit.begin(NAMESPACE);
        unit.leaf(SUBPROGRAM, unit.code(0x3000, 8, text(NAME, "hidden")));
        unit.end();
        unit.end();
        long instance = unit.leaf(SUBPROGRAM, unit.attribute(SPECIFICATION, Form.REF4, declared));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, instance)));
        unit.leaf(SUBPROGRAM, unit.code(0x2000, 8, unit.attribute(SPECIFICATION, Form.REF4, unmangled)));
        unit.leaf(SUBPROGRAM, unit.code(0x4000, 8, text(NAME, "same"), text(LINKAGE_NAME, "same")));
        unit.leaf(SUBPROGRAM, unit.code(0x5000, 8, text(LINKAGE_NAME, "_Zonly")));
        unit.leaf(SUBPROGRAM, unit.code(0x6000, 8));
        unit.end().write();

        assertThat(read().nodes)
                .containsExactly(
                        "net::(anonymous namespace)::hidden 3000-3008",
                        "_ZN3net4Ring4pushEv = push 1000-1008",
                        "net::Ring::pop 2000-2008",
                        "same 4000-4008",
                        "_Zonly 5000-5008",
                        "? 6000-6008");
    }

    @Test
    void underLinkTimeOptimizationAnOriginIsInAnotherUnit() {
        var early = unit(5);
        early.begin(COMPILE_UNIT, text(NAME, "early.cpp"));
        early.begin(NAMESPACE, text(NAME, "net"));
        long origin = early.leaf(SUBPROGRAM, text(NAME, "far"));
        early.end().end().write();
        var late = unit(5);
        late.begin(COMPILE_UNIT, text(NAME, "late.o"));
        late.leaf(SUBPROGRAM, late.code(0x1000, 8, late.attribute(ABSTRACT_ORIGIN, Form.REF_ADDR, origin)));
        late.leaf(SUBPROGRAM, late.code(0x2000, 8, late.attribute(ABSTRACT_ORIGIN, Form.REF_ADDR, 0xffff)));
        late.end().write();
        var read = read();

        assertThat(read.nodes).containsExactly("net::far 1000-1008", "? 2000-2008");
        assertThat(read.diagnostics).singleElement().asString().contains("reference to 0xffff, where no unit is");
    }

    @Test
    void originsInACircleEnd() {
        var unit = unit(4);
        unit.begin(COMPILE_UNIT, text(NAME, "circle.c"));
        long first = unit.next();
        long itself = unit.leaf(SUBPROGRAM, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, first));
        long one = unit.next();
        long entryBytes = 1 + 4;
        unit.leaf(SUBPROGRAM, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, one + entryBytes));
        unit.leaf(SUBPROGRAM, unit.attribute(SPECIFICATION, Form.REF4, one));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, itself)));
        unit.leaf(SUBPROGRAM, unit.code(0x2000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF4, one)));
        unit.end().write();

        assertThat(read().nodes).containsExactly("? 1000-1008", "? 2000-2008");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aClassOfATypeUnitHasItsNameThere(int version) {
        long signature = 0x1234_5678_9abc_def0L;
        var types = version == 5 ? info : new DwarfBytes();
        var typeUnit = new HandmadeUnit(types, abbreviations, version, 8, false, UnitHeader.DW_UT_TYPE, signature);
        typeUnit.begin(TYPE_UNIT);
        long type = typeUnit.begin(CLASS, text(NAME, "Ring"));
        long declared =
                typeUnit.leaf(SUBPROGRAM, text(NAME, "peek"), typeUnit.attribute(DECLARATION, Form.FLAG_PRESENT, 0));
        typeUnit.end().end().type(type).write();
        var unit = unit(version);
        unit.begin(COMPILE_UNIT, text(NAME, "user.cpp"));
        unit.begin(
                CLASS,
                unit.attribute(DECLARATION, Form.FLAG_PRESENT, 0),
                unit.attribute(SIGNATURE, Form.REF_SIG8, signature));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, text(NAME, "push")));
        unit.end();
        unit.end().write();
        if (version == 4) {
            elf.section(".debug_types", types);
        }
        var read = read();

        assertThat(declared).isPositive();
        assertThat(read.diagnostics).isEmpty();
        assertThat(read.units).hasSize(1);
        assertThat(read.nodes).containsExactly("Ring::push 1000-1008");
    }

    @Test
    void aPartialUnitHasNoCodeAndStillHasNames() {
        for (int version : new int[] {4, 5}) {
            int type = version == 5 ? UnitHeader.DW_UT_PARTIAL : UnitHeader.DW_UT_COMPILE;
            var partial = new HandmadeUnit(info, abbreviations, version, 8, false, type, 0);
            partial.begin(HandmadeUnit.PARTIAL_UNIT);
            long shared = partial.offset() + partial.leaf(SUBPROGRAM, text(NAME, "shared" + version));
            partial.end().write();
            var unit = unit(version);
            unit.begin(COMPILE_UNIT, text(NAME, "user.c"));
            unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, unit.attribute(ABSTRACT_ORIGIN, Form.REF_ADDR, shared)));
            unit.end().write();
        }
        var read = read();

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.units).hasSize(2);
        assertThat(read.nodes).containsExactly("shared4 1000-1008", "shared5 1000-1008");
    }

    @Test
    void entriesNestedTooDeepEndTheirUnit() {
        var unit = unit(5);
        unit.begin(COMPILE_UNIT, text(NAME, "deep.c"));
        unit.leaf(SUBPROGRAM, unit.code(0x1000, 8, text(NAME, "before")));
        for (int i = 0; i < 2_000; i++) {
            unit.begin(STRUCTURE, text(NAME, "s"));
        }
        unit.write();
        var read = read();

        assertThat(read.nodes).containsExactly("before 1000-1008");
        assertThat(read.diagnostics)
                .singleElement()
                .asString()
                .contains("depth of entries 1025 exceeds the limit of 1024");
    }

    @Test
    void callsNestedTooDeepAreLeftOutAndThoseBehindThemStand() {
        var unit = unit(5);
        unit.begin(COMPILE_UNIT, text(NAME, "deep.c"));
        unit.begin(SUBPROGRAM, unit.code(0x1000, 8, text(NAME, "outer")));
        for (int i = 0; i < 600; i++) {
            unit.begin(INLINED, unit.code(0x1000, 8, text(NAME, "level" + i)));
        }
        for (int i = 0; i < 600; i++) {
            unit.end();
        }
        unit.leaf(INLINED, unit.code(0x1004, 2, text(NAME, "behind")));
        unit.end().end().write();
        var read = read();

        assertThat(read.nodes).hasSize(514).last().isEqualTo(". behind 1004-1006 at ?:0:0");
        assertThat(read.diagnostics)
                .singleElement()
                .asString()
                .endsWith("inlined calls more than 512 deep are left out");
    }

    @Test
    void unitsThatAllPointAtOneHugeTableAreReadForItOnlySoOften() {
        var lines = new DwarfBytes();
        var header = new DwarfBytes()
                .u8(1, 1, 1, -3, 12, 13)
                .hex("00 01 01 01 01 00 00 00 01 00 00 01")
                .u8(0, 0);
        lines.unit(
                false,
                new DwarfBytes()
                        .u16(4)
                        .u32(header.position())
                        .raw(header.bytes())
                        .raw(new byte[4 << 20]));
        elf.section(".debug_line", lines);
        for (int i = 0; i < 5_000; i++) {
            var unit = unit(4);
            unit.leaf(COMPILE_UNIT, unit.attribute(STATEMENT_LIST, Form.SEC_OFFSET, 0));
            unit.write();
        }
        var read = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), this::read);

        assertThat(read.diagnostics).last().asString().contains("reading of line tables of the file exceeds");
    }

    private ReadUnits read() {
        elf.section(".debug_info", info).section(".debug_abbrev", abbreviations);
        return ReadUnits.of(elf, Companions.NONE, Limits.DEFAULT);
    }
}
