package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.AddressRange;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceElfCoreTest {

    @Test
    void readsIdentityThreadsAndMemory() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(2, 0x8e0, 0x92d, 0x2000_1210)
                .thread(1, 0xbec, 0xbe9, 0x2000_1800)
                .key("device", "SN-0007")
                .key("build-id", "0123ABCD")
                .key("uptime-ms", "450")
                .key("exc-return", "0xfffffffd")
                .key("thread.2", "sensor")
                .key("thread.2.stack", "0x20000d80-0x20001300")
                .words(0x2000_0000, 0x1111_1111, 0x2222_2222)
                .build());

        assertThat(coredump.identity().device()).isEqualTo("SN-0007");
        assertThat(coredump.identity().buildId()).isEqualTo(new BuildId("0123abcd"));
        assertThat(coredump.identity().uptimeMillis()).isEqualTo(450);
        assertThat(((CortexMState) coredump.fault()).exceptionReturn()).hasValue(0xffff_fffdL);
        assertThat(coredump.crashedThread().orElseThrow().name()).isEqualTo("sensor");
        assertThat(coredump.crashedThread().orElseThrow().stack())
                .isEqualTo(new AddressRange(0x2000_0d80, 0x2000_1300));
        assertThat(coredump.crashedThread().orElseThrow().registers().get(ArmCortexM.PC))
                .hasValue(0x8e0);
        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(2L, 1L);
        assertThat(coredump.threads()).extracting(DumpThread::crashed).containsExactly(true, false);
        assertThat(coredump.memory().unsigned(0x2000_0002, 4)).hasValue(0x2222_1111L);
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void ofALostFrameOnlyTheRegistersThatTheHandlerSawAreKnown() {
        var registers = read(new DeviceCoreBuilder()
                        .thread(1, Map.of(0, 7L, 4, 0x44L, 12, 9L, 13, 0x2000_1378L, 15, 0L))
                        .key("frame", "lost")
                        .key("exc-return", "0xffffffed")
                        .build())
                .crashedThread()
                .orElseThrow()
                .registers();

        assertThat(registers.get(ArmCortexM.SP)).hasValue(0x2000_1378L);
        assertThat(registers.get(4)).hasValue(0x44);
        assertThat(registers.has(ArmCortexM.R0)).isFalse();
        assertThat(registers.has(ArmCortexM.R12)).isFalse();
        assertThat(registers.has(ArmCortexM.PC)).isFalse();
        assertThat(registers.has(ArmCortexM.XPSR)).isFalse();
    }

    @Test
    void floatingPointRegistersAreThoseOfTheThreadBeforeThem() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(1, 0x8e0, 0x92d, 0x2000_1000L)
                .floats(260)
                .thread(2, 0x8e0, 0x92d, 0x2000_2000L)
                .build());

        var d3 = coredump.architecture().floats().register("d", 3);
        assertThat(coredump.threads().getFirst().registers().bytes(d3, 2)).hasValue(new byte[] {24, 25});
        assertThat(coredump.threads().getLast().registers().bytes(d3, 2)).isEmpty();
    }

    @Test
    void aDamagedNoteOfThemCostsThemAlone() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(1, 0x8e0, 0x92d, 0x2000_1000L)
                .floats(100)
                .key("device", "SN-0007")
                .build());

        assertThat(coredump.threads()).hasSize(1);
        assertThat(coredump.identity().device()).isEqualTo("SN-0007");
        assertThat(coredump.warnings())
                .singleElement()
                .asString()
                .endsWith("floating-point registers in 100 bytes; wanted 256");
    }

    @Test
    void ofTwoSegmentsThatOverlapTheFirstCounts() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(1, 0, 0, 0)
                .words(0x2000_0004, 0xaaaa_aaaaL)
                .words(0x2000_0000, 1, 2, 3)
                .build());

        assertThat(coredump.memory().unsigned(0x2000_0000, 4)).hasValue(1);
        assertThat(coredump.memory().unsigned(0x2000_0004, 4)).hasValue(0xaaaa_aaaaL);
        assertThat(coredump.memory().unsigned(0x2000_0008, 4)).hasValue(3);
        assertThat(coredump.warnings()).containsExactly("Segments overlap in 4 bytes: the first one counts");
    }

    @Test
    void whatWasCutOffIsAbsentAndSaid() {
        byte[] file = new DeviceCoreBuilder()
                .thread(1, 0, 0, 0)
                .words(0x2000_0000, 1, 2, 3)
                .build();

        var coredump = read(Arrays.copyOf(file, file.length - 6));

        assertThat(coredump.memory().unsigned(0x2000_0000, 4)).hasValue(1);
        assertThat(coredump.memory().unsigned(0x2000_0004, 4)).isEmpty();
        assertThat(coredump.warnings())
                .containsExactly(
                        "Damaged after byte %d: 6 of 12 bytes of memory are missing".formatted(file.length - 6));
    }

    @Test
    void anElfCoreWithoutOurNoteIsOneOfALinuxProcess() {
        var coredump = read(new DeviceCoreBuilder().thread(1, 0, 0, 0).buildWithoutIdentity());

        assertThat(coredump.format()).isEqualTo("linux-core");
        assertThat(coredump.architecture().label()).isEqualTo("arm");
    }

    @Test
    void aDebugFileIsToldFromACoredump() {
        byte[] file = new DeviceCoreBuilder().thread(1, 0, 0, 0).build();
        file[16] = 2;

        assertThatThrownBy(() -> read(file))
                .hasMessage("ELF header at 0x0+0x14: e_type 2 is no core (4): a debug file is uploaded as symbols");
    }

    @Test
    void anyOtherFileSaysHowItBegins() {
        assertThatThrownBy(() -> read(new byte[] {'M', 'D', 'M', 'P'}))
                .hasMessageStartingWith("coredump at 0x0+0x0: no known coredump: it begins with 4d 44 4d 50; wanted: ")
                .hasMessageContaining("an ELF core with a Faultline note")
                .hasMessageContaining("the ELF core of a Linux process");
    }

    @Test
    void valuesOfTheNoteThatCanNotBeReadAreWarnings() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(1, 0, 0, 0)
                .key("psp", "20001000")
                .key("uptime-ms", "-1")
                .key("build-id", "xyz")
                .key("thread.1.stack", "0x20-0x10")
                .build());

        assertThat(((CortexMState) coredump.fault()).psp()).isEmpty();
        assertThat(coredump.identity().uptimeMillis()).isNull();
        assertThat(coredump.identity().buildId()).isNull();
        assertThat(coredump.crashedThread().orElseThrow().stack()).isNull();
        assertThat(coredump.warnings()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void controlCharactersOfADeviceDoNotReachATerminal() {
        var coredump = read(new DeviceCoreBuilder()
                .thread(1, 0, 0, 0)
                .key("message", "\u001b[31mred\u202e")
                .build());

        assertThat(coredump.identity().message()).isEqualTo("\ufffd[31mred\ufffd");
    }

    private static Coredump read(byte[] file) {
        return CoredumpFormat.read(MemorySegment.ofArray(file), Limits.DEFAULT).getFirst();
    }
}
