package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.ExceptionReturn;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExceptionCrossingTest {
    private static final ArmCortexM ARM = new ArmCortexM();
    private static final long MSP = 0x2000_2000L;
    private static final long PSP = 0x2000_1000L;
    private static final long THREAD = 0x0100_0000L;
    private static final long THREAD_ALIGNED = 0x0100_0200L;
    private static final long HANDLER = 0x0100_0018L;

    @Test
    void aThreadIsFoundOnTheProcessStack() {
        var thread = interrupted(0xffff_fffdL, frame(PSP, THREAD));

        assertThat(thread.get(ArmCortexM.PC)).hasValue(0x8e0);
        assertThat(thread.get(ArmCortexM.LR)).hasValue(0x92d);
        assertThat(thread.get(ArmCortexM.SP)).hasValue(PSP + 0x20);
        assertThat(thread.get(ArmCortexM.R12)).hasValue(0x12);
        assertThat(thread.get(4)).as("what the handler did not touch").hasValue(0x44);
    }

    @Test
    void theWordThatAlignedTheStackIsSkipped() {
        assertThat(interrupted(0xffff_fffdL, frame(PSP, THREAD_ALIGNED)).get(ArmCortexM.SP))
                .hasValue(PSP + 0x24);
    }

    @Test
    void anExtendedFrameHasRoomForFloatingPointRegisters() {
        assertThat(interrupted(0xffff_ffedL, frame(PSP, THREAD)).get(ArmCortexM.SP))
                .hasValue(PSP + 0x68);
    }

    @Test
    void itsFloatingPointRegistersAreThoseOfTheInterruptedCode() {
        var floats = ARM.floats();

        var thread = interrupted(0xffff_ffedL, extended(0));

        assertThat(thread.bytes(floats.register("s", 0), 4)).hasValue(new byte[] {0x20, 0, 0, 0});
        assertThat(thread.bytes(floats.register("s", 15), 4)).hasValue(new byte[] {0x2f, 0, 0, 0});
        assertThat(thread.bytes(floats.register("s", 16), 4)).as("nobody knew").isEmpty();
    }

    @Test
    void whileTheyAreStillToBeSavedTheFrameHasNothingOfThem() {
        var s0 = ARM.floats().register("s", 0);

        assertThat(interrupted(0xffff_ffedL, extended(1)).bytes(s0, 4)).isEmpty();
        assertThat(interrupted(0xffff_ffedL, memory(PSP, extendedFrame())).bytes(s0, 4))
                .as("a dump without FPCCR does not say")
                .isEmpty();
    }

    /** With FPCCR, of which bit 0 is LSPACT. */
    private static Memory extended(long control) {
        var regions = new ArrayList<>(memory(PSP, extendedFrame()).regions());
        regions.addAll(memory(0xe000_ef34L, control).regions());
        return Memory.of(ByteOrder.LITTLE_ENDIAN, regions);
    }

    private static long[] extendedFrame() {
        var words = new long[26];
        System.arraycopy(FRAME, 0, words, 0, 7);
        words[7] = THREAD;
        for (int register = 0; register < 16; register++) {
            words[8 + register] = 0x20L + register;
        }
        return words;
    }

    @Test
    void aHandlerThatWasInterruptedIsOnTheMainStack() {
        assertThat(interrupted(0xffff_fff1L, frame(MSP, HANDLER)).get(ArmCortexM.SP))
                .hasValue(MSP + 0x20);
    }

    @Test
    void secureCodeThatNonSecureCodeInterruptedHasItsRegistersBelowTheFrame() {
        var words = new long[10 + 8];
        words[0] = 0xfefa_125bL;
        for (int register = 4; register <= 11; register++) {
            words[2 + register - 4] = 0x100L * register;
        }
        System.arraycopy(FRAME, 0, words, 10, 7);
        words[17] = THREAD;

        var thread = interrupted(0xffff_fffcL, memory(PSP, words));

        assertThat(thread.get(4)).hasValue(0x400);
        assertThat(thread.get(11)).hasValue(0xb00);
        assertThat(thread.get(ArmCortexM.PC)).hasValue(0x8e0);
        assertThat(thread.get(ArmCortexM.SP)).hasValue(PSP + 0x28 + 0x20);
    }

    @Test
    void aFrameThatSaysHandlerWhereTheTokenSaysThreadIsOverwritten() {
        assertThat(cross(0xffff_fffdL, frame(PSP, HANDLER)))
                .isEqualTo(new Step.End(
                        "the exception frame at 0x20001000 is overwritten: its xPSR 0x01000018 does not fit"
                                + " EXC_RETURN 0xfffffffd"));
    }

    @Test
    void aFrameThatWasNotCapturedEndsTheStack() {
        assertThat(cross(0xffff_fff9L, frame(PSP, THREAD)))
                .isEqualTo(new Step.End("the exception frame at 0x20002000 was not captured"));
    }

    private static final long[] FRAME = {0, 1, 2, 3, 0x12, 0x92d, 0x8e0};

    private static Registers interrupted(long token, Memory memory) {
        assertThat(cross(token, memory)).isInstanceOf(Step.Caller.class);
        return cross(token, memory) instanceof Step.Caller(var registers, var trust) && trust == Trust.EXCEPTION
                ? registers
                : Registers.none(ARM);
    }

    private static Step cross(long token, Memory memory) {
        var handler = Registers.of(ARM, Map.of(ArmCortexM.SP, MSP, 4, 0x44L));
        var special = new CortexMState(
                OptionalLong.of(MSP), OptionalLong.of(PSP), OptionalLong.empty(), OptionalLong.empty(), false);
        var space = new AddressSpace(ARM, memory, LoadedSymbols.open(List.of(), id -> Optional.empty()));
        return ExceptionCrossing.cross(new ExceptionReturn(token), handler, special, space);
    }

    private static Memory frame(long address, long xpsr) {
        var words = new long[8];
        System.arraycopy(FRAME, 0, words, 0, 7);
        words[7] = xpsr;
        return memory(address, words);
    }

    private static Memory memory(long address, long... words) {
        byte[] bytes = new byte[4 * words.length];
        var into = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            into.putInt((int) word);
        }
        return Memory.of(ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(address, MemorySegment.ofArray(bytes))));
    }
}
