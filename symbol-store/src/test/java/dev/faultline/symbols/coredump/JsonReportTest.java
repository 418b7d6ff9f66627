package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonReportTest {

    @Test
    void aPcAndALinkRegisterAreTwoFrames() {
        var coredump = DumpBytes.read("""
                {"format": "faultline-crash-1", "architecture": "arm-cortex-m", "device": "SN-1", "version": "1.2.0",
                 "buildId": "00FF", "reason": "hard-fault", "uptimeMillis": 410,
                 "registers": {"pc": "0x926", "lr": 2653}}
                """).getFirst();

        assertThat(coredump.format()).isEqualTo("faultline-crash-1");
        assertThat(coredump.identity().device()).isEqualTo("SN-1");
        assertThat(coredump.identity().uptimeMillis()).isEqualTo(410);
        assertThat(String.valueOf(coredump.identity().buildId())).isEqualTo("00ff");
        assertThat(coredump.threads().getFirst().frames())
                .containsExactly(new DeviceFrame(0x926, true), new DeviceFrame(0xa5c, false));
    }

    @Test
    void framesAreReturnAddressesButTheFirst() {
        var coredump = DumpBytes.read("""
                {"format": "faultline-crash-1", "architecture": "xtensa", "elfSha256": "1B43C5E74",
                 "registers": {"exccause": 28, "excvaddr": "0x10"},
                 "threads": [
                   {"id": 1, "name": "idle", "frames": []},
                   {"id": "0x3ffb0000", "name": "main", "crashed": true,
                    "frames": ["0x400d1234", {"pc": "0x800d5678", "exact": true}, "0x800d9abc"],
                    "registers": {"a0": "0x800d5678", "exccause": 29, "excvaddr": "0x10"}}],
                 "log": ["one", "two"]}
                """).getFirst();

        assertThat(coredump.threads()).extracting(DumpThread::name).containsExactly("main", "idle");
        assertThat(coredump.threads().getFirst().frames())
                .containsExactly(
                        new DeviceFrame(0x400d_1234L, true),
                        new DeviceFrame(0x400d_5678L, true),
                        new DeviceFrame(0x400d_9abcL, false));
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(29), OptionalLong.of(0x10)));
        assertThat(coredump.images().getFirst().fileHash()).isEqualTo("1b43c5e74");
        assertThat(coredump.text()).containsExactly("one", "two");
    }

    @Test
    void aBareRebootRecordHasNoThreads() {
        var coredump = DumpBytes.read("""
                {"format": "faultline-crash-1", "architecture": "riscv32", "reason": "brown-out"}
                """).getFirst();

        assertThat(coredump.threads()).isEmpty();
        assertThat(coredump.identity().reason()).isEqualTo("brown-out");
    }

    @Test
    void memoryMakesItAStackToWalk() {
        var coredump = DumpBytes.read("""
                {"format": "faultline-crash-1", "architecture": "arm-cortex-m",
                 "registers": {"pc": "0x926", "lr": "0xa5d", "sp": "0x20000000"},
                 "memory": [{"address": "0x20000000", "bytes": "AQIDBA=="}]}
                """).getFirst();

        assertThat(coredump.threads().getFirst().frames()).isEmpty();
        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(0x0403_0201L);
        assertThat(register(coredump, "sp")).isEqualTo(0x2000_0000L);
    }

    @Test
    void anArrayIsSeveralCrashes() {
        var one = "{\"format\": \"faultline-crash-1\", \"architecture\": \"arm-cortex-m\", \"reason\": \"watchdog\"}";

        assertThat(DumpBytes.read("[" + one + "," + one + "]")).hasSize(2);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(
                        () -> DumpBytes.read(
                                "{\"format\": \"faultline-crash-1\", \"architecture\": \"arm-cortex-m\", \"registers\": {\"pc\": \"x\"}}"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("register pc is \"x\"; wanted an address such as 0x2000");
        assertThatThrownBy(() -> DumpBytes.read("{\"format\": \"faultline-crash-1\", \"architecture\": \"z80\"}"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("architecture is \"z80\"; wanted one of arm-cortex-m, xtensa, riscv32");
        assertThatThrownBy(() -> DumpBytes.read("{\"format\": \"faultline-crash-1\","))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no JSON");
    }
}
