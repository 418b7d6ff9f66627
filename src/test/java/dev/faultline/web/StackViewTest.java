package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.ThreadReport.StackMemory;
import dev.faultline.symbols.report.VariableReport;
import dev.faultline.web.StackView.FrameView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a page says of a thread beside its frames, and of what its frames held. */
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

    @Test
    void theVariablesOfTheFirstFrameThatHasSomeAreOpenWhereTheThreadCrashed() {
        var local = new VariableReport("count", "int", "3", null, "known");
        var frames = List.of(
                frame(List.of(), List.of()), frame(List.of(), List.of(local)), frame(List.of(local), List.of(local)));

        assertThat(frames(true, frames)).extracting(FrameView::open).containsExactly(false, true, false);
        assertThat(frames(false, frames)).extracting(FrameView::open).containsOnly(false);
    }

    @Test
    void aFrameCountsItsVariables() {
        var one = new VariableReport("count", "int", "3", null, "known");
        var frames = List.of(
                frame(List.of(), List.of()),
                frame(List.of(one), List.of()),
                frame(List.of(one, one), List.of(one)),
                frame(List.of(), List.of(one, one)));

        assertThat(frames(true, frames))
                .extracting(FrameView::variables)
                .containsExactly(null, "1 argument", "2 arguments · 1 local", "2 locals");
    }

    @Test
    void aVariableWithoutAValueSaysWhyInWords() {
        assertThat(unknown("<optimised out>", "optimised-out")).isEqualTo("optimised out");
        assertThat(unknown("<not in dump>", "not-in-dump")).isEqualTo("not in dump");
        assertThat(unknown("<not in dump: 0x20000000-0x20000003>", "not-in-dump"))
                .isEqualTo("not in dump: 0x20000000-0x20000003");
        assertThat(unknown("<unreadable: a type made of itself>", "unreadable"))
                .isEqualTo("unreadable: a type made of itself");
    }

    @Test
    void aTextThatReadsLikeAReasonIsStillAValue() {
        var view = VariableView.of(new VariableReport("text", "char *", "<optimised out>", null, "known"));

        assertThat(view.value()).isEqualTo(new VariableView.Text("<optimised out>", null, false));
    }

    @Test
    void aTargetThatIsNotInTheDumpIsNoValueEither() {
        var view = VariableView.of(new VariableReport(
                "batch", "struct batch *", "0x41000018", "<not in dump: 0x41000018-0x41000063>", "known"));

        assertThat(view.target()).isEqualTo(new VariableView.Text("not in dump: 0x41000018-0x41000063", null, true));
    }

    @Test
    void aLongValueIsCutAndKeptWhole() {
        var whole = "7".repeat(VariableView.LONGEST - 1) + "\ud83d\ude00";
        var view = VariableView.of(new VariableReport("text", whole, whole, whole, "known"));

        var cut = new VariableView.Text("7".repeat(VariableView.LONGEST - 1) + " …", whole, false);
        assertThat(view.type()).isEqualTo(cut);
        assertThat(view.value()).isEqualTo(cut);
        assertThat(view.target()).isEqualTo(cut);
    }

    private static String unknown(String value, String state) {
        var view = VariableView.of(new VariableReport("count", "int", value, null, state));
        assertThat(view.value().unknown()).isTrue();
        return view.value().shown();
    }

    private static List<FrameView> frames(boolean crashed, List<FrameReport> frames) {
        return StackView.of(new ThreadReport(1, "main", "running", crashed, frames, "the end"))
                .stretches()
                .getFirst()
                .frames();
    }

    private static FrameReport frame(List<VariableReport> arguments, List<VariableReport> locals) {
        return new FrameReport("step", null, "/build/a.c", 7, 1, "0x00001000", false, "cfi", "main-fw", "0x1000")
                .with(arguments, locals);
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
