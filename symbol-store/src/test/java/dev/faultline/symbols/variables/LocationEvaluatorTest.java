package dev.faultline.symbols.variables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.DwarfNames;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Operations of location expressions, in a frame of 32 bits whose register n holds 0x100 + n; memory holds its own address. */
class LocationEvaluatorTest {
    private static final ElfFile ELF = ElfFile.open(ProgramCore.ROOT.resolve("elf/types-gcc-o0.elf"), Limits.DEFAULT);
    private static final Unit UNIT = DebugInfo.openWhole(ELF, Companions.NONE, Limits.DEFAULT)
            .entries(1 << 20)
            .units()
            .getFirst();

    @Test
    void registersAndMemory() {
        assertThat(location("53")).isEqualTo(new Location.InRegister(3));
        assertThat(location("90 20")).as("DW_OP_regx 32").isEqualTo(new Location.InRegister(32));
        assertThat(location("91 7c")).as("DW_OP_fbreg -4").isEqualTo(new Location.InMemory(0x1ffc));
        assertThat(location("73 08")).as("DW_OP_breg3 8").isEqualTo(new Location.InMemory(0x10b));
        assertThat(location("9c")).as("DW_OP_call_frame_cfa").isEqualTo(new Location.InMemory(0x3000));
        assertThat(location("03 0010000000000000")).as("DW_OP_addr").isEqualTo(new Location.InMemory(0x0100_1000));
        assertThat(location("73 00 06")).as("DW_OP_deref").isEqualTo(new Location.InMemory(0x103));
    }

    @Test
    void nothingAtAllIsNowhere() {
        assertThat(location("")).isEqualTo(new Location.Nowhere());
    }

    @Test
    void valuesThatAreNowhereInMemory() {
        assertThat(location("3a 9f")).as("lit10, stack_value").isEqualTo(new Location.Computed(new Operand(10, null)));
        assertThat(location("9e 02 0102"))
                .as("DW_OP_implicit_value")
                .isInstanceOfSatisfying(
                        Location.Bytes.class, bytes -> assertThat(bytes.bytes()).containsExactly(1, 2));
    }

    @Test
    void piecesStandInTheirOrderAndMayBeMissing() {
        assertThat(location("50 93 04 93 02 3a 9f 93 01"))
                .as("reg0, piece 4; piece 2; lit10, stack_value, piece 1")
                .isEqualTo(new Location.Composite(List.of(
                        new Location.Piece(new Location.InRegister(0), 32, 0),
                        new Location.Piece(new Location.Nowhere(), 16, 0),
                        new Location.Piece(new Location.Computed(new Operand(10, null)), 8, 0))));
        assertThat(location("50 9d 03 05"))
                .as("reg0, bit_piece 3 5")
                .isEqualTo(new Location.Composite(List.of(new Location.Piece(new Location.InRegister(0), 3, 5))));
    }

    @Test
    void arithmeticIsThatOfAddresses() {
        assertThat(value("31 35 1c")).as("1 - 5").isEqualTo(0xffff_fffcL);
        assertThat(value("09 f8 32 1b")).as("-8 / 2 has a sign").isEqualTo(0xffff_fffcL);
        assertThat(value("09 f8 37 1d")).as("-8 % 7 has none").isEqualTo(0xffff_fff8L % 7);
        assertThat(value("09 f8 31 26")).as("shra").isEqualTo(0xffff_fffcL);
        assertThat(value("09 f8 31 25")).as("shr").isEqualTo(0x7fff_fffcL);
        assertThat(value("31 08 28 24")).as("1 << 40").isZero();
        assertThat(value("09 ff 31 2d")).as("-1 < 1").isEqualTo(1);
        assertThat(value("31 32 33 17 1c 1c")).as("3 1 2 rot").isEqualTo(4);
    }

    @Test
    void jumpsGoBothWays() {
        assertThat(value("31 28 0100 32 33")).as("bra over lit2").isEqualTo(3);
        assertThat(value("2f 0100 32 33")).as("skip over lit2").isEqualTo(3);
    }

    @Test
    void anEntryValueIsWhatTheCallerPassed() {
        assertThat(value("a3 01 52")).as("DW_OP_entry_value").isEqualTo(0x502);
        assertThat(value("f3 01 52")).as("DW_OP_GNU_entry_value").isEqualTo(0x502);
    }

    @Test
    void typedOperandsCalculateInTheirType() {
        // the base types of the context: 1 is float, 2 is signed char
        assertThat(value("a4 01 04 0000c03f a4 01 04 00002040 22 a8 00"))
                .as("1.5 + 2.5")
                .isEqualTo(4);
        assertThat(value("08 ff a8 02 a8 00")).as("255 as a signed char is -1").isEqualTo(0xffff_ffffL);
        assertThat(value("09 fe a8 02 19 a8 00")).as("its absolute value").isEqualTo(2);
    }

    @Test
    void whatCanNotBeEndsWithAReason() {
        assertThatThrownBy(() -> value("22")).isInstanceOf(NoValue.class).hasMessageContaining("empty stack");
        assertThatThrownBy(() -> value("31 30 1b")).isInstanceOf(NoValue.class).hasMessageContaining("divides by zero");
        assertThatThrownBy(() -> value("2f fdff"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than %d operations".formatted(Limits.DEFAULT.expressionSteps()));
        assertThatThrownBy(() -> value("31 12 2f fcff"))
                .as("the stack grows")
                .isInstanceOf(NoValue.class)
                .hasMessageContaining("values on the stack");
        assertThatThrownBy(() -> value("ff"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("operation 0xff");
        assertThatThrownBy(() -> value("9b")).isInstanceOf(NoValue.class).hasMessageContaining("thread-local");
    }

    @Property
    void anyExpressionIsALocationOrSaysWhyNot(@ForAll byte[] expression) {
        var thrown = catchThrowable(() -> LocationEvaluator.location(expression, UNIT, new World()));

        assertThat(thrown == null || thrown instanceof NoValue || thrown instanceof FormatException)
                .as(() -> String.valueOf(thrown))
                .isTrue();
    }

    private static Location location(String hex) {
        return LocationEvaluator.location(bytes(hex), UNIT, new World());
    }

    private static long value(String hex) {
        return LocationEvaluator.value(bytes(hex), UNIT, new World()).bits();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static final class World implements EvaluationContext {
        @Override
        public Limits limits() {
            return Limits.DEFAULT;
        }

        @Override
        public void spend(long work) {}

        @Override
        public ByteOrder order() {
            return ByteOrder.LITTLE_ENDIAN;
        }

        @Override
        public int wordBytes() {
            return 4;
        }

        @Override
        public long pc() {
            return 0x1000;
        }

        @Override
        public long register(int number) {
            return 0x100L + number;
        }

        @Override
        public byte[] registerBytes(int number, int size) {
            return new byte[size];
        }

        @Override
        public long frameBase() {
            return 0x2000;
        }

        @Override
        public long cfa() {
            return 0x3000;
        }

        @Override
        public long relocated(long address) {
            return address + 0x0100_0000;
        }

        @Override
        public long load(long address, int size) {
            return address;
        }

        @Override
        public long objectAddress() {
            return 0x4000;
        }

        @Override
        public Operand entryValue(byte[] expression) {
            return new Operand(0x500 + (expression.length == 0 ? 0 : expression[0] & 0xf), null);
        }

        @Override
        public Operand parameterValue(Entry parameter) {
            return new Operand(7, null);
        }

        @Override
        public Operand variableValue(Entry variable) {
            return new Operand(8, null);
        }

        @Override
        public Entry entry(Unit unit, long offset) {
            throw new FormatException("no entry at 0x%x".formatted(offset));
        }

        @Override
        public Type.Base baseType(Unit unit, long offset) {
            return switch ((int) (offset - unit.offset())) {
                case 1 -> new Type.Base("float", 4, DwarfNames.DW_ATE_FLOAT, 0, 0);
                case 2 -> new Type.Base("signed char", 1, DwarfNames.DW_ATE_SIGNED, 0, 0);
                default -> throw new FormatException("no base type at 0x%x".formatted(offset));
            };
        }
    }
}
