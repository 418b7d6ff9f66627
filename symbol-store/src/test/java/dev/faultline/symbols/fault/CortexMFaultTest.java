package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bit of CFSR by itself, a processor that locked up, and through which register an access went. */
class CortexMFaultTest {
    private static final long PC = 0x800;
    private static final long DHCSR = 0xe000_edf0L;
    private static final long S_LOCKUP = 1 << 19;
    private static final long PRECISE_AT_BFAR = 1 << 9 | 1 << 15;

    @ParameterizedTest(name = "CFSR bit {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0  | bad-jump       | Code at 0x00000800 could not be fetched or may not be executed in `f`",
                "1  | bad-access     | Access of memory that the MPU forbids in `f`; the address was not kept",
                "3  | bad-access     | Return from an exception with a wrong stack pointer in `f`",
                "4  | stack-overflow | Stack overflow of thread 1 in `f`: the processor could not push registers at 0x20001000",
                "5  | bad-access     | Delayed saving of floating-point registers failed: the stack that they belong to is gone"
                        + " in `f`",
                "8  | bad-jump       | Code at 0x00000800 could not be fetched or may not be executed in `f`",
                "9  | bus-precise    | Access that failed on the bus in `f`; the address was not kept",
                "10 | bus-imprecise  | A buffered write failed on the bus some instructions before this place in `f`;"
                        + " DISDEFWBUF in ACTLR makes it exact",
                "11 | bad-access     | Return from an exception with a wrong stack pointer in `f`",
                "12 | stack-overflow | Stack overflow of thread 1 in `f`: the processor could not push registers at 0x20001000",
                "13 | bad-access     | Delayed saving of floating-point registers failed: the stack that they belong to is gone"
                        + " in `f`",
                "16 | undef-instr    | Undefined instruction in `f`",
                "17 | bad-jump       | Jump with the Thumb bit clear to 0x00000800, through a bad function pointer, in `f`",
                "18 | bad-jump       | Return from an exception into a damaged stack frame in `f`",
                "19 | undef-instr    | Instruction for an FPU or coprocessor that is off or absent in `f`",
                "20 | stack-overflow | Stack overflow of thread 1 in `f`: the processor could not push registers at 0x20001000",
                "24 | unaligned      | Unaligned access in `f`",
                "25 | div0           | Division by zero in `f`"
            })
    void everyBitHasItsSentence(int bit, String family, String sentence) {
        var diagnosis = FaultScene.ofDevice(faulted(1L << bit, Map.of()), "f");

        assertThat(diagnosis.fault().sentence()).isEqualTo(sentence);
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.of(family));
        assertThat(diagnosis.fault().imprecise()).isEqualTo(bit == 10);
    }

    @Test
    void theAddressOfAnMpuFaultCountsOnlyWithItsBit() {
        var kept = faulted(1 << 1 | 1 << 7, Map.of(), 0x2000_8000L, 0);
        var stale = faulted(1 << 1, Map.of(), 0x2000_8000L, 0);

        assertThat(FaultScene.ofDevice(kept, "f").fault().address()).isEqualTo("0x20008000");
        assertThat(FaultScene.ofDevice(kept, "f").fault().sentence())
                .isEqualTo("Access to address 0x20008000, which the MPU forbids, in `f`");
        assertThat(FaultScene.ofDevice(stale, "f").fault().address()).isNull();
    }

    @Test
    void aProcessorThatLockedUpIsNoJumpToWhereItsPcPoints() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0xffff_fffeL, 0x801, 0x2000_1000)
                .faultRegisters(1 << 8, 1 << 30, 0, 0);
        var diagnosis = FaultScene.ofDevice(dump, "??", "HardFault_Handler");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo("The processor locked up: it faulted while it handled a hard fault or an NMI in"
                        + " `HardFault_Handler`");
        assertThat(diagnosis.fault().registers()).extracting("name").containsExactly("CFSR", "HFSR");
    }

    @Test
    void aDebuggersRegisterSaysLockupWhereverThePcIs() {
        var dump = faulted(0, Map.of()).words(DHCSR, S_LOCKUP);

        assertThat(FaultScene.ofDevice(dump, "f").fault().sentence())
                .isEqualTo("The processor locked up: it faulted while it handled a hard fault or an NMI in `f`");
        assertThat(FaultScene.ofDevice(dump, "f").fault().registers().getLast().meanings())
                .containsExactly("S_LOCKUP: the processor is locked up");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0x6003 | 0      | wrote 4 bytes to 0x00000000 through r0: null",
                "0x6843 | 0      | read 4 bytes from 0x00000004 through r0: null plus 4",
                "0x7809 | 0      | read 1 byte from 0x20000100 through r1: 0x20000100",
                "0xf851 | 0x0c08 | read 4 bytes from 0x200000f8 through r1: 0x20000100 minus 8",
                "0xf851 | 0x0022 | read 4 bytes from 0x20000110 through r1: 0x20000100 plus r2 (0x00000004) times 4",
                "0x5888 | 0      | read 4 bytes from 0x20000104 through r1: 0x20000100 plus r2 (0x00000004)"
            })
    void theAccessIsToldWithTheRegisterThatHeldThePointer(String first, String second, String access) {
        var dump = faulted(PRECISE_AT_BFAR, Map.of(0, 0L, 1, 0x2000_0100L, 2, 4L))
                .bytes(PC, halfwords(Integer.decode(first), Integer.decode(second)));

        assertThat(FaultScene.ofDevice(dump, "f").fault().access()).isEqualTo(access);
    }

    @Test
    void anInstructionThatReachesNoMemoryTellsNoAccess() {
        var addition = faulted(PRECISE_AT_BFAR, Map.of()).bytes(PC, halfwords(0x1888, 0));

        assertThat(FaultScene.ofDevice(addition, "f").fault().access()).isNull();
        assertThat(FaultScene.ofDevice(faulted(PRECISE_AT_BFAR, Map.of()), "f")
                        .fault()
                        .access())
                .as("the instruction was not captured")
                .isNull();
    }

    private static DeviceCoreBuilder faulted(long cfsr, Map<Integer, Long> registers) {
        return faulted(cfsr, registers, 0, 0);
    }

    private static DeviceCoreBuilder faulted(long cfsr, Map<Integer, Long> registers, long mmfar, long bfar) {
        var all = new HashMap<>(registers);
        all.putAll(Map.of(13, 0x2000_1000L, 14, 0x801L, 15, PC));
        return new DeviceCoreBuilder()
                .thread(1, all)
                .key("exc-return", "0xfffffffd")
                .faultRegisters(cfsr, 0, mmfar, bfar);
    }

    private static byte[] halfwords(int first, int second) {
        return new byte[] {(byte) first, (byte) (first >>> 8), (byte) second, (byte) (second >>> 8)};
    }
}
