package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.HandmadeUnit.COMPILE_UNIT;
import static dev.faultline.symbols.dwarf.HandmadeUnit.DIRECTORY;
import static dev.faultline.symbols.dwarf.HandmadeUnit.STATEMENT_LIST;
import static dev.faultline.symbols.dwarf.HandmadeUnit.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Line tables written by hand: what of DWARF 5, 6.2 compilers on a machine of today do not write. */
class LineTableTest {
    /** line_base -3, line_range 12, opcode_base 13: 19 = next line, 1 instruction further. */
    private static final int NEXT_LINE_NEXT_INSTRUCTION = 13 + 12 + 4;

    private static final String OPERANDS = "00 01 01 01 01 00 00 00 01 00 00 01";

    private int version = 4;
    private String directory = "include";
    private int addressSize = 4;
    private int instruction = 1;
    private int operations = 1;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    @Test
    void theLastOfSeveralRowsAtOneAddressWins() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1); // DW_LNS_copy
                            program.u8(3).sleb(6).u8(1); // line 7 at the same address: a view of GCC
                            program.u8(2).uleb(4);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:7:0, 1004");
    }

    @Test
    void aSetAddressGoingBackwardsEndsTheSequenceAndKeepsWhatFollowsApart() {
        // discarded code of C++: rows at 0, then an address again, without an end between them
        assertThat(rows(program -> {
                            setAddress(program, 0);
                            program.u8(1).u8(2).uleb(0x68).u8(1);
                            setAddress(program, 0);
                            program.u8(1).u8(2).uleb(8);
                            endSequence(program);
                            setAddress(program, 0x2000);
                            program.u8(1).u8(2).uleb(4);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("0 /build/one.c:1:0, 68", "0 /build/one.c:1:0, 8", "2000 /build/one.c:1:0, 2004");
    }

    @ParameterizedTest
    @ValueSource(longs = {0xffff_ffffL, 0xffff_fffeL})
    void aTombstoneInsideASequenceEndsItAndHidesItsRowsUntilTheNextAddress(long tombstone) {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1).u8(2).uleb(4);
                            setAddress(program, tombstone);
                            program.u8(1).u8(2).uleb(0x10).u8(1); // would wrap around to low addresses
                            setAddress(program, 0x3000);
                            program.u8(1).u8(2).uleb(2);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:1:0, 1004", "3000 /build/one.c:1:0, 3002");
    }

    @Test
    void aSetAddressGoingForwardStaysInTheSequence() {
        // linkers that relax leave one before each row
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1);
                            setAddress(program, 0x1006);
                            program.u8(3).sleb(1).u8(1);
                            setAddress(program, 0x100a);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:1:0, 1006 /build/one.c:2:0, 100a");
    }

    @Test
    void rowsThatDoNotAscendBeginASequence() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1).u8(2).uleb(0x10).u8(1);
                            program.u8(2).uleb(-8L).u8(3).sleb(4).u8(1); // back to 0x1008, line 5
                            program.u8(2).uleb(4);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:1:0, 1010", "1008 /build/one.c:5:0, 100c");
    }

    @Test
    void aSequenceWithoutAByteIsNone() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1);
                            endSequence(program);
                            endSequence(program);
                        })
                        .sequences)
                .isEmpty();
    }

    @Test
    void aLineOf0IsAnAnswer() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(3).sleb(-1).u8(1).u8(2).uleb(2);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:0:0, 1002");
    }

    @Test
    void specialOpcodesMoveAddressAndLine() {
        instruction = 2;
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(NEXT_LINE_NEXT_INSTRUCTION);
                            program.u8(5).uleb(300); // column
                            program.u8(8); // const_add_pc: (255 - 13) / 12 = 20 instructions
                            program.u8(NEXT_LINE_NEXT_INSTRUCTION);
                            program.u8(9).u16(0x100); // fixed_advance_pc: bytes, not instructions
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1002 /build/one.c:2:0, 102c /build/one.c:3:300, 112c");
    }

    @Test
    void severalOperationsInAnInstructionAreOneAddress() {
        operations = 3;
        instruction = 16;
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(1);
                            program.u8(NEXT_LINE_NEXT_INSTRUCTION); // operation 1 of 0x1000
                            program.u8(2).uleb(4); // operation 5: the second of 0x1010
                            program.u8(3).sleb(1).u8(1);
                            program.u8(2).uleb(1);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:2:0, 1010 /build/one.c:3:0, 1020");
    }

    @Test
    void whatVendorsAddIsReadPast() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(0).uleb(5).u8(0x80, 1, 2, 3, 4); // DW_LNE_lo_user
                            program.u8(0).uleb(2).u8(4, 9); // discriminator
                            program.u8(0).uleb(0); // nothing at all
                            program.u8(6, 7, 10, 11).u8(12).uleb(3); // flags and the instruction set
                            program.u8(1).u8(2).uleb(2);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/one.c:1:0, 1002");
    }

    @Test
    void aFileMayBeDefinedByTheProgram() {
        assertThat(rows(program -> {
                            setAddress(program, 0x1000);
                            program.u8(0)
                                    .uleb(13)
                                    .u8(3)
                                    .text("late.c")
                                    .uleb(1)
                                    .uleb(0)
                                    .uleb(0)
                                    .u8(0, 0);
                            program.u8(4).uleb(3).u8(1).u8(2).uleb(2);
                            endSequence(program);
                        })
                        .sequences)
                .containsExactly("1000 /build/include/late.c:1:0, 1002");
    }

    @Test
    void filesCountFrom1BeforeVersion5AndFrom0InIt() {
        Consumer<DwarfBytes> program = out -> {
            setAddress(out, 0x1000);
            out.u8(4).uleb(0).u8(1).u8(2).uleb(2);
            out.u8(4).uleb(1).u8(1).u8(2).uleb(2);
            out.u8(4).uleb(2).u8(1).u8(2).uleb(2);
            endSequence(out);
        };
        assertThat(rows(program).sequences)
                .containsExactly("1000 ?:1:0, 1002 /build/one.c:1:0, 1004 /build/include/two.h:1:0, 1006");
        version = 5;
        assertThat(rows(program).sequences)
                .containsExactly("1000 /build/one.c:1:0, 1002 /build/include/two.h:1:0, 1004 ?:1:0, 1006");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void addressesAreOfTheSizeThatTheHeaderSays(int size) {
        addressSize = size;
        for (var each : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            order = each;
            for (int table : new int[] {2, 3, 4, 5}) {
                version = table;
                assertThat(rows(program -> {
                                    setAddress(program, 0x1000);
                                    program.u8(1).u8(2).uleb(2);
                                    endSequence(program);
                                })
                                .sequences)
                        // file 1 to begin with, which is the second one of version 5
                        .containsExactly(
                                table == 5 ? "1000 /build/include/two.h:1:0, 1002" : "1000 /build/one.c:1:0, 1002");
            }
        }
    }

    @Test
    void aPathThatNoSystemOpensIsCut() {
        directory = "d".repeat(5_000);
        var read = rows(program -> {
            setAddress(program, 0x1000);
            program.u8(4).uleb(2).u8(1).u8(2).uleb(2);
            endSequence(program);
        });

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.sequences)
                .containsExactly("1000 " + ("/build/" + directory).substring(0, 4_096) + ":1:0, 1002");
    }

    @Test
    void aProgramThatBreaksOffKeepsTheRowsBefore() {
        var read = rows(program -> {
            setAddress(program, 0x1000);
            program.u8(1).u8(2).uleb(2).u8(1).u8(2).uleb(2).u8(1);
            program.u8(0).uleb(90).u8(1);
        });

        assertThat(read.sequences).containsExactly("1000 /build/one.c:1:0, 1002 /build/one.c:1:0, 1004");
        assertThat(read.diagnostics).singleElement().asString().contains("extended operation of 0x5a bytes");
    }

    private static void setAddress(DwarfBytes program, long address, int size) {
        program.u8(0).uleb(1L + size).u8(2).number(address, size);
    }

    private void setAddress(DwarfBytes program, long address) {
        setAddress(program, address, addressSize);
    }

    private static void endSequence(DwarfBytes program) {
        program.u8(0, 1, 1);
    }

    private ReadUnits rows(Consumer<DwarfBytes> program) {
        var lines = new DwarfBytes(order);
        lines.unit(false, table(program));
        var info = new DwarfBytes(order);
        var abbreviations = new DwarfBytes(order);
        var unit = new HandmadeUnit(info, abbreviations, version, addressSize);
        unit.leaf(
                COMPILE_UNIT,
                text(DIRECTORY, "/build"),
                unit.attribute(STATEMENT_LIST, version < 4 ? Form.DATA4 : Form.SEC_OFFSET, 0));
        unit.write();
        return ReadUnits.of(new HandmadeElf(order)
                .section(".debug_info", info)
                .section(".debug_abbrev", abbreviations)
                .section(".debug_line", lines));
    }

    private DwarfBytes table(Consumer<DwarfBytes> program) {
        var header = new DwarfBytes(order).u8(instruction);
        if (version >= 4) {
            header.u8(operations);
        }
        header.u8(1, -3, 12, 13).hex(OPERANDS);
        if (version == 5) {
            header.u8(1).uleb(1).uleb(Form.STRING); // directories: paths
            header.uleb(2).text("/build").text("include");
            header.u8(4); // files: path, directory, MD5, LLVM's source
            header.uleb(1).uleb(Form.STRING).uleb(2).uleb(Form.UDATA);
            header.uleb(5).uleb(Form.DATA16).uleb(0x2001).uleb(Form.BLOCK1);
            header.uleb(2);
            header.text("one.c").uleb(0).raw(new byte[16]).u8(2, 'a', 'b');
            header.text("two.h").uleb(1).raw(new byte[16]).u8(0);
        } else {
            header.text(directory).u8(0);
            header.text("one.c").uleb(0).uleb(0).uleb(0);
            header.text("two.h").uleb(1).uleb(0).uleb(0).u8(0);
        }
        var table = new DwarfBytes(order).u16(version);
        if (version == 5) {
            table.u8(addressSize, 0);
        }
        table.u32(header.position()).raw(header.bytes());
        program.accept(table);
        return table;
    }
}
