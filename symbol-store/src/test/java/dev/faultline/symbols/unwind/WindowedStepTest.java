package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.FaultState;
import dev.faultline.symbols.coredump.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spill areas laid by hand, as the window overflow exception writes them. */
class WindowedStepTest {
    private static final long STACK = 0x3ffb_0000L;
    private final ByteBuffer stack = ByteBuffer.allocate(0x200).order(ByteOrder.LITTLE_ENDIAN);

    private void put(long address, long... words) {
        for (int i = 0; i < words.length; i++) {
            stack.putInt((int) (address - STACK) + 4 * i, (int) words[i]);
        }
    }

    private AddressSpace space() {
        var memory = Memory.of(
                ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(STACK, MemorySegment.ofArray(stack.array()))));
        return new AddressSpace(new Xtensa(), memory, LoadedSymbols.open(List.of(), id -> java.util.Optional.empty()));
    }

    private Stack unwind(long a0, long a1) {
        var registers = Registers.of(new Xtensa(), Map.of(Xtensa.PC, 0x400d_1234L, Xtensa.A0, a0, Xtensa.A1, a1));
        return new Unwinder(space(), new FaultState.Unrecorded(), Limits.DEFAULT)
                .unwind(new DumpThread(1, "main", true, registers, null));
    }

    @Test
    void theChainGoesThroughTheSaveAreasToTheTasksEnd() {
        put(STACK + 0x40 - 16, 0x800d_9abcL, STACK + 0x80);
        put(STACK + 0x80 - 16, 0, STACK + 0xc0);

        var frames = unwind(0x800d_5678L, STACK + 0x40);

        assertThat(frames.frames()).extracting(Frame::pc).containsExactly(0x400d_1234L, 0x400d_5678L, 0x400d_9abcL);
        assertThat(frames.frames())
                .extracting(Frame::trust)
                .containsExactly(Trust.CONTEXT, Trust.REGISTER_WINDOW, Trust.REGISTER_WINDOW);
        assertThat(frames.stop()).isEqualTo("the return address is 0, as a new task has it");
    }

    @Test
    void theRegistersThatACallEightMovedOutOfSightComeFromTheCallersCaller() {
        put(STACK + 0x40 - 16, 0x800d_9abcL, STACK + 0x80, 102, 103);
        put(STACK + 0x80 - 16, 0, STACK + 0xc0);
        put(STACK + 0xc0 - 32, 104, 105, 106, 107); // right below the base save area at -16
        var frame = Registers.of(
                new Xtensa(), Map.of(Xtensa.PC, 0x400d_1234L, Xtensa.A0, 0x800d_5678L, Xtensa.A1, STACK + 0x40));
        put(STACK + 0x80 - 12, STACK + 0xc0);

        var step = (Step.Caller) WindowedStep.callerOf(space(), frame);

        assertThat(step.registers().get(2)).hasValue(102);
        assertThat(step.registers().get(3)).hasValue(103);
        assertThat(step.registers().get(4)).hasValue(104);
        assertThat(step.registers().get(7)).hasValue(107);
        assertThat(step.registers().has(8)).isFalse();
    }

    @Test
    void aStackThatGoesBackEndsWithTheReason() {
        put(STACK + 0x40 - 16, 0x800d_9abcL, STACK + 0x40);

        assertThat(unwind(0x800d_5678L, STACK + 0x40).stop())
                .isEqualTo("the stack does not go on: sp 0x3ffb0040 after 0x3ffb0040");
    }

    @Test
    void memoryThatWasNotCapturedEndsIt() {
        var stack = unwind(0x800d_5678L, STACK + 0x1000);

        assertThat(stack.frames()).hasSize(2);
        assertThat(stack.stop()).isEqualTo("the return address or the stack pointer is not known");
    }
}
