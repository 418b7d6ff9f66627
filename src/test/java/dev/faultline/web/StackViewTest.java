package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.ThreadReport.StackMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a page says of a thread beside its frames. */
class StackViewTest {

    @Test
    void aBlockedThreadSaysWhatItWaitsFor() {
        assertThat(thread(7, "reader", "blocked", "a message from `mail_queue`", null)
                        .state())
                .isEqualTo("blocked, waits for a message from mail_queue");
    }

    @Test
    void aStackThatWasTooSmallIsSaid() {
        assertThat(thread(7, "reader", "ready", null, "the last bytes of its stack were written over")
                        .state())
                .isEqualTo("ready · stack overflow");
        assertThat(thread(7, "reader", null, null, "the last bytes of its stack were written over")
                        .state())
                .isEqualTo("stack overflow");
    }

    @Test
    void aThreadOfWhichNothingIsKnownSaysNothing() {
        assertThat(thread(7, "reader", null, null, null).state()).isNull();
    }

    @Test
    void aThreadWithoutANameHasItsNumberOrItsAddress() {
        assertThat(thread(7, null, null, null, null).title()).isEqualTo("Thread 7");
        assertThat(thread(0x2000_0170L, " ", null, null, null).title()).isEqualTo("Thread 0x20000170");
    }

    private static StackView thread(
            long id,
            @Nullable String name,
            @Nullable String state,
            @Nullable String waitsFor,
            @Nullable String overflow) {
        var memory = new StackMemory("0x20001080", 512L, null, overflow);
        return StackView.of(new ThreadReport(id, name, state, waitsFor, null, memory, false, List.of(), "the end"));
    }
}
