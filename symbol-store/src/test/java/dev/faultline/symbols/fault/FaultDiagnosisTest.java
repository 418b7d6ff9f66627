package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sentences for faults that no fixture has; those of the fixtures are in {@code FixtureCoredumpsTest}. */
class FaultDiagnosisTest {
    private static final long IBUSERR = 1 << 8;
    private static final long PRECISERR = 1 << 9;
    private static final long IMPRECISERR = 1 << 10;
    private static final long STKERR = 1 << 12;
    private static final long BFARVALID = 1 << 15;
    private static final long UNDEFINSTR = 1 << 16;
    private static final long INVSTATE = 1 << 17;
    private static final long INVPC = 1 << 18;
    private static final long NOCP = 1 << 19;
    private static final long FORCED = 1 << 30;
    private static final long DEBUGEVT = 1L << 31;
    private static final long VECTTBL = 1 << 1;

    @Test
    void aPeripheralThatDoesNotAnswerIsNamedAsOne() {
        var diagnosis = fault(PRECISERR | BFARVALID, 0, 0x4000_4404, "uart_send");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo("Access to address 0x40004404, a peripheral that does not answer (is its clock on?), in"
                        + " `uart_send`");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BUS_PRECISE);
        assertThat(diagnosis.fault().address()).isEqualTo("0x40004404");
    }

    @Test
    void theInstructionTellsAReadFromAWrite() {
        var store = dump(PRECISERR | BFARVALID, 0, 0x4000_4404).bytes(0x800, new byte[] {0x03, 0x60});

        assertThat(diagnose(store, "uart_send").fault().sentence())
                .as("str r3, [r0]")
                .startsWith("Write to address");
    }

    @Test
    void anImpreciseFaultSaysThatThePlaceIsNotTheCulprit() {
        var diagnosis = fault(IMPRECISERR, 0, 0, "main");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo(
                        "A buffered write failed on the bus some instructions before this place in `main`; DISDEFWBUF in"
                                + " ACTLR makes it exact");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BUS_IMPRECISE);
        assertThat(diagnosis.fault().imprecise()).isTrue();
    }

    @Test
    void anEscalatedFaultKeepsItsCause() {
        assertThat(fault(NOCP, FORCED, 0, "scale").fault().sentence())
                .isEqualTo(
                        "Instruction for an FPU or coprocessor that is off or absent in `scale` (escalated to a hard fault)");
    }

    @Test
    void rarerFaultsHaveTheirSentences() {
        assertThat(fault(INVPC, 0, 0, "f").fault().sentence())
                .isEqualTo("Return from an exception into a damaged stack frame in `f`");
        assertThat(fault(INVSTATE, 0, 0, "f").fault().sentence())
                .isEqualTo("Jump with the Thumb bit clear to 0x00000800, through a bad function pointer, in `f`");
        assertThat(fault(0, VECTTBL, 0, "f").fault().sentence())
                .isEqualTo("Reading an exception vector failed: VTOR or the vector table is wrong");
        assertThat(fault(0, DEBUGEVT, 0, "f").fault().sentence())
                .isEqualTo("Breakpoint instruction without a debugger in `f`");
        assertThat(fault(PRECISERR, 0, 0, "f").fault().sentence())
                .isEqualTo("Access that failed on the bus in `f`; the address was not kept");
    }

    @Test
    void anOpcodeThatIsNoTrapIsShown() {
        var undefined =
                dump(UNDEFINSTR, 0, 0).bytes(0x800, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});

        assertThat(diagnose(undefined, "f").fault().sentence()).isEqualTo("Undefined instruction 0xffffffff in `f`");
    }

    @Test
    void erasedFlashIsNoPlaceToJumpTo() {
        var jump = new DeviceCoreBuilder()
                .thread(1, 0xffff_fffeL, 0x801, 0x2000_1000)
                .key("exc-return", "0xfffffffd")
                .faultRegisters(IBUSERR, 0, 0, 0);
        var diagnosis = diagnose(jump);

        assertThat(diagnosis.fault().sentence())
                .isEqualTo(
                        "Jump to 0xfffffffe, where there is no code, through a bad function pointer or return address");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BAD_JUMP);
    }

    @Test
    void aStackPointerBelowItsStackIsAnOverflowWhateverTheBitsSay() {
        var dump = new DeviceCoreBuilder()
                .thread(3, 0x800, 0x801, 0x2000_0ff8)
                .key("exc-return", "0xfffffffd")
                .key("thread.3", "net")
                .key("thread.3.stack", "0x20001000-0x20001400")
                .faultRegisters(PRECISERR | BFARVALID, 0, 0, 0x7000_0000);

        assertThat(diagnose(dump, "receive").fault().sentence())
                .isEqualTo(
                        "Stack overflow of `net` in `receive`: the stack pointer 0x20000ff8 is below its stack of 1024"
                                + " bytes from 0x20001000 on");
    }

    @Test
    void anAccessUnderTheStackOfAnotherThreadIsThatThreadsOverflow() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0x801, 0x2000_3000)
                .thread(2, 0x900, 0x901, 0x2000_1200)
                .key("exc-return", "0xfffffff1")
                .key("thread.2", "net")
                .key("thread.2.stack", "0x20001000-0x20001400")
                .faultRegisters((1 << 7) | (1 << 1), 0, 0x2000_0fe0, 0);

        assertThat(diagnose(dump, "log").fault().sentence())
                .startsWith("Stack overflow of `net`: the access to 0x20000fe0 is below its stack");
    }

    @Test
    void registersThatCouldNotBePushedMeanAnOverflow() {
        assertThat(fault(STKERR, FORCED, 0, "f").fault().sentence())
                .isEqualTo("Stack overflow of thread 1 in `f`: the processor could not push registers at 0x20001000"
                        + " (escalated to a hard fault)");
    }

    @Test
    void aPanicTellsItsMessageAndNotItsReporter() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0x801, 0x2000_1000)
                .key("reason", "panic")
                .key("message", "out of buffers");

        assertThat(diagnose(dump, "faultline_crash", "buffer_take").fault().sentence())
                .isEqualTo("Panic in `buffer_take` (a.c:7): out of buffers");
    }

    @Test
    void anAssertionWithoutTextIsStillOne() {
        var dump = new DeviceCoreBuilder().thread(1, 0x800, 0x801, 0x2000_1000).key("reason", "assert");
        var diagnosis = diagnose(dump, "faultline_crash", "__assert_func", "check");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Assertion failed in `check` (a.c:7)");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.ASSERT);
    }

    @Test
    void withoutFaultRegistersNothingIsInvented() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0x801, 0x2000_1000)
                .key("reason", "hard-fault")
                .key("exc-return", "0xfffffffd");
        var diagnosis = diagnose(dump, "f");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Hard fault in `f`; the fault registers were not captured");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.UNKNOWN);
        assertThat(diagnosis.fault().registers()).isEmpty();
    }

    @Test
    void aFaultInAnInterruptHandlerNamesTheInterrupt() {
        var dump = new DeviceCoreBuilder()
                .thread(1, Map.of(13, 0x2000_1000L, 15, 0x800L, 16, 0x0100_0018L))
                .key("exc-return", "0xfffffff1")
                .faultRegisters(1 << 25, 0, 0, 0);

        assertThat(diagnose(dump, "average").fault().sentence())
                .isEqualTo("Division by zero in `average`, while interrupt 8 was handled");
    }

    @Test
    void withoutAFaultStatusTheInstructionTellsAnUnalignedAccess() {
        var dump = new DeviceCoreBuilder()
                .thread(1, Map.of(1, 0x2000_0101L, 13, 0x2000_1000L, 15, 0x800L))
                .key("exc-return", "0xfffffffd")
                .key("reason", "hard-fault")
                .faultRegisters(0, 0, 0, 0)
                .bytes(0x800, new byte[] {0x0b, 0x68});

        assertThat(diagnose(dump, "value_of").fault().sentence())
                .as("ldr r3, [r1, #0] with r1 odd, ARMv6-M")
                .isEqualTo("Unaligned read in `value_of`");
    }

    @Test
    void everyBitThatIsSetIsExplained() {
        var registers =
                fault(PRECISERR | BFARVALID, FORCED, 0x4000_4404, "f").fault().registers();

        assertThat(registers.getFirst().name()).isEqualTo("CFSR");
        assertThat(registers.getFirst().value()).isEqualTo("0x00008200");
        assertThat(registers.getFirst().meanings())
                .containsExactly(
                        "PRECISERR: a load or store at the pc failed on the bus", "BFARVALID: BFAR holds the address");
        assertThat(registers).extracting("name").containsExactly("CFSR", "HFSR", "BFAR");
    }

    private static Diagnosis fault(long cfsr, long hfsr, long bfar, String function) {
        return diagnose(dump(cfsr, hfsr, bfar), function);
    }

    private static DeviceCoreBuilder dump(long cfsr, long hfsr, long bfar) {
        return new DeviceCoreBuilder()
                .thread(1, 0x800, 0x801, 0x2000_1000)
                .key("exc-return", "0xfffffffd")
                .faultRegisters(cfsr, hfsr, 0, bfar);
    }

    /** With frames of these functions, innermost first, all in src/a.c, line 7. */
    private static Diagnosis diagnose(DeviceCoreBuilder dump, String... functions) {
        return FaultScene.ofDevice(dump, functions);
    }
}
