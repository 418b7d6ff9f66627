package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.coredump.FaultState.Trap;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** mcause and mtval in words (privileged architecture, table of mcause values). */
class RiscVFaultTest {

    @ParameterizedTest(name = "mcause {0}, mtval {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0  | 0x42001002 | bad-jump    | Jump to 0x42001002, which is no instruction's address, through a bad function"
                        + " pointer or return address in `f`",
                "1  | 0xa5a5a5a4 | bad-jump    | Jump to 0xa5a5a5a4, where no code can run, through a bad function pointer or"
                        + " return address in `f`",
                "2  | 0x00000000 | undef-instr | Undefined instruction in `f`",
                "3  | 0x42001000 | panic       | Breakpoint instruction without a debugger in `f`",
                "4  | 0x3fc80001 | unaligned   | Unaligned read in `f`",
                "5  | 0x00000008 | null-deref  | Read from address 0x00000008 through a null pointer in `f`",
                "5  | 0x50000000 | bad-access  | Read from address 0x50000000, which is forbidden or where nothing answers,"
                        + " in `f`",
                "6  | 0x3fc80001 | unaligned   | Unaligned write in `f`",
                "7  | 0x00000000 | null-deref  | Write to address 0x00000000 through a null pointer in `f`",
                "7  | 0xfffffffc | bad-access  | Write to address 0xfffffffc, which is forbidden or where nothing answers,"
                        + " in `f`",
                "11 | 0x00000000 | panic       | Environment call that nobody handles in `f`",
                "12 | 0x00000004 | bad-jump    | Call through a null function pointer in `f`",
                "13 | 0x50000000 | bad-access  | Read from address 0x50000000, which is not mapped, in `f`",
                "15 | 0x50000000 | bad-access  | Write to address 0x50000000, which is not mapped, in `f`",
                "19 | 0x00000000 | unknown     | Trap with mcause 0x00000013 in `f`"
            })
    void theCauseIsToldInASentence(String cause, String value, String family, String sentence) {
        var diagnosis = trap(4, Long.decode(cause), Long.decode(value)).in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo(sentence);
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.of(family));
    }

    @Test
    void theRegistersAreExplained() {
        assertThat(trap(4, 7, 0x10).in("f").fault().registers())
                .containsExactly(
                        new FaultRegister("mcause", "0x00000007", List.of("store access fault")),
                        new FaultRegister("mtval", "0x00000010", List.of()));
    }

    @Test
    void whatMstatusKeptOfTheInterruptedContextIsTold() {
        var inHandler = new Trap(OptionalLong.of(7), OptionalLong.of(0x10), OptionalLong.of(0x1800));
        var inUserMode = new Trap(OptionalLong.of(7), OptionalLong.of(0x10), OptionalLong.of(0x80));

        assertThat(FaultScene.of(new RiscV(4), inHandler).in("f").fault().registers())
                .contains(new FaultRegister(
                        "mstatus", "0x00001800", List.of("trapped from machine mode with interrupts off")));
        assertThat(FaultScene.of(new RiscV(4), inUserMode).in("f").fault().registers())
                .contains(new FaultRegister(
                        "mstatus", "0x00000080", List.of("trapped from user mode with interrupts on")));
    }

    @Test
    void anAddressThatWasNotKeptIsNoNullPointer() {
        var diagnosis = FaultScene.of(new RiscV(4), new Trap(OptionalLong.of(5), OptionalLong.empty()))
                .in("f");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo(
                        "Read from an address that was not kept, which is forbidden or where nothing answers, in `f`");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BAD_ACCESS);
        assertThat(diagnosis.fault().registers()).extracting("name").containsExactly("mcause");
    }

    @Test
    void ofAProcessorThatLeavesMtvalZeroThePcIsWhereItJumped() {
        assertThat(trap(4, 1, 0).at(0x3fff_0000L).in("??", "dispatch").fault().sentence())
                .isEqualTo(
                        "Jump to 0x3fff0000, where no code can run, through a bad function pointer or return address in"
                                + " `dispatch`");
        assertThat(trap(4, 1, 0).at(0).in("??", "dispatch").fault().sentence())
                .isEqualTo("Call through a null function pointer in `dispatch`");
    }

    @Test
    void theTopBitOfEitherWidthMeansAnInterrupt() {
        assertThat(trap(4, 0x8000_0007L, 0).in("tick").fault())
                .satisfies(fault ->
                        assertThat(fault.sentence()).isEqualTo("Crash while an interrupt was handled in `tick`"))
                .satisfies(fault ->
                        assertThat(fault.registers().getFirst().meanings()).containsExactly("interrupt 7"));
        assertThat(trap(8, 0x8000_0000_0000_000bL, 0)
                        .in("irq")
                        .fault()
                        .registers()
                        .getFirst())
                .isEqualTo(new FaultRegister("mcause", "0x800000000000000b", List.of("interrupt 11")));
        assertThat(trap(8, 0x8000_0007L, 0)
                        .in("f")
                        .fault()
                        .registers()
                        .getFirst()
                        .meanings())
                .as("64 bits, of which the top one is clear")
                .containsExactly("a cause of this processor's own");
    }

    @Test
    void whatTheFirmwareSaidCountsBeforeItsTrap() {
        var diagnosis = trap(4, 2, 0)
                .saying("abort() was called at PC 0x42001000 on core 0")
                .in("abort", "handler");

        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.PANIC);
        assertThat(diagnosis.fault().sentence())
                .isEqualTo("Panic in `handler`: abort() was called at PC 0x42001000 on core 0");
        assertThat(diagnosis.fault().registers()).extracting("name").containsExactly("mcause", "mtval");
    }

    /** ESP-IDF ends itself by an instruction that traps; a dump without its words has the stack all the same. */
    @Test
    void codeThatEndedItselfIsToBlameForNoTrap() {
        var diagnosis = trap(4, 2, 0).in("panic_abort", "esp_system_abort", "abort", "decode_frame");

        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.PANIC);
        assertThat(diagnosis.fault().sentence()).isEqualTo("Abort in `decode_frame`");
    }

    @Test
    void anAssertionIsToldFromAnAbortByTheStack() {
        var diagnosis = trap(4, 2, 0).in("panic_abort", "esp_system_abort", "__assert_func", "decode_frame");

        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.ASSERT);
        assertThat(diagnosis.fault().sentence()).isEqualTo("Assertion failed in `decode_frame`");
    }

    @Test
    void withoutACauseTheDumpsOwnWordIsAll() {
        var nothing = FaultScene.of(new RiscV(4), new Trap(OptionalLong.empty(), OptionalLong.empty()));

        assertThat(nothing.because("watchdog").in("f").family()).isEqualTo(ReasonFamily.WATCHDOG);
        assertThat(nothing.because("watchdog").in("f").fault().sentence())
                .isEqualTo("Watchdog fired while `main` was running in `f`");
        assertThat(nothing.in("f").fault().sentence()).isEqualTo("Crash in `f`");
        assertThat(nothing.in("f").fault().registers()).isEmpty();
    }

    private static FaultScene trap(int wordBytes, long cause, long value) {
        return FaultScene.of(new RiscV(wordBytes), new Trap(OptionalLong.of(cause), OptionalLong.of(value)));
    }
}
