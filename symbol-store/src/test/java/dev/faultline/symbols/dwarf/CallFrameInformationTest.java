package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CallFrameInformationTest {
    private static final int SP = 13;
    private static final int LR = 14;

    /** Version 1, no augmentation, code factor 2, data factor -4, return address in r14, CFA = r13 + 0. */
    private static final String ARM_CIE = "0e000000 ffffffff 01 00 02 7c 0e 0c0d00 00 00";

    private record Row(long start, long end, UnwindRow row) {}

    private final List<String> diagnostics = new ArrayList<>();

    @Test
    void aPushMovesTheCfaAndSavesTheRegistersBehindIt() {
        // 0x100 to 0x110: advance 2, CFA offset 8, r4 at CFA-8, r14 at CFA-4
        var rows = rows(ARM_CIE + "14000000 00000000 00010000 10000000 41 0e08 8402 8e01 00");

        assertThat(diagnostics).isEmpty();
        assertThat(rows)
                .containsExactly(
                        new Row(0x100, 0x102, row(0, Map.of())),
                        new Row(
                                0x102,
                                0x110,
                                row(8, Map.of(4, new RegisterRule.SavedAt(-8), LR, new RegisterRule.SavedAt(-4)))));
    }

    @Test
    void aRestoredStateBringsItsCfaBack() {
        // advance 2, CFA offset 8, remember, advance 2, CFA offset 0, advance 2, restore state
        var rows = rows(ARM_CIE + "15000000 00000000 00010000 10000000 41 0e08 0a 41 0e00 41 0b");

        assertThat(rows).extracting(row -> row.row().cfa()).containsExactly(cfa(0), cfa(8), cfa(0), cfa(8));
    }

    @Test
    void anEntryWithAnUnknownInstructionCostsOnlyItself() {
        var rows = rows(ARM_CIE
                + "10000000 00000000 00010000 10000000 3f 000000"
                + "10000000 00000000 00020000 10000000 00 000000");

        assertThat(rows).containsExactly(new Row(0x200, 0x210, row(0, Map.of())));
        assertThat(diagnostics).containsExactly("call frame instructions at 0x22+0x1: call frame instruction 0x3f");
    }

    @Test
    void anAdvanceOutOfTheFunctionEndsTheEntry() {
        var rows = rows(ARM_CIE + "10000000 00000000 00010000 04000000 43 0e08 00");

        assertThat(rows).isEmpty();
        assertThat(diagnostics).singleElement().asString().contains("location 0x106 outside of 0x100 to 0x104");
    }

    @Test
    void exceptionFramesCountTheirAddressesFromThemselves() {
        // "zR" with sdata4 from itself; the FDE's location field at 0x8000+0x1c says -0x701c
        byte[] bytes = hex("10000000 00000000 01 7a5200 01 78 10 01 1b 0c0708"
                + "10000000 18000000 e48fffff 20000000 00 000000"
                + "00000000");
        var rows = new ArrayList<Row>();
        CallFrameInformation.readExceptionFrames(
                ByteReader.of(".eh_frame", bytes),
                0x8000,
                8,
                Limits.DEFAULT,
                (start, end, row) -> rows.add(new Row(start, end, row)),
                diagnostics::add);

        assertThat(diagnostics).isEmpty();
        assertThat(rows)
                .containsExactly(
                        new Row(0x1000, 0x1020, new UnwindRow(new CfaRule.RegisterOffset(7, 8), Map.of(), 16, false)));
    }

    @Property
    void anyBytesGiveRowsOrDiagnostics(@ForAll byte[] bytes) {
        CallFrameInformation.readDebugFrame(
                ByteReader.of("fuzz", bytes), 4, Limits.DEFAULT, (start, end, row) -> {}, diagnostics::add);
        CallFrameInformation.readExceptionFrames(
                ByteReader.of("fuzz", bytes), 0, 8, Limits.DEFAULT, (start, end, row) -> {}, diagnostics::add);
    }

    private List<Row> rows(String hex) {
        var rows = new ArrayList<Row>();
        CallFrameInformation.readDebugFrame(
                ByteReader.of(".debug_frame", hex(hex)),
                4,
                Limits.DEFAULT,
                (start, end, row) -> rows.add(new Row(start, end, row)),
                diagnostics::add);
        return rows;
    }

    private static UnwindRow row(long offset, Map<Integer, RegisterRule> rules) {
        return new UnwindRow(cfa(offset), rules, LR, false);
    }

    private static CfaRule cfa(long offset) {
        return new CfaRule.RegisterOffset(SP, offset);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
