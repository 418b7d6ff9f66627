package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallFrameInformationTest {
    private static final int ARM = 40;
    private static final int AARCH64 = 183;
    private static final int X86_64 = 62;
    private static final int SPARC = 2;

    /** Version 1, no augmentation, code factor 2, data factor -4, return address in r14, CFA = r13 + 0. */
    private static final String ARM_CIE = "0e000000 ffffffff 01 00 02 7c 0e 0c0d00 00 00";

    private final List<String> diagnostics = new ArrayList<>();
    private final UnwindRules rules = new UnwindRules();

    @Test
    void aPushMovesTheCfaAndSavesTheRegistersBehindIt() {
        // 0x100 to 0x110: advance 2, CFA offset 8, r4 at CFA-8, r14 at CFA-4
        var rows = rows(ARM_CIE + "14000000 00000000 00010000 10000000 41 0e08 8402 8e01 00");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100..102 cfa=r13+0", "102..110 cfa=r13+8 r4=c-8 r14=c-4");
    }

    @ParameterizedTest
    @CsvSource({
        "'', cfa=r13+0",
        "84 02, cfa=r13+0 r4=c-8", // DW_CFA_offset
        "84 02 c4, cfa=r13+0", // DW_CFA_restore: no initial rule
        "05 1e 03, cfa=r13+0 r30=c-12", // DW_CFA_offset_extended
        "05 1e 03 06 1e, cfa=r13+0", // DW_CFA_restore_extended
        "07 0e, cfa=r13+0 r14=u", // DW_CFA_undefined
        "08 04, cfa=r13+0 r4=s", // DW_CFA_same_value
        "09 0e 03, cfa=r13+0 r14=r3", // DW_CFA_register
        "0c 07 10, cfa=r7+16", // DW_CFA_def_cfa
        "0d 07, cfa=r7+0", // DW_CFA_def_cfa_register
        "0e 18, cfa=r13+24", // DW_CFA_def_cfa_offset
        "0f 03 7d08 06, 'cfa=(breg13+8,deref)'", // DW_CFA_def_cfa_expression
        "10 04 02 7d04, cfa=r13+0 r4=[breg13+4]", // DW_CFA_expression
        "11 04 7f, cfa=r13+0 r4=c+4", // DW_CFA_offset_extended_sf
        "12 07 7e, cfa=r7+8", // DW_CFA_def_cfa_sf
        "13 7e, cfa=r13+8", // DW_CFA_def_cfa_offset_sf
        "14 0d 02, cfa=r13+0 r13=v-8", // DW_CFA_val_offset
        "15 0d 7e, cfa=r13+0 r13=v+8", // DW_CFA_val_offset_sf
        "16 0d 02 7d04, cfa=r13+0 r13=(breg13+4)", // DW_CFA_val_expression
        "2e 10, cfa=r13+0", // DW_CFA_GNU_args_size
        "2f 04 02, cfa=r13+0 r4=c+8", // DW_CFA_GNU_negative_offset_extended
        "84 02 0a 0e18 8e01 0b, cfa=r13+0 r4=c-8", // remember, CFA and r14, restore
        "05 8f01 01, cfa=r13+0 r143=c-4", // RA_AUTH_CODE of Armv8.1-M
    })
    void everyInstructionOfARow(String instructions, String expected) {
        var rows = rows(ARM_CIE + entry(0x100, 0x10, instructions));

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100..110 " + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "42 0e08, 104", // DW_CFA_advance_loc
        "02 04 0e08, 108", // DW_CFA_advance_loc1
        "03 0200 0e08, 104", // DW_CFA_advance_loc2
        "04 02000000 0e08, 104", // DW_CFA_advance_loc4
        "1d 0200000000000000 0e08, 104", // DW_CFA_MIPS_advance_loc8
        "01 0a010000 0e08, 10a", // DW_CFA_set_loc
    })
    void everyInstructionThatMovesTheLocation(String instructions, String second) {
        var rows = rows(ARM_CIE + entry(0x100, 0x10, instructions));

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100.." + second + " cfa=r13+0", second + "..110 cfa=r13+8");
    }

    @ParameterizedTest
    @CsvSource({
        "'2d', cfa=r13+0 r34=1", // DW_CFA_AARCH64_negate_ra_state
        "'2d 2d', cfa=r13+0",
        "'2d 0a 2d 0b', cfa=r13+0 r34=1", // it is part of a remembered state
        "'2c', cfa=r13+0 r34=2", // DW_CFA_AARCH64_negate_ra_state_with_pc
        "'2c 2c', cfa=r13+0",
        "'2b 01 00', cfa=r13+0 r34=1", // DW_CFA_AARCH64_set_ra_state, with where it was signed
        "'2d 2b 00 7c', cfa=r13+0",
    })
    void anAArch64RowSaysWithWhatTheReturnAddressIsSigned(String instructions, String expected) {
        var rows = rows(AARCH64, ARM_CIE + entry(0x100, 0x10, instructions));

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100..110 " + expected);
    }

    @ParameterizedTest
    @CsvSource({"2d 2c, signing -1 of the return address after 1", "2c 2d, signing 1 of the return address after 2"})
    void twoWaysOfSigningAtOnceAreDamage(String instructions, String expected) {
        assertThat(rows(AARCH64, ARM_CIE + entry(0x100, 0x10, instructions))).isEmpty();
        assertThat(diagnostics).singleElement().asString().endsWith(expected);
    }

    @Test
    void aSparcWindowIsSavedAtTheCfa() {
        assertThat(rows(SPARC, ARM_CIE + entry(0x100, 0x10, "2d")))
                .singleElement()
                .asString()
                .contains(" r8=r24 ", " r15=r31 ", " r16=c+0 ")
                .endsWith(" r31=c+60");
    }

    @Test
    void whatOnlyAnotherProcessorKnowsCostsItsEntry() {
        assertThat(rows(ARM_CIE + entry(0x100, 0x10, "2d"))).isEmpty();
        assertThat(diagnostics).singleElement().asString().endsWith("call frame instruction 0x2d of another processor");
    }

    @Test
    void aRestoredStateBringsItsCfaBack() {
        // advance 2, CFA offset 8, remember, advance 2, CFA offset 0, advance 2, restore state
        var rows = rows(ARM_CIE + "15000000 00000000 00010000 10000000 41 0e08 0a 41 0e00 41 0b");

        assertThat(rows)
                .containsExactly(
                        "100..102 cfa=r13+0", "102..104 cfa=r13+8", "104..106 cfa=r13+0", "106..110 cfa=r13+8");
    }

    @Test
    void aRestoredRegisterHasItsInitialRuleAgain() {
        // the common information entry saves r4 at CFA-4; offset of r4 8, advance 2, restore r4
        String cie = "10000000 ffffffff 01 00 02 7c 0e 0c0d00 8401 00 00";

        assertThat(rows(cie + entry(0x100, 0x10, "8402 41 c4")))
                .containsExactly("100..102 cfa=r13+0 r4=c-8", "102..110 cfa=r13+0 r4=c-4");
    }

    @Test
    void anEntryWithAnUnknownInstructionCostsOnlyItself() {
        var rows = rows(ARM_CIE
                + "10000000 00000000 00010000 10000000 3f 000000"
                + "10000000 00000000 00020000 10000000 00 000000");

        assertThat(rows).containsExactly("200..210 cfa=r13+0");
        assertThat(diagnostics).containsExactly("call frame instructions at 0x22+0x1: call frame instruction 0x3f");
    }

    @Test
    void anAdvanceOutOfTheFunctionEndsTheEntry() {
        var rows = rows(ARM_CIE + "10000000 00000000 00010000 04000000 43 0e08 00");

        assertThat(rows).isEmpty();
        assertThat(diagnostics).singleElement().asString().contains("location 0x106 outside of 0x100 to 0x104");
    }

    @Test
    void withoutARuleForTheCfaThereIsNoRowYet() {
        String cie = "0c000000 ffffffff 01 00 02 7c 0e 00 00 00";

        assertThat(rows(cie + "10000000 00000000 00010000 10000000 41 0c0d00")).containsExactly("102..110 cfa=r13+0");
    }

    @Test
    void aCfaThatBeginsWithARegisterAloneHasTheOffsetZero() {
        assertThat(rows(common("01 00 02 7c 0e 0d02") + entry(0x100, 0x10, ""))).containsExactly("100..110 cfa=r2+0");
    }

    @Test
    void aWideEntryOfDwarfHasAWideId() {
        var rows = rows("ffffffff 1200000000000000 ffffffffffffffff 03 00 02 7c 0e 0c0d00 00 00"
                + "ffffffff 1400000000000000 0000000000000000 00010000 10000000 41 0e08 00");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100..102 cfa=r13+0", "102..110 cfa=r13+8");
    }

    @Test
    void versionFourSaysHowLargeAddressesAre() {
        // address size 8, no segment selector
        var rows = rows("10000000 ffffffff 04 00 08 00 02 7c 0e 0c0d00 00 00"
                + "14000000 00000000 0001000000000000 1000000000000000");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("100..110 cfa=r13+0");
    }

    @Test
    void anEntryInASegmentOfItsOwnIsLeftOut() {
        // address size 4, segment selectors of 2 bytes: 0 and 1
        var rows = rows("10000000 ffffffff 04 00 04 02 02 7c 0e 0c0d00 00 00"
                + "0e000000 00000000 0000 00010000 10000000"
                + "0e000000 00000000 0100 00020000 10000000");

        assertThat(rows).containsExactly("100..110 cfa=r13+0");
        assertThat(diagnostics).singleElement().asString().endsWith("an address in another segment");
    }

    @ParameterizedTest
    @CsvSource({
        "656168 00, 'augmentation \"eah\"'", // what nobody knows
        "7a51 00 02 7c 0e 01 10, 'augmentation \"zQ\"'",
    })
    void anUnknownAugmentationCostsWhatRefersToIt(String content, String expected) {
        assertThat(rows(common("01" + content + "02 7c 0e 0c0d00") + entry(0x100, 0x10, "")))
                .isEmpty();
        assertThat(diagnostics).singleElement().asString().endsWith(expected);
    }

    @Test
    void theGnuAssemblerWritesSignalFramesWithoutASizeIntoDebugFrame() {
        assertThat(rows(common("01 5300 02 7c 0e 0c0d00") + entry(0x100, 0x10, "")))
                .containsExactly("100..110 cfa=r13+0");
        assertThat(rules.row(1).signalFrame()).isTrue();
    }

    @Test
    void theArmCompilerSaysThatItsCfaIsTheStandards() {
        assertThat(rows(common("01 61726d63632b00 02 7c 0e 0c0d00") + entry(0x100, 0x10, ""))) // armcc+
                .containsExactly("100..110 cfa=r13+0");
    }

    @Test
    void gccTwoPutAPointerBehindItsAugmentation() {
        // "eh", the pointer, code factor 2
        assertThat(rows(common("01 656800 efbeadde 02 7c 0e 0c0d00") + entry(0x100, 0x10, "")))
                .containsExactly("100..110 cfa=r13+0");
    }

    @Test
    void bigEndianEntriesReadBackwards() {
        var section = ByteReader.of(
                        ".debug_frame",
                        hex(
                                "0000000e ffffffff 01 00 02 7c 0e 0c0d00 00 00 00000010 00000000 00000100 00000010 03 0002 00"))
                .order(ByteOrder.BIG_ENDIAN);
        assertThat(rows(CallFrameSection.debugFrame(section, ARM, 4))).containsExactly("100..110 cfa=r13+0");
        assertThat(diagnostics).isEmpty();
    }

    @Test
    void exceptionFramesCountTheirAddressesFromThemselves() {
        // "zR" with sdata4 from itself; the FDE's location field at 0x8000+0x1c says -0x701c
        var rows = exceptionFrames("10000000 00000000 01 7a5200 01 78 10 01 1b 0c0708"
                + "10000000 18000000 e48fffff 20000000 00 000000"
                + "00000000");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..1020 cfa=r7+8");
    }

    @ParameterizedTest
    @CsvSource({
        "00, 0010000000000000 2000000000000000", // absptr
        "01, 8020 20", // uleb128
        "02, 0010 2000", // udata2
        "03, 00100000 20000000", // udata4
        "04, 0010000000000000 2000000000000000", // udata8
        "08, 0010000000000000 2000000000000000", // signed
        "09, 8020 20", // sleb128
        "0a, 0010 2000", // sdata2
        "0b, 00100000 20000000", // sdata4
        "0c, 0010000000000000 2000000000000000", // sdata8
        "1a, e48f 2000", // sdata2 from itself
        "1c, e48fffffffffffff 2000000000000000", // sdata8 from itself
        "2b, 00feffff 20000000", // from .text at 0x1200
        "3b, 00d0ffff 20000000", // from .got at 0x4000
        "50, 00000000 0010000000000000 2000000000000000", // aligned to 8: 4 bytes of padding before 0x8020
    })
    void everyPointerEncoding(String encoding, String range) {
        int size = 4 + hex(range).length + 1;
        var rows = exceptionFrames("10000000 00000000 01 7a5200 01 78 10 01 %s 0c0708".formatted(encoding)
                + "%s 18000000 %s 00".formatted(word(size), range));

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..1020 cfa=r7+8");
    }

    @ParameterizedTest
    @CsvSource({
        "9b, 'pointer encoding 0x9b: an indirect pointer to code'",
        "4b, 'pointer counts from its function, and nobody knows where that is'",
        "6b, 'pointer encoding 0x6b'",
        "0f, 'pointer encoding 0xf'",
    })
    void aPointerThatNobodyCanReadCostsItsEntry(String encoding, String expected) {
        var rows = exceptionFrames("10000000 00000000 01 7a5200 01 78 10 01 %s 0c0708".formatted(encoding)
                + "10000000 18000000 00100000 20000000 00 000000");

        assertThat(rows).isEmpty();
        assertThat(diagnostics).singleElement().asString().endsWith(expected);
    }

    @Test
    void theAugmentationOfCPlusPlusIsReadOver() {
        // "zPLR": indirect sdata4 personality, LSDA and code from themselves; the FDE has an LSDA pointer
        var rows = exceptionFrames("18000000 00000000 01 7a504c5200 01 78 10 07 9b 10000000 1b 1b 0c0708"
                + "10000000 20000000 dc8fffff 20000000 04 00000000"
                        .replace("10000000 20000000 dc", "11000000 20000000 dc"));

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..1020 cfa=r7+8");
    }

    @Test
    void aSignalFrameSaysSo() {
        exceptionFrames("14000000 00000000 01 7a525300 01 78 10 01 1b 0c0708 00 0000"
                + "10000000 1c000000 e08fffff 20000000 00 000000");

        assertThat(diagnostics).isEmpty();
        assertThat(rules.row(1).signalFrame()).isTrue();
    }

    @Test
    void keyBOfAArch64MovesNoRegister() {
        // "zRB"
        exceptionFrames("14000000 00000000 01 7a524200 01 78 10 01 1b 0c0708 00 0000"
                + "10000000 1c000000 e08fffff 20000000 00 000000");

        assertThat(diagnostics).isEmpty();
        assertThat(rules.count()).isEqualTo(1);
    }

    @Test
    void whatFollowsATerminatorStillCounts() {
        // linkers that only concatenate leave the terminators of single objects in the middle
        var rows = exceptionFrames("00000000"
                + "10000000 00000000 01 7a5200 01 78 10 01 1b 0c0708"
                + "10000000 18000000 e08fffff 20000000 00 000000");

        assertThat(rows).containsExactly("1000..1020 cfa=r7+8");
    }

    @Test
    void aWideExceptionFrameHasANarrowId() {
        var rows = exceptionFrames("10000000 00000000 01 7a5200 01 78 10 01 1b 0c0708"
                + "ffffffff 1000000000000000 20000000 dc8fffff 20000000 00 000000");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..1020 cfa=r7+8");
    }

    @Test
    void aRangeThatWrapsIsDamage() {
        assertThat(rows(
                        X86_64,
                        "10000000 ffffffff 04 00 08 00 02 7c 0e 0c0d00 00 00"
                                + "14000000 00000000 f0ffffffffffffff 2000000000000000"))
                .isEmpty();
        assertThat(diagnostics).singleElement().asString().endsWith("range from 0xfffffffffffffff0 to 0x10");
    }

    @Test
    void ofManyBrokenEntriesTheFirstHundredAreSaid() {
        assertThat(rows(ARM_CIE + entry(0x100, 0x10, "3f").repeat(150) + entry(0x200, 0x10, "")))
                .containsExactly("200..210 cfa=r13+0");
        assertThat(diagnostics).hasSize(100);
    }

    @Property
    void anyBytesGiveRowsOrDiagnostics(@ForAll byte[] bytes) {
        read(bytes, false, ByteOrder.LITTLE_ENDIAN);
        read(bytes, true, ByteOrder.BIG_ENDIAN);
    }

    @Property
    void anyInstructionsGiveOrderedRowsOrADiagnostic(@ForAll @Size(max = 60) byte[] instructions) {
        var found = new ArrayList<String>();
        long[] end = {0x100};
        CallFrameInformation.read(
                CallFrameSection.debugFrame(
                        ByteReader.of(
                                "fuzz",
                                hex(ARM_CIE + entry(0x100, 0x10, HexFormat.of().formatHex(instructions)))),
                        ARM,
                        4),
                Limits.DEFAULT,
                rules,
                new UnwindRowSink() {
                    @Override
                    public void entry(long from, long to) {
                        found.add("entry");
                    }

                    @Override
                    public void row(long from, long to, int rule) {
                        assertThat(from).isBetween(end[0], to - 1);
                        assertThat(to).isLessThanOrEqualTo(0x110);
                        end[0] = to;
                    }
                },
                found::add);

        assertThat(found).hasSize(1);
    }

    private void read(byte[] bytes, boolean exceptionFrames, ByteOrder order) {
        rows(new CallFrameSection(
                ByteReader.of("fuzz", bytes).order(order), exceptionFrames, 0x8000, 0x1200, 0x4000, AARCH64, 8));
    }

    private List<String> exceptionFrames(String hex) {
        return rows(
                new CallFrameSection(ByteReader.of(".eh_frame", hex(hex)), true, 0x8000, 0x1200, 0x4000, X86_64, 8));
    }

    private List<String> rows(String hex) {
        return rows(ARM, hex);
    }

    private List<String> rows(int machine, String hex) {
        return rows(CallFrameSection.debugFrame(ByteReader.of(".debug_frame", hex(hex)), machine, 4));
    }

    private List<String> rows(CallFrameSection section) {
        var rows = new ArrayList<String>();
        CallFrameInformation.read(
                section,
                Limits.DEFAULT,
                rules,
                new UnwindRowSink() {
                    @Override
                    public void entry(long start, long end) {}

                    @Override
                    public void row(long start, long end, int rule) {
                        rows.add("%x..%x %s".formatted(start, end, RowText.of(rules.row(rule))));
                    }
                },
                diagnostics::add);
        return rows;
    }

    /** A frame description entry that refers to the common information at 0. */
    private static String entry(int start, int size, String instructions) {
        return word(12 + hex(instructions).length) + "00000000" + word(start) + word(size) + instructions;
    }

    /** A common information entry of {@code .debug_frame}: its length, its id and {@code content}. */
    private static String common(String content) {
        return word(4 + hex(content).length) + "ffffffff" + content;
    }

    private static String word(int value) {
        return "%08x".formatted(Integer.reverseBytes(value));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
