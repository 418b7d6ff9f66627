package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChunkCoredumpTest {
    private static final long CORTEX_M = 40;

    private static DumpBytes block(int type, long address, DumpBytes payload) {
        return new DumpBytes().u8(type).zeros(3).u32(address, payload.size()).bytes(payload);
    }

    private static DumpBytes file(int version, long flags, DumpBytes blocks) {
        int footer = version >= 2 ? 16 : 0;
        var file = new DumpBytes()
                .text("CORE")
                .u32(version, 12L + blocks.size() + footer)
                .bytes(blocks);
        return footer == 0 ? file : file.text("DUMP").u32(flags, 0, 0);
    }

    private static DumpBytes of(long machine, DumpBytes... registers) {
        var blocks = new DumpBytes();
        for (var one : registers) {
            blocks.bytes(block(0, 0, one));
        }
        return file(2, 0, blocks.bytes(block(7, 0, new DumpBytes().u32(machine))));
    }

    @Test
    void everyBlockIsRead() {
        var blocks = block(0, 0, new DumpBytes().counting(0, 19))
                .bytes(block(
                        12,
                        0,
                        new DumpBytes().bytes(HexFormat.of().parseHex("00112233445566778899aabbccddeeff00112233"))))
                .bytes(block(2, 0, new DumpBytes().text("SN-7")))
                .bytes(block(10, 0, new DumpBytes().text("1.2.0+abcdef")))
                .bytes(block(11, 0, new DumpBytes().text("main-fw")))
                .bytes(block(4, 0, new DumpBytes().text("rev-b")))
                .bytes(block(7, 0, new DumpBytes().u32(CORTEX_M)))
                .bytes(block(5, 0, new DumpBytes().u32(0x8001)))
                .bytes(block(6, 0, new DumpBytes().zeros(3)))
                .bytes(block(1, 0x2000_0000L, new DumpBytes().u32(0xcafe)))
                .bytes(block(9, 0x2000_7000L, new DumpBytes().u32(0x800, 5, 1, 2)));

        var coredump = file(2, 0, blocks).read().getFirst();

        assertThat(coredump.format()).isEqualTo("chunk-protocol-core");
        assertThat(coredump.identity().device()).isEqualTo("SN-7");
        assertThat(coredump.identity().version()).isEqualTo("1.2.0+abcdef");
        assertThat(coredump.identity().software()).isEqualTo("main-fw");
        assertThat(coredump.identity().hardware()).isEqualTo("rev-b");
        assertThat(coredump.identity().reason()).isEqualTo("assert");
        assertThat(String.valueOf(coredump.identity().buildId())).isEqualTo("00112233445566778899aabbccddeeff00112233");
        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(0xcafe);
        assertThat(coredump.memory().unsigned(0xe000_ed90L, 4)).as("MPU TYPE").hasValue(0x800);
        assertThat(register(coredump, "sp")).isEqualTo(13);
        assertThat(register(coredump, "xpsr")).isEqualTo(16);
        assertThat(coredump.fault())
                .isEqualTo(new CortexMState(
                        OptionalLong.of(17), OptionalLong.of(18), OptionalLong.empty(), OptionalLong.empty(), false));
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void withoutABlockForTheMachineItIsACortexM() {
        var coredump =
                file(1, 0, block(0, 0, new DumpBytes().counting(0, 21))).read().getFirst();

        assertThat(coredump.architecture().label()).isEqualTo("arm-cortex-m");
        assertThat(register(coredump, "pc")).isEqualTo(15);
        assertThat(((CortexMState) coredump.fault()).control()).hasValue(20);
    }

    @Test
    void theProfilesAAndRHaveTheirLayout() {
        var coredump = of(0x10028, new DumpBytes().counting(0, 17)).read().getFirst();

        assertThat(coredump.architecture().label()).isEqualTo("arm");
        assertThat(register(coredump, "cpsr")).isEqualTo(16);
    }

    @Test
    void aarch64HasItsLayoutAndSaysThatAddressesAreCut() {
        var words = new long[34];
        Arrays.setAll(words, i -> 0x1_0000_0000L + i);
        var coredump = of(0xb7, new DumpBytes().u64(words)).read().getFirst();

        assertThat(register(coredump, "sp")).isEqualTo(0x1_0000_0000L);
        assertThat(register(coredump, "pc")).isEqualTo(0x1_0000_0001L);
        assertThat(register(coredump, "x0")).isEqualTo(0x1_0000_0003L);
        assertThat(register(coredump, "x30")).isEqualTo(0x1_0000_0021L);
        assertThat(coredump.warnings()).anyMatch(warning -> warning.contains("32 bits of an address"));
    }

    @Test
    void riscVHasItsLayout() {
        var coredump = of(0xf3, new DumpBytes().counting(100, 37)).read().getFirst();

        assertThat(register(coredump, "pc")).isEqualTo(100);
        assertThat(register(coredump, "t6")).isEqualTo(111);
        assertThat(register(coredump, "s0")).isEqualTo(112);
        assertThat(register(coredump, "a0")).isEqualTo(124);
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(134), OptionalLong.of(135)));
    }

    @Test
    void registersThatAPortOfRiscVDoesNotSaveAreUnknownAndNotZero() {
        var words = new DumpBytes()
                .u32(0x8000_0000L, 0x8000_0100L, 0x8010_0000L)
                .zeros(2 * 4)
                .counting(1, 8);
        var coredump = of(0xf3, words.zeros(148 - words.size())).read().getFirst();

        assertThat(DumpBytes.has(coredump, "s1")).isFalse();
        assertThat(DumpBytes.has(coredump, "gp")).isFalse();
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.empty(), OptionalLong.empty()));
    }

    @Test
    void twoCoresAreTwoThreadsAndWhichCrashedIsSaidToBeUnknown() {
        var window = new DumpBytes().u32(1).counting(0x4008_0000L, 24);
        var coredump = of(0x5e, window, window).read().getFirst();

        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(0L, 1L);
        assertThat(coredump.threads()).extracting(DumpThread::crashed).containsExactly(true, false);
        assertThat(coredump.warnings()).singleElement().asString().contains("does not say which of its 2");
        assertThat(register(coredump, "a15")).isEqualTo(0x4008_0011L);
        assertThat(coredump.fault())
                .isEqualTo(new FaultState.Trap(OptionalLong.of(0x4008_0016L), OptionalLong.of(0x4008_0017L)));
    }

    @Test
    void aCoreThatWasNotCapturedIsLeftOut() {
        var coredump = of(
                        0x3005e,
                        new DumpBytes().u32(1).zeros(96),
                        new DumpBytes().u32(1).counting(0x4008_0000L, 24))
                .read()
                .getFirst();

        assertThat(coredump.threads())
                .singleElement()
                .extracting(DumpThread::id)
                .isEqualTo(1L);
    }

    @Test
    void aWholeRegisterFileOfXtensaIsTurnedAndItsLiveFramesAreSaved() {
        long[] file = new long[64];
        int current = 2; // WINDOWBASE: ar8 is a0
        file[8] = 2L << 30 | 0x0008_1234L; // called with CALL8
        file[9] = 0x3ffb_1000L;
        file[0] = 0x8008_5678L; // the caller's window begins two groups before
        file[1] = 0x3ffb_1040L;
        file[2] = 42;
        var registers = new DumpBytes().u32(0, 0x4008_0000L, 0x60030).u32(file).u32(0, 0, 0, 0, current, 0b101);
        var coredump = of(0x5e, registers).read().getFirst();

        assertThat(register(coredump, "a1")).isEqualTo(0x3ffb_1000L);
        assertThat(coredump.memory().unsigned(0x3ffb_0ff0L, 4)).hasValue(0x8008_5678L);
        assertThat(coredump.memory().unsigned(0x3ffb_0ff8L, 4)).hasValue(42);
    }

    @Test
    void i386HasNoFramePointerThere() {
        var coredump = of(3, new DumpBytes().counting(1, 11)).read().getFirst();

        assertThat(register(coredump, "eip")).isEqualTo(1);
        assertThat(register(coredump, "esp")).isEqualTo(4);
        assertThat(register(coredump, "esi")).isEqualTo(11);
        assertThat(DumpBytes.has(coredump, "ebp")).isFalse();
    }

    @Test
    void theFlagOfTheFooterSaysThatTheDeviceRanOutOfRoom() {
        var blocks = block(0, 0, new DumpBytes().counting(0, 19));

        assertThat(file(2, 1, blocks).read().getFirst().warnings())
                .containsExactly(
                        "The device had no room for all of the coredump: what would follow byte 100 is missing");
    }

    @Test
    void aCutFileKeepsTheMemoryThatArrived() {
        var blocks = block(0, 0, new DumpBytes().counting(0, 19))
                .bytes(block(1, 0x2000_0000L, new DumpBytes().counting(7, 4)));
        byte[] whole = file(2, 0, blocks).array();

        var coredump = DumpBytes.read(Arrays.copyOf(whole, 12 + 88 + 12 + 8)).getFirst();

        assertThat(coredump.memory().unsigned(0x2000_0004L, 4)).hasValue(8);
        assertThat(coredump.memory().has(0x2000_0008L)).isFalse();
        assertThat(coredump.warnings())
                .anyMatch(warning -> warning.startsWith("Damaged after byte 120: the coredump had"))
                .anyMatch(warning -> warning.contains("of a block of 16 bytes"));
    }

    @Test
    void nothingToReportIsAnError() {
        assertThatThrownBy(() ->
                        file(2, 0, block(6, 0, new DumpBytes().zeros(4))).read())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("without registers and without memory");
    }
}
