package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.coredump.FaultState.Syndrome;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ESR_ELx and FAR_ELx in words (Arm ARM, D17.2.37). */
class SyndromeFaultTest {
    private static final long IL = 1 << 25;
    private static final long WNR = 1 << 6;
    private static final long FNV = 1 << 10;
    private static final long TRANSLATION = 0x05;
    private static final long EXTERNAL = 0x10;

    @ParameterizedTest(name = "class {0}, ISS {1}, FAR {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0x00 | 0x00 | 0x0        | undef-instr   | Undefined instruction in `f`",
                "0x07 | 0x00 | 0x0        | undef-instr   | Floating point while it is off in `f`",
                "0x0d | 0x00 | 0x0        | bad-jump      | Branch to a place that is no branch target in `f`",
                "0x1c | 0x00 | 0x0        | bad-jump      | Pointer authentication failed: a damaged return address or"
                        + " function pointer in `f`",
                "0x21 | 0x06 | 0x0        | bad-jump      | Call through a null function pointer in `f`",
                "0x21 | 0x0f | 0x80001000 | bad-jump      | Jump to 0x0000000080001000, which its mapping forbids, through a"
                        + " bad function pointer or return address in `f`",
                "0x22 | 0x00 | 0x80001002 | unaligned     | Unaligned pc in `f`",
                "0x25 | 0x06 | 0x18       | null-deref    | Read from address 0x0000000000000018 through a null pointer in"
                        + " `f`",
                "0x25 | 0x46 | 0xdead0000 | bad-access    | Write to address 0x00000000dead0000, which is not mapped, in"
                        + " `f`",
                "0x25 | 0x4f | 0x80001000 | bad-access    | Write to address 0x0000000080001000, which its mapping forbids,"
                        + " in `f`",
                "0x24 | 0x09 | 0x80001000 | bad-access    | Read from address 0x0000000080001000, whose access flag is"
                        + " clear, in `f`",
                "0x25 | 0x10 | 0x9000000  | bad-access    | Read from address 0x0000000009000000, where nothing answers on"
                        + " the bus, in `f`",
                "0x25 | 0x11 | 0x80001000 | bad-access    | Read from address 0x0000000080001000, whose memory tag is"
                        + " another, in `f`",
                "0x25 | 0x61 | 0x80001001 | unaligned     | Unaligned write in `f`",
                "0x26 | 0x00 | 0x0        | unaligned     | Unaligned stack pointer in `f`",
                "0x2f | 0x11 | 0x0        | bus-imprecise | An access failed on the bus some instructions before this place"
                        + " in `f`",
                "0x3c | 0x00 | 0x0        | panic         | Breakpoint instruction without a debugger in `f`",
                "0x15 | 0x00 | 0x0        | unknown       | Supervisor call in `f`",
                "0x3f | 0x00 | 0x0        | unknown       | Exception class 0x3f in `f`"
            })
    void theSyndromeIsToldInASentence(String exceptionClass, String iss, String far, String family, String sentence) {
        var diagnosis = abort(Long.decode(exceptionClass), Long.decode(iss), OptionalLong.of(Long.decode(far)))
                .in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo(sentence);
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.of(family));
    }

    @Test
    void theRegistersAreExplained() {
        assertThat(abort(0x25, WNR | TRANSLATION, OptionalLong.of(8))
                        .in("f")
                        .fault()
                        .registers())
                .containsExactly(
                        new FaultRegister("ESR", "0x0000000096000045", List.of("data abort")),
                        new FaultRegister("FAR", "0x0000000000000008", List.of()));
    }

    @Test
    void onlyAnAsynchronousErrorIsImprecise() {
        assertThat(abort(0x2f, 0, OptionalLong.empty()).in("f").fault().imprecise())
                .isTrue();
        assertThat(abort(0x25, EXTERNAL, OptionalLong.of(0x900_0000))
                        .in("f")
                        .fault()
                        .imprecise())
                .isFalse();
    }

    @Test
    void anAddressThatTheProcessorDidNotKeepIsNoNullPointer() {
        var diagnosis = abort(0x25, FNV | EXTERNAL, OptionalLong.of(0)).in("f");

        assertThat(diagnosis.fault().sentence())
                .isEqualTo("Read from an address that was not kept, where nothing answers on the bus, in `f`");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.BAD_ACCESS);
        assertThat(diagnosis.fault().registers()).extracting("name").containsExactly("ESR");
    }

    @Test
    void withoutAFaultAddressThePcIsWhereItJumped() {
        assertThat(abort(0x21, TRANSLATION, OptionalLong.empty())
                        .at(0x1234_5678L)
                        .in("??", "dispatch")
                        .fault()
                        .sentence())
                .isEqualTo("Jump to 0x0000000012345678, which is not mapped, through a bad function pointer or return"
                        + " address in `dispatch`");
    }

    @Test
    void withoutASyndromeTheDumpsOwnWordIsAll() {
        var diagnosis = FaultScene.of(new AArch64(), new Syndrome(OptionalLong.empty(), OptionalLong.of(8)))
                .because("panic")
                .saying("out of buffers")
                .in("f");

        assertThat(diagnosis.fault().sentence()).isEqualTo("Panic in `f`: out of buffers");
        assertThat(diagnosis.family()).isEqualTo(ReasonFamily.PANIC);
    }

    private static FaultScene abort(long exceptionClass, long iss, OptionalLong far) {
        return FaultScene.of(new AArch64(), new Syndrome(OptionalLong.of(exceptionClass << 26 | IL | iss), far));
    }
}
