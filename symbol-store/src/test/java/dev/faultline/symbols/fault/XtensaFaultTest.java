package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.coredump.FaultState.Trap;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EXCCAUSE and EXCVADDR in words, and what ESP-IDF adds to them. */
class XtensaFaultTest {

    @ParameterizedTest(name = "EXCCAUSE {0}, EXCVADDR {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0  | 0x00000000 | undef-instr | Undefined instruction in `f`",
                "3  | 0x60000003 | bad-access  | Access to address 0x60000003, which is forbidden or where nothing answers,"
                        + " in `f`",
                "6  | 0x00000000 | div0        | Division by zero in `f`",
                "9  | 0x3ffb0001 | unaligned   | Unaligned access in `f`",
                "20 | 0x00000000 | bad-jump    | Call through a null function pointer in `f`",
                "20 | 0xfeefeffe | bad-jump    | Jump to 0xfeefeffe, where no code can run, through a bad function pointer or"
                        + " return address in `f`",
                "28 | 0x00000010 | null-deref  | Read from address 0x00000010 through a null pointer in `f`",
                "28 | 0x40000000 | bad-access  | Read from address 0x40000000, which is forbidden, in `f`",
                "29 | 0x00000000 | null-deref  | Write to address 0x00000000 through a null pointer in `f`",
                "33 | 0x00000000 | undef-instr | Exception: coprocessor 1 is off in `f`",
                "65 | 0x00000000 | panic       | Debug exception: a breakpoint or a watchpoint in `f`",
                "66 | 0x00000000 | unknown     | Exception: double exception in `f`",
                "69 | 0x00000000 | watchdog    | Interrupt watchdog of processor 0 fired in `f`",
                "70 | 0x00000000 | watchdog    | Interrupt watchdog of processor 1 fired in `f`",
                "71 | 0x00000000 | bad-access  | Flash was read while its cache was off in `f`",
                "99 | 0x00000000 | unknown     | Exception: cause 99 in `f`"
            })
    void theCauseIsToldInASentence(String cause, String value, String family, String sentence) {
        var diagnosis = trap(Long.decode(cause), Long.decode(value)).in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo(sentence);
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.of(family));
    }

    @Test
    void theRegistersAreExplained() {
        assertThat(trap(28, 0x10).in("f").fault().registers())
                .containsExactly(
                        new FaultRegister("EXCCAUSE", "0x0000001c", List.of("load prohibited")),
                        new FaultRegister("EXCVADDR", "0x00000010", List.of()));
    }

    @Test
    void aWildJumpIsToldOfTheFunctionThatMadeIt() {
        assertThat(trap(20, 0xa5a5_a5a4L)
                        .at(0xa5a5_a5a4L)
                        .in("??", "dispatch")
                        .fault()
                        .sentence())
                .endsWith("through a bad function pointer or return address in `dispatch`");
    }

    @Test
    void abortStoresToNullOnPurposeAndIsNoNullPointer() {
        var diagnosis = trap(29, 0)
                .saying("abort() was called at PC 0x400d1234 on core 0")
                .in("panic_abort");

        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.PANIC);
        assertThat(diagnosis.fault().address()).isNull();
    }

    @Test
    void aFailedAssertionIsOneWhateverTheProcessorSaw() {
        var diagnosis = trap(29, 0)
                .saying("assert failed: queue_send queue.c:42 (queue)")
                .in("panic_abort");

        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.ASSERT);
        assertThat(diagnosis.fault().sentence())
                .isEqualTo("Assertion failed: assert failed: queue_send queue.c:42 (queue)");
    }

    @Test
    void aTaskThatDidNotCrashByAnExceptionHasNoCause() {
        assertThat(trap(0xffff, 0).in("f").fault().registers()).isEmpty();
    }

    private static FaultScene trap(long cause, long value) {
        return FaultScene.of(new Xtensa(), new Trap(OptionalLong.of(cause), OptionalLong.of(value)));
    }
}
