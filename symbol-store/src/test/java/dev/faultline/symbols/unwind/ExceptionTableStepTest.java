package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.store.LocalSymbols;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stacks of firmware that has exception tables and symbols, and no call frame information. */
class ExceptionTableStepTest {
    private static final long STACK = 0x2000_1000L;

    /** The instruction behind the call of the next function, with the Thumb bit. */
    private static final long AFTER_LEAF_IN_FILL = 0x0800_0113L;

    private static final long AFTER_FILL_IN_LARGE = 0x0800_012dL;
    private static final long AFTER_LARGE_IN_PROGRAM = 0x0800_02c1L;
    private static final long AFTER_PROGRAM_IN_START = 0x0800_0005L;

    private static LocalSymbols symbols;

    @BeforeAll
    static void open() {
        symbols = LocalSymbols.of(
                List.of(Path.of("../firmware-fixtures/symbols/elf/exceptions-m7-os-nodebug.elf")), Limits.DEFAULT);
    }

    @AfterAll
    static void close() {
        symbols.close();
    }

    @Test
    void everyFrameUpToTheOneThatCannotBeUnwound() {
        // in `leaf`, which saves nothing
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0x0800_00da, AFTER_LEAF_IN_FILL, STACK)
                .words(STACK, 3, 4, 5, AFTER_FILL_IN_LARGE)
                .bytes(STACK + 16, new byte[708])
                .words(STACK + 724, AFTER_LARGE_IN_PROGRAM, 0, 0, 0, 0, 0, 44, 55, AFTER_PROGRAM_IN_START)
                .words(STACK + 760, 0));

        assertThat(stack.frames())
                .extracting(Frame::index, Frame::pc, Frame::sp, Frame::trust)
                .containsExactly(
                        tuple(0, 0x0800_00daL, STACK, Trust.CONTEXT),
                        tuple(1, 0x0800_0112L, STACK, Trust.EHABI),
                        tuple(2, 0x0800_012cL, STACK + 16, Trust.EHABI),
                        tuple(3, 0x0800_02c0L, STACK + 728, Trust.EHABI),
                        tuple(4, 0x0800_0004L, STACK + 760, Trust.EHABI));
        assertThat(stack.stop()).isEqualTo("the exception table says that this frame can not be unwound");
    }

    @Test
    void atTheFirstInstructionTheLinkRegisterHasTheReturnAddress() {
        // in `large` before it pushes: the stack is its caller's
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0x0800_011c, AFTER_LARGE_IN_PROGRAM, STACK)
                .words(STACK, 0, 0, 0, 0, 0, 44, 55, AFTER_PROGRAM_IN_START)
                .words(STACK + 32, 0));

        assertThat(stack.frames())
                .extracting(Frame::index, Frame::pc, Frame::sp, Frame::trust)
                .containsExactly(
                        tuple(0, 0x0800_011cL, STACK, Trust.CONTEXT),
                        tuple(1, 0x0800_02c0L, STACK, Trust.LINK_REGISTER),
                        tuple(2, 0x0800_0004L, STACK + 32, Trust.EHABI));
    }

    @Test
    void insideAPrologueAReturnAddressBehindNoCallIsNotBelieved() {
        // in `large` with lr pushed, before it takes its 708 bytes: the table would look that far up the stack
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0x0800_011e, AFTER_LARGE_IN_PROGRAM, STACK)
                .words(STACK, AFTER_LARGE_IN_PROGRAM, 0, 0, 0, 0, 0, 44, 55, AFTER_PROGRAM_IN_START)
                .bytes(STACK + 36, new byte[1000]));

        assertThat(stack.frames()).extracting(Frame::pc).containsExactly(0x0800_011eL, 0x0800_02c0L, 0x0800_0004L);
        assertThat(stack.frames().get(1).trust()).isEqualTo(Trust.LINK_REGISTER);
    }

    @Test
    void aLeafThatTheLinkerSaysNothingAboutStillHasItsLinkRegister() {
        // in `thread_begins`, for which the table has EXIDX_CANTUNWIND, as for any assembly without a table
        var stack = unwind(new DeviceCoreBuilder()
                .thread(1, 0x0800_00b4, AFTER_PROGRAM_IN_START, STACK)
                .words(STACK, 0));

        assertThat(stack.frames())
                .extracting(Frame::index, Frame::pc, Frame::sp, Frame::trust)
                .containsExactly(
                        tuple(0, 0x0800_00b4L, STACK, Trust.CONTEXT),
                        tuple(1, 0x0800_0004L, STACK, Trust.LINK_REGISTER));
    }

    @Test
    void poppedRegistersAreTheCallers() {
        var coredump = CoredumpFormat.read(
                        new DeviceCoreBuilder()
                                .thread(1, 0x0800_0112, 0, STACK)
                                .words(STACK, 3, 4, 5, AFTER_FILL_IN_LARGE)
                                .segment(),
                        Limits.DEFAULT)
                .getFirst();
        try (var loaded = loaded()) {
            var space = new AddressSpace(coredump.architecture(), coredump.memory(), loaded);
            var row = space.unwindRow(0x0800_0111).orElseThrow();
            var callee = Registers.of(new ArmCortexM(), Map.of(13, STACK, 4, 1L, 5, 2L, 6, 66L));
            var unwound = CallFrameStep.apply(space, row, callee, Limits.DEFAULT);

            assertThat(unwound.returnAddress()).hasValue(AFTER_FILL_IN_LARGE);
            assertThat(unwound.registers().get(4)).hasValue(4);
            assertThat(unwound.registers().get(5)).hasValue(5);
            assertThat(unwound.registers().get(6)).hasValue(66);
            assertThat(unwound.registers().get(13)).hasValue(STACK + 16);
            assertThat(unwound.registers().has(14)).isFalse();
        }
    }

    private static LoadedSymbols loaded() {
        var id = symbols.builds().getFirst().summary().buildId();
        return LoadedSymbols.open(List.of(new LoadedImage("app", id, 0)), symbols);
    }

    private static Stack unwind(DeviceCoreBuilder dump) {
        var coredump = CoredumpFormat.read(dump.key("software", "app").segment(), Limits.DEFAULT)
                .getFirst();
        try (var loaded = loaded()) {
            var space = new AddressSpace(coredump.architecture(), coredump.memory(), loaded);
            return new Unwinder(space, coredump.fault(), Limits.DEFAULT)
                    .unwind(coredump.crashedThread().orElseThrow());
        }
    }
}
