package dev.faultline.symbols.rtos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Frames as the port of FreeRTOS for Xtensa documents them (XT_STK_ and XT_SOL_ of xtensa_context.h). */
class XtensaContextTest {
    private static final int STACK = 0x3ffb_0000;
    private static final int TOP = STACK + 16;

    private static Optional<Registers> saved(int... words) {
        var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        var region = new Memory.Region(STACK, MemorySegment.ofArray(bytes.array()));
        var memory = Memory.of(ByteOrder.LITTLE_ENDIAN, List.of(region));
        try (var symbols = LoadedSymbols.open(List.of(new LoadedImage("app", null, 0)), id -> Optional.empty())) {
            return new XtensaContext(new AddressSpace(new Xtensa(), memory, symbols)).ofFreeRtos(TOP, STACK);
        }
    }

    @Test
    void anInterruptedTaskHasAllRegistersInItsFrame() {
        var registers = saved(
                        0,
                        0,
                        0,
                        0, // below the frame
                        0x4008_0010,
                        0x400d_1234,
                        0x0006_0b30, // exit, pc, ps
                        0x800d_5678,
                        0x3ffb_0100,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8,
                        9,
                        10,
                        11,
                        12,
                        13,
                        14,
                        15, // a0 to a15
                        17) // sar
                .orElseThrow();

        assertThat(registers.get(Xtensa.PC)).hasValue(0x400d_1234L);
        assertThat(registers.get(Xtensa.PS)).hasValue(0x0006_0b30L);
        assertThat(registers.get(Xtensa.A0)).hasValue(0x800d_5678L);
        assertThat(registers.get(Xtensa.A1)).hasValue(0x3ffb_0100L);
        assertThat(registers.get(15)).hasValue(15);
        assertThat(registers.get(Xtensa.SAR)).hasValue(17);
    }

    /** Its pc is a return address, with the size of the call on top; what lies in the frame behind ps is not its own. */
    @Test
    void aTaskThatGaveUpItsProcessorHasItsWindowBelowTheFrame() {
        var registers = saved(
                        0x800d_5678,
                        0x3ffb_0030,
                        2,
                        3, // a0 to a3, spilled
                        0,
                        0x800d_1234,
                        0x0006_0020,
                        0, // exit, pc, ps, unused
                        0x800d_9abc,
                        0x3ffb_0050,
                        0,
                        0) // its caller's window
                .orElseThrow();

        assertThat(registers.get(Xtensa.PC)).hasValue(0x400d_1234L);
        assertThat(registers.get(Xtensa.A0)).hasValue(0x800d_5678L);
        assertThat(registers.get(Xtensa.A1)).hasValue(0x3ffb_0030L);
        assertThat(registers.get(4)).isEmpty();
    }

    @Test
    void aStackPointerBelowTheFrameIsNone() {
        assertThat(saved(0x800d_5678, STACK, 2, 3, 0, 0x800d_1234, 0x0006_0020, 0))
                .isEmpty();
    }

    @Property(tries = 500)
    void anyWordsGiveRegistersThatGoOnAboveTheFrameOrNone(@ForAll @Size(32) int[] words) {
        saved(words)
                .ifPresent(registers ->
                        assertThat(registers.get(Xtensa.A1).orElseThrow()).isGreaterThanOrEqualTo(TOP));
    }
}
