package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stacks of which nobody has the symbols; those of the fixtures are in {@code FixtureCoredumpsTest}. */
class UnwinderTest {

    @Test
    void withoutSymbolsTheLinkRegisterIsAllThatCanBeTold() {
        var stack = unwind(new DeviceCoreBuilder().thread(1, 0x800, 0x901, 0x2000_0000));

        assertThat(stack.frames())
                .extracting(Frame::index, Frame::pc, Frame::sp, Frame::trust)
                .containsExactly(
                        tuple(0, 0x800L, 0x2000_0000L, Trust.CONTEXT),
                        tuple(1, 0x900L, 0x2000_0000L, Trust.LINK_REGISTER));
        assertThat(stack.stop())
                .isEqualTo("the symbols of app are missing: without them nothing more can be told from the stack");
    }

    @Test
    void anExceptionIsCrossedWithoutSymbolsToo() {
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0x800, 0xffff_fffdL, 0x2000_2000)
                .key("psp", "0x20001000")
                .words(0x2000_1000, 0, 1, 2, 3, 12, 0xa01, 0x910, 0x0100_0000));

        assertThat(stack.frames())
                .extracting(Frame::index, Frame::pc, Frame::sp, Frame::trust)
                .containsExactly(
                        tuple(0, 0x800L, 0x2000_2000L, Trust.CONTEXT),
                        tuple(1, 0x910L, 0x2000_1020L, Trust.EXCEPTION),
                        tuple(2, 0xa00L, 0x2000_1020L, Trust.LINK_REGISTER));
    }

    @Test
    void anExceptionFrameThatLeadsToItselfEnds() {
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, Map.of(13, 0x2000_1000L, 14, 0xffff_fffdL, 15, 0x800L))
                .key("psp", "0x20001000")
                .words(0x2000_1000, 0, 1, 2, 3, 12, 0xffff_fffdL, 0x910, 0x0100_0000));

        assertThat(stack.frames()).hasSize(2);
        assertThat(stack.stop()).isEqualTo("the stack does not go on: an exception frame comes twice");
    }

    @Test
    void aLinkRegisterOfZeroIsTheEnd() {
        var stack = unwind(new DeviceCoreBuilder().thread(1, 0x800, 0, 0x2000_0000));

        assertThat(stack.frames()).hasSize(1);
        assertThat(stack.stop()).isEqualTo("the return address is 0x00000000, as a reset or a new task leaves it");
    }

    @Test
    void aLostFrameWithoutSymbolsGivesNoFrameAndSaysSo() {
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0, 0, 0x2000_0000)
                .key("frame", "lost")
                .words(0x2000_0000, 0x901, 0xa01));

        assertThat(stack.frames()).isEmpty();
        assertThat(stack.stop()).isEqualTo("no return address on the stack from 0x20000000 on");
    }

    private static Stack unwind(DeviceCoreBuilder dump) {
        var coredump = CoredumpFormat.read(dump.key("software", "app").segment(), Limits.DEFAULT)
                .getFirst();
        try (var symbols = LoadedSymbols.open(coredump.images(), id -> Optional.empty())) {
            var space = new AddressSpace(coredump.architecture(), coredump.memory(), symbols);
            return new Unwinder(space, coredump.fault(), Limits.DEFAULT)
                    .unwind(coredump.crashedThread().orElseThrow());
        }
    }
}
