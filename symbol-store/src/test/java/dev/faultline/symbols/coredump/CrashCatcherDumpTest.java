package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CrashCatcherDumpTest {

    private static DumpBytes dump(int major, int flags) {
        var dump = new DumpBytes()
                .bytes((byte) 0x63, (byte) 0x43, (byte) major, (byte) 0)
                .u32(flags)
                .counting(0, 17);
        if (major >= 3) {
            dump.u32(0x2000_1000L, 0x2000_2000L);
        }
        return dump.u32(3).zeros(flags == 1 ? 33 * 4 : 0);
    }

    private static DumpBytes withMemory(DumpBytes dump) {
        return dump.u32(0x2000_0000L, 0x2000_0008L, 1, 2);
    }

    @Test
    void bothVersionsAreReadWithAndWithoutFloatingPoint() {
        for (int major : new int[] {2, 3}) {
            for (int flags : new int[] {0, 1}) {
                var coredump = withMemory(dump(major, flags)).read().getFirst();

                assertThat(coredump.format()).isEqualTo("crash-catcher");
                assertThat(register(coredump, "sp")).isEqualTo(13);
                assertThat(register(coredump, "xpsr")).isEqualTo(16);
                assertThat(coredump.memory().unsigned(0x2000_0004L, 4)).hasValue(2);
                assertThat(((CortexMState) coredump.fault()).psp().isPresent()).isEqualTo(major == 3);
                assertThat(coredump.warnings()).isEmpty();
            }
        }
    }

    @Test
    void floatingPointRegistersAreKept() {
        var dump = new DumpBytes()
                .bytes((byte) 0x63, (byte) 0x43, (byte) 2, (byte) 0)
                .u32(1)
                .counting(0, 17)
                .u32(3)
                .counting(100, 33);

        var coredump = withMemory(dump).read().getFirst();

        var s31 = coredump.architecture().floats().register("s", 31);
        assertThat(coredump.threads().getFirst().registers().bytes(s31, 4)).hasValue(new byte[] {(byte) 131, 0, 0, 0});
        assertThat(coredump.memory().unsigned(0x2000_0004L, 4)).hasValue(2);
    }

    @Test
    void hexadecimalLinesAreTheSame() {
        var text =
                HexFormat.of().withUpperCase().formatHex(withMemory(dump(3, 0)).array());
        var lines = "\r\n" + text.substring(0, 32) + "\r\n" + text.substring(32) + "\r\n";

        var coredump = DumpBytes.read(lines).getFirst();

        assertThat(coredump.format()).isEqualTo("crash-catcher-hex");
        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(1);
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void aStackThatWasOverrunWhileDumpingIsTold() {
        assertThat(withMemory(dump(3, 0)).u32(0xacce_55edL).read().getFirst().warnings())
                .singleElement()
                .asString()
                .startsWith("The stack of the fault handler was overrun");
    }

    @Test
    void aCutRegionKeepsWhatArrived() {
        var coredump = dump(3, 0).u32(0x2000_0000L, 0x2000_0100L, 5).read().getFirst();

        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(5);
        assertThat(coredump.warnings())
                .containsExactly("Damaged after byte 100: of 256 bytes at 0x20000000 4 are there");
    }

    @Test
    void aDamagedLineKeepsWhatCameBefore() {
        var text = HexFormat.of().formatHex(withMemory(dump(3, 0)).array());

        var coredump = DumpBytes.read(text.substring(0, 180) + "\n00zz00\n" + text.substring(180))
                .getFirst();

        assertThat(coredump.threads()).hasSize(1);
        assertThat(coredump.warnings())
                .anyMatch(warning ->
                        warning.startsWith("Damaged after byte 90: the line at byte 181 is not hexadecimal"));
    }
}
