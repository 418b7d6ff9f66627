package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.ReasonFamily;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of ESP-IDF's guards in mcause. */
class EspressifCauseTest {

    @ParameterizedTest(name = "mcause {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "24     | watchdog       | Interrupt watchdog of processor 0 fired          | interrupt watchdog",
                "0x1018 | watchdog       | Interrupt watchdog of processor 1 fired          | interrupt watchdog",
                "25     | bad-access     | Flash was read while its cache was off           | cache error",
                "26     | bad-access     | Access that the memory protection forbids        | memory protection fault",
                "27     | stack-overflow | Stack overflow, found by the guard of the stack pointer, | stack guard"
            })
    void aGuardOfEspIdfIsToldByTheNumberOfItsInterrupt(String mcause, String family, String sentence, String meaning) {
        var cause = EspressifCause.of(Long.decode(mcause)).orElseThrow();

        assertThat(cause.family()).isEqualTo(ReasonFamily.of(family));
        assertThat(cause.sentence()).isEqualTo(sentence);
        assertThat(cause.meaning()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 23, 28, 0x8000_0018L})
    void whatIsNoGuardOfItsIsLeftToTheStandard(long mcause) {
        assertThat(EspressifCause.of(mcause)).isEmpty();
    }
}
