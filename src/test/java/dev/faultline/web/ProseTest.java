package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.web.Prose.Part;
import org.junit.jupiter.api.Test;

class ProseTest {

    @Test
    void aNameBetweenBackQuotesIsCode() {
        assertThat(Prose.of("Division by zero in `duty_per_mille`").parts())
                .containsExactly(new Part("Division by zero in ", false), new Part("duty_per_mille", true));
        assertThat(Prose.of("Division by zero in `duty_per_mille`").text())
                .isEqualTo("Division by zero in duty_per_mille");
    }

    @Test
    void aQuoteWithoutItsPartnerIsLeftAsItIs() {
        assertThat(Prose.of("assert `x` failed: c == '`'").text()).isEqualTo("assert `x` failed: c == '`'");
    }
}
