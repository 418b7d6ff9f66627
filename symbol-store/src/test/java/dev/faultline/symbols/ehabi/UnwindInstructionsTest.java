package dev.faultline.symbols.ehabi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.dwarf.RowText;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRules;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnwindInstructionsTest {

    @ParameterizedTest
    @CsvSource({
        "'', cfa=r13+0",
        "b0 3f, cfa=r13+0", // finish: nothing counts behind it
        "00, cfa=r13+4", // vsp += 4
        "3f, cfa=r13+256", // vsp += 256
        "41, cfa=r13-8", // vsp -= 8
        "b2 ff06, cfa=r13+4096", // vsp += 0x204 + 0x37f * 4
        "84 09, cfa=r13+12 r4=c-12 r7=c-8 r14=c-4", // pop by mask
        "88 01, cfa=r13+8 r4=c-8 r15=c-4", // the return address is popped into pc
        "97, cfa=r7+0", // vsp = r7
        "97 41 84 09, cfa=r7+4 r4=c-12 r7=c-8 r14=c-4", // a frame pointer in the middle
        "a2, cfa=r13+12 r4=c-12 r5=c-8 r6=c-4", // pop r4-r6
        "a8, cfa=r13+8 r4=c-8 r14=c-4", // pop r4, lr
        "af, cfa=r13+36 r4=c-36 r5=c-32 r6=c-28 r7=c-24 r8=c-20 r9=c-16 r10=c-12 r11=c-8 r14=c-4",
        "b1 0a, cfa=r13+8 r1=c-8 r3=c-4", // pop r0-r3 by mask
        "b3 11, cfa=r13+20 r257=c-20 r258=c-12", // FSTMFDX d1-d2 and a free word
        "b9, cfa=r13+20 r264=c-20 r265=c-12", // FSTMFDX d8-d9
        "b4 8401, cfa=r13+12 r4=c-8 r14=c-4 r143=c-12", // return address authentication code
        "b5 a8, cfa=r13+8 r4=c-8 r14=c-4", // vsp goes into the signature
        "c1, cfa=r13+16 r122=c-16 r123=c-8", // wR10-wR11
        "c6 21, cfa=r13+16 r114=c-16 r115=c-8", // wR2-wR3
        "c7 05, cfa=r13+8 r104=c-8 r106=c-4", // wCGR0, wCGR2
        "c8 21, cfa=r13+16 r274=c-16 r275=c-8", // d18-d19
        "c9 21, cfa=r13+16 r258=c-16 r259=c-8", // d2-d3
        "d1, cfa=r13+16 r264=c-16 r265=c-8", // d8-d9
        "01 a8 b104, cfa=r13+20 r2=c-4 r4=c-12 r14=c-8",
        // vsp out of the stack: saved registers are where they were popped from, the CFA is what was popped
        "86 08, 'cfa=(breg13+4,deref) r7=[breg13+0] r14=[breg13+8]'",
        "8008 97 8400, 'cfa=(breg13+0,deref,consts_4,plus) r7=[breg13+0] r14=c-4'",
    })
    void everyInstruction(String instructions, String expected) {
        var row = row(instructions);

        assertThat(RowText.of(row)).isEqualTo(expected);
        assertThat(row.origin()).isEqualTo(UnwindRow.Origin.EXCEPTION_TABLE);
        assertThat(row.returnAddressRegister()).isEqualTo(expected.contains(" r15=") ? 15 : 14);
    }

    @Test
    void refusingToUnwindEndsTheStack() {
        assertThat(row("01 80 00").isOutermost()).isTrue();
        assertThat(row("01").isOutermost()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "b1 00, spare unwind instruction b1 00",
        "b1 1f, spare unwind instruction b1 1f",
        "b6, spare unwind instruction b6",
        "b7, spare unwind instruction b7",
        "c7 00, spare unwind instruction c7 00",
        "c7 10, spare unwind instruction c7 10",
        "ca, spare unwind instruction ca",
        "d8, spare unwind instruction d8",
        "ff, spare unwind instruction ff",
        "9d, reserved unwind instruction 9d",
        "9f, reserved unwind instruction 9f",
    })
    void whatHasNoMeaningIsSaidByItsKind(String instructions, String expected) {
        assertThatThrownBy(() -> row(instructions))
                .isInstanceOf(SpareInstructionException.class)
                .hasMessageEndingWith(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "80, 'needs 0x1 bytes, 0x0 left'",
        "c8 f1, unwind instruction 0xc8 0xf1 pops d32",
        "c6 f1, unwind instruction 0xc6 0xf1 pops wR16",
        "b2 ffffffffff0f, vsp is increased by 0x7fffffffff words",
    })
    void damageIsSaid(String instructions, String expected) {
        assertThatThrownBy(() -> row(instructions))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(expected);
    }

    @Property
    void anyInstructionsGiveARowOrADiagnostic(@ForAll @Size(max = 1026) byte[] instructions) {
        try {
            var row = UnwindInstructions.row(ByteReader.of("fuzz", instructions));
            var rules = new UnwindRules();
            assertThat(rules.row(rules.number(row))).isEqualTo(row);
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static UnwindRow row(String instructions) {
        return UnwindInstructions.row(
                ByteReader.of("unwind instructions", HexFormat.of().parseHex(instructions.replace(" ", ""))));
    }
}
