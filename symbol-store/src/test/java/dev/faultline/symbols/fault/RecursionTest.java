package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecursionTest {

    @Test
    void functionsThatCallEachOtherInACircleAreOneRound() {
        var recursion = Recursion.of(List.of("next", "group", "parse", "group", "parse", "group", "parse", "main"));

        assertThat(recursion).hasValue(new Recursion(List.of("group", "parse"), 3));
        assertThat(recursion.orElseThrow().words()).isEqualTo("`parse` → `group`");
    }

    @Test
    void aFunctionThatCallsItselfIsARoundOfOne() {
        assertThat(Recursion.of(List.of("walk", "walk", "walk", "walk", "main")))
                .hasValue(new Recursion(List.of("walk"), 4));
    }

    @Test
    void twoRoundsAreNoRecursionYet() {
        assertThat(Recursion.of(List.of("a", "b", "a", "b", "main"))).isEmpty();
        assertThat(Recursion.of(List.of())).isEmpty();
    }
}
