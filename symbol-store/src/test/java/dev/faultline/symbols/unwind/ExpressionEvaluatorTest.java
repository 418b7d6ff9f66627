package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.DwarfExpression;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpressionEvaluatorTest {
    private static final ArmCortexM ARM = new ArmCortexM();

    /** 0x20000000: 78 56 34 12. */
    private static final AddressSpace SPACE = new AddressSpace(
            ARM,
            Memory.of(ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(0x2000_0000, MemorySegment.ofArray(new byte[] {
                0x78, 0x56, 0x34, 0x12
            })))),
            LoadedSymbols.open(List.of(), id -> Optional.empty()));

    private static final Registers REGISTERS = Registers.of(ARM, Map.of(7, 0x2000_0008L, 13, 0x2000_0000L));

    @Test
    void aRegisterPlusAnOffset() {
        assertThat(value("7d 08")).as("DW_OP_breg13 8").isEqualTo(0x2000_0008);
        assertThat(value("77 78")).as("DW_OP_breg7 -8").isEqualTo(0x2000_0000);
        assertThat(value("92 0d 04")).as("DW_OP_bregx 13 4").isEqualTo(0x2000_0004);
    }

    @Test
    void memoryIsReadInWordsAndInParts() {
        assertThat(value("7d 00 06")).as("breg13 0, deref").isEqualTo(0x1234_5678);
        assertThat(value("7d 00 94 02")).as("breg13 0, deref_size 2").isEqualTo(0x5678);
    }

    @Test
    void arithmeticWrapsAtTheSizeOfAnAddress() {
        assertThat(value("31 35 1c")).as("lit1, lit5, minus").isEqualTo(0xffff_fffcL);
        assertThat(value("0c ff ff ff ff 31 22")).as("const4u, lit1, plus").isZero();
        assertThat(value("09 f8 34 26")).as("const1s -8, lit4, shra").isEqualTo(0xffff_ffffL);
        assertThat(value("09 f8 32 1b")).as("const1s -8, lit2, div").isEqualTo(0xffff_fffcL);
    }

    @Test
    void theStackIsTurnedAsTheStandardSays() {
        assertThat(value("31 32 33 17 13")).as("1 2 3 rot → 3 1 2, drop").isEqualTo(1);
        assertThat(value("31 32 14")).as("over").isEqualTo(1);
        assertThat(value("31 32 16")).as("swap").isEqualTo(1);
        assertThat(value("31 32 33 15 02")).as("pick 2").isEqualTo(1);
    }

    @Test
    void theLazyPltIdiomOfGccComparesAndShifts() {
        // breg7 8; breg13 0; lit15; and; lit11; ge; lit3; shl; plus
        assertThat(value("77 08 7d 00 3f 1a 3b 2a 33 24 22")).isEqualTo(0x2000_0010);
    }

    @Test
    void theCanonicalFrameAddressComesFirstWhereTheRuleWantsIt() {
        assertThat(ExpressionEvaluator.evaluate(expression("23 04"), SPACE, REGISTERS, Limits.DEFAULT, 0x2000_0010))
                .as("plus_uconst 4")
                .isEqualTo(0x2000_0014);
    }

    @Test
    void anEndlessLoopEnds() {
        assertThatThrownBy(() -> value("2f fd ff"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than 10000 operations");
    }

    @Test
    void whatIsNotKnownIsAnErrorNotZero() {
        assertThatThrownBy(() -> value("74 00")).hasMessageContaining("the value of register 4 is not known");
        assertThatThrownBy(() -> value("7d 02 06")).hasMessageContaining("the 4 bytes at 0x20000002 were not captured");
        assertThatThrownBy(() -> value("22")).hasMessageContaining("the stack has 0 values, not 1");
        assertThatThrownBy(() -> value("31 30 1b")).hasMessageContaining("division by zero");
        assertThatThrownBy(() -> value("9c"))
                .as("DW_OP_call_frame_cfa would ask for itself")
                .hasMessageContaining("operation 0x9c has no meaning");
    }

    private static long value(String hex) {
        return ExpressionEvaluator.evaluate(expression(hex), SPACE, REGISTERS, Limits.DEFAULT);
    }

    private static DwarfExpression expression(String hex) {
        return new DwarfExpression(HexFormat.ofDelimiter(" ").parseHex(hex));
    }
}
