package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.coredump.FaultState.Signal;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals with their codes in words (sigaction(2)). */
class SignalFaultTest {
    private static final int SIGABRT = 6;
    private static final int SIGSEGV = 11;
    private static final long SI_TKILL = -6;
    private static final long SEGV_MAPERR = 1;
    private static final long SI_KERNEL = 0x80;

    @ParameterizedTest(name = "signal {0}, si_code {1}, si_addr {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "11 | 1  | 0x18       | null-deref  | Access to address 0x0000000000000018 through a null pointer in `f`",
                "11 | 1  | 0x7f001000 | bad-access  | Access to address 0x000000007f001000, which is not mapped, in `f`",
                "11 | 2  | 0x7f001000 | bad-access  | Access to address 0x000000007f001000, which the mapping forbids, in"
                        + " `f`",
                "11 | 9  | 0x7f001000 | bad-access  | Access to address 0x000000007f001000, whose memory tag is another, in"
                        + " `f`",
                "11 | 0  | 0x3e8      | signal      | SIGSEGV, sent by a process and not raised by a fault in `f`",
                "7  | 1  | 0x7f001001 | unaligned   | Unaligned access in `f`",
                "7  | 2  | 0x7f001000 | bad-access  | Access to address 0x000000007f001000, which has no memory behind it,"
                        + " in `f`",
                "7  | -1 | 0x0        | signal      | SIGBUS, sent by a process and not raised by a fault in `f`",
                "8  | 1  | 0x7f001000 | div0        | Division by zero in `f`",
                "8  | 2  | 0x7f001000 | signal      | Integer overflow in `f`",
                "8  | 3  | 0x7f001000 | signal      | Arithmetic that failed (SIGFPE) in `f`",
                "4  | 1  | 0x7f001000 | undef-instr | Undefined instruction in `f`",
                "5  | 1  | 0x7f001000 | panic       | Trap instruction in `f`",
                "31 | 1  | 0x7f001000 | signal      | System call that is not allowed (SIGSYS) in `f`",
                "9  | 0  | 0x0        | signal      | Ended by signal SIGKILL in `f`",
                "42 | 0  | 0x0        | signal      | Ended by signal 42 in `f`"
            })
    void theSignalIsToldInASentence(int number, long code, String address, String family, String sentence) {
        var diagnosis = signal(number, code, Long.decode(address)).in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo(sentence);
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.of(family));
    }

    @Test
    void theSignalIsExplainedAsARegisterWouldBe() {
        assertThat(signal(SIGSEGV, SEGV_MAPERR, 0x18).in("f").fault().registers())
                .containsExactly(
                        new FaultRegister("signal", "11", List.of("SIGSEGV, si_code 1, si_addr 0x0000000000000018")));
    }

    @Test
    void anAccessAtThePcItselfIsAJump() {
        assertThat(signal(SIGSEGV, SEGV_MAPERR, 0x1000_0000)
                        .at(0x1000_0000)
                        .in("??", "dispatch")
                        .fault()
                        .sentence())
                .isEqualTo("Jump to 0x0000000010000000, where no code may run, through a bad function pointer or return"
                        + " address in `dispatch`");
        assertThat(signal(SIGSEGV, SEGV_MAPERR, 0).at(0).in("??", "dispatch"))
                .satisfies(diagnosis -> assertThat(diagnosis.fault().sentence())
                        .isEqualTo("Call through a null function pointer in `dispatch`"))
                .satisfies(diagnosis -> assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BAD_JUMP));
    }

    @Test
    void aGeneralProtectionFaultHasNoAddressAndIsNoNullPointer() {
        var diagnosis = FaultScene.of(new X86_64(), new Signal(SIGSEGV, OptionalLong.of(SI_KERNEL), OptionalLong.of(0)))
                .in("f");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo("Access to an address that was not kept, which the processor refuses, in `f`");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BAD_ACCESS);
    }

    @Test
    void anAbortIsToldOfTheFirstFunctionThatIsNoLibrarys() {
        var diagnosis =
                signal(SIGABRT, SI_TKILL, 0).in("__pthread_kill_implementation", "raise", "abort", "load_config");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Abort in `load_config`");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.PANIC);
    }

    @Test
    void anAbortByAnAssertionIsAnAssertion() {
        var diagnosis = signal(SIGABRT, SI_TKILL, 0)
                .saying("config.c:12: load: Assertion `size > 0' failed.")
                .in("raise", "abort", "__assert_fail_base", "__assert_fail", "load");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Assertion `size > 0` failed in `load` (config.c:12)");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.ASSERT);
    }

    @Test
    void anAbortByACheckOfTheHeapSaysSo() {
        assertThat(signal(SIGABRT, SI_TKILL, 0)
                        .in("raise", "abort", "__libc_message", "malloc_printerr", "free_session")
                        .fault()
                        .sentence())
                .isEqualTo("The C library found damaged memory in `free_session`");
    }

    @Test
    void aSignalOfWhichOnlyTheNumberWasKeptIsStillTold() {
        var diagnosis = FaultScene.of(new AArch64(), new Signal(SIGSEGV, OptionalLong.empty(), OptionalLong.empty()))
                .in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Access to an address that was not kept in `f`");
        assertThat(diagnosis.fault().registers().getFirst().meanings()).containsExactly("SIGSEGV, si_code unknown");
    }

    private static FaultScene signal(int number, long code, long address) {
        return FaultScene.of(new AArch64(), new Signal(number, OptionalLong.of(code), OptionalLong.of(address)));
    }
}
