package dev.faultline.symbols.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FloatRegistersTest {
    private static final List<Architecture> ALL = List.of(
            new ArmCortexM(),
            new Arm32(),
            new AArch64(),
            new RiscV(4),
            new RiscV(8),
            new Xtensa(),
            new X86_64(),
            new X86());

    @Test
    void theFirstAndTheLastNumberOfEachKindIsThatOfDwarf() {
        assertThat(name(new Arm32(), 64)).isEqualTo("s0");
        assertThat(name(new Arm32(), 95)).isEqualTo("s31");
        assertThat(name(new ArmCortexM(), 256)).isEqualTo("d0");
        assertThat(name(new Arm32(), 287)).isEqualTo("d31");
        assertThat(name(new AArch64(), 64)).isEqualTo("v0");
        assertThat(name(new AArch64(), 95)).isEqualTo("v31");
        assertThat(name(new X86_64(), 17)).isEqualTo("xmm0");
        assertThat(name(new X86_64(), 32)).isEqualTo("xmm15");
        assertThat(name(new X86_64(), 33)).isEqualTo("st0");
        assertThat(name(new X86(), 11)).isEqualTo("st0");
        assertThat(name(new X86(), 28)).isEqualTo("xmm7");
        assertThat(name(new RiscV(8), 32)).isEqualTo("f0");
        assertThat(name(new RiscV(8), 63)).isEqualTo("f31");
    }

    @Test
    void twoSingleRegistersOfArmAreTheHalvesOfADoubleOne() {
        var arm = new Arm32();
        var registers = Registers.none(arm).with(arm.floats().register("s", 16), new byte[] {1, 2, 3, 4});

        assertThat(registers.bytes(arm.floats().register("d", 8), 8)).isEmpty();

        var both = registers.with(arm.floats().register("s", 17), new byte[] {5, 6, 7, 8});
        assertThat(both.bytes(arm.floats().register("d", 8), 8)).hasValue(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(both.bytes(arm.floats().register("s", 16), 8))
                .as("a double by the number of its first half")
                .hasValue(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    }

    @Test
    void aCallOfAArch64KeepsTheLowerHalvesOfEightRegisters() {
        var arm = new AArch64();
        var all = Registers.none(arm).with(0, 7);
        for (int i = 0; i < 32; i++) {
            all = all.with(arm.floats().register("v", i), new byte[16]);
        }

        var kept = Registers.none(arm).withFloatsKeptBy(all, arm.floats());

        assertThat(kept.has(0)).isFalse();
        assertThat(kept.bytes(arm.floats().register("v", 8), 8)).isPresent();
        assertThat(kept.bytes(arm.floats().register("v", 15), 8)).isPresent();
        assertThat(kept.bytes(arm.floats().register("v", 8), 16)).isEmpty();
        assertThat(kept.bytes(arm.floats().register("v", 7), 8)).isEmpty();
        assertThat(kept.bytes(arm.floats().register("v", 16), 4)).isEmpty();
    }

    @Test
    void aNumberOfX87IsADoubleInADoubleAndTenBytesInALongDouble() {
        var x86 = new X86();
        byte[] third = HexFormat.of().parseHex("abaaaaaaaaaaaaaafd3f"); // 1/3, 64 bits of it
        var registers = Registers.none(x86).with(x86.floats().register("st", 7), third);
        var st7 = x86.floats().register("st", 7);

        assertThat(registers.bytes(st7, 8))
                .hasValueSatisfying(
                        bytes -> assertThat(little(bytes).getDouble()).isEqualTo(1.0 / 3));
        assertThat(registers.bytes(st7, 4))
                .hasValueSatisfying(
                        bytes -> assertThat(little(bytes).getFloat()).isEqualTo(1.0f / 3));
        assertThat(registers.bytes(st7, 12))
                .hasValueSatisfying(bytes -> assertThat(bytes).startsWith(third).endsWith(0, 0));
    }

    @Test
    void whatIsNoNumberOfX87IsNoneInADouble() {
        assertThat(little(ExtendedReal.stored(HexFormat.of().parseHex("0000000000000080ff7f"), 8))
                        .getDouble())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(little(ExtendedReal.stored(HexFormat.of().parseHex("00000000000000c0ffff"), 8))
                        .getDouble())
                .isNaN();
        assertThat(little(ExtendedReal.stored(HexFormat.of().parseHex("0000000000000000" + "0080"), 8))
                        .getDouble())
                .isEqualTo(-0.0);
    }

    /** As FLD makes it of a number with a leading one: its 53 bits at the top, the exponent by its own bias. */
    @Property
    void everyDoubleComesBackFromX87(@ForAll double number) {
        long bits = Double.doubleToRawLongBits(number);
        int exponent = Math.getExponent(number);
        if (exponent < Double.MIN_EXPONENT || exponent > Double.MAX_EXPONENT) {
            return; // no leading one
        }
        byte[] extended = new byte[10];
        little(extended).putLong(1L << 63 | bits << 11).putShort((short) (exponent + 16383 | (bits < 0 ? 0x8000 : 0)));

        assertThat(little(ExtendedReal.stored(extended, 8)).getDouble()).isEqualTo(number);
    }

    @Property
    void anyNumberIsARegisterOrNone(@ForAll int number) {
        for (var architecture : ALL) {
            architecture
                    .floats()
                    .register(number)
                    .ifPresent(register -> assertThat(register.bytes()).isBetween(4, 16));
        }
    }

    private static String name(Architecture architecture, int number) {
        return architecture.floats().register(number).orElseThrow().name();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
