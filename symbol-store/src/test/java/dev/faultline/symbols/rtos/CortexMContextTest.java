package dev.faultline.symbols.rtos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What each port of a kernel leaves on the stack of a thread that does not run: one word after another, as documented. */
class CortexMContextTest {
    private static final long TOP = 0x2000_0200L;
    private static final long STACK_START = 0x2000_0000L;
    private static final AddressRange CONTROL_BLOCK = new AddressRange(0x2000_8000L, 0x2000_8100L);
    private static final long CPUID = 0xe000_ed00L;
    private static final long CORTEX_M0 = 0x410c_c200L;

    private static final long BASIC = 0xffff_fffdL;
    private static final long WITH_FLOATS = 0xffff_ffedL;
    private static final long BASIC_NOT_SECURE = 0xffff_ffbcL;

    private static final long[] R4_TO_R11 = {0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb};
    private static final long[] R4_TO_R7 = {0x44, 0x55, 0x66, 0x77};
    private static final long[] R8_TO_R11 = {0x88, 0x99, 0xaa, 0xbb};
    private static final long[] S16_TO_S31 = LongStream.rangeClosed(0x10, 0x1f).toArray();
    private static final long[] S0_TO_S15_FPSCR_RESERVED =
            LongStream.rangeClosed(0, 0x11).toArray();

    /** r0 r1 r2 r3 r12 lr pc xPSR, as the processor pushes them. */
    private static final long[] FRAME = {0x10, 0x11, 0x12, 0x13, 0x1c, 0x901, 0x800, 0x0100_0000};

    /** The same, with the word between it and the thread's stack that aligns it. */
    private static final long[] ALIGNED_FRAME = {0x10, 0x11, 0x12, 0x13, 0x1c, 0x901, 0x800, 0x0100_0200};

    @Test
    void freeRtosOnCortexM3KeepsNoExceptionReturn() {
        assertContext(freeRtos(words(R4_TO_R11, FRAME)), 0x40);
    }

    @Test
    void aFrameThatWasAlignedHasAWordBehindIt() {
        assertContext(freeRtos(words(R4_TO_R11, ALIGNED_FRAME)), 0x44);
    }

    @Test
    void freeRtosOnCortexM4FKeepsItBehindTheRegisters() {
        assertContext(freeRtos(words(R4_TO_R11, one(BASIC), FRAME)), 0x44);
    }

    @Test
    void freeRtosOnCortexM4FHasUpperFloatsOnlyWhereTheThreadUsedThem() {
        assertContext(
                freeRtos(words(R4_TO_R11, one(WITH_FLOATS), S16_TO_S31, FRAME, S0_TO_S15_FPSCR_RESERVED)),
                0x24 + 0x40 + 0x68);
    }

    @Test
    void theFloatsOfAThreadThatUsedThemAreThere() {
        assertFloats(freeRtos(words(R4_TO_R11, one(WITH_FLOATS), S16_TO_S31, FRAME, S0_TO_S15_FPSCR_RESERVED)));
        assertFloats(threadX(words(one(WITH_FLOATS), S16_TO_S31, R4_TO_R11, FRAME, S0_TO_S15_FPSCR_RESERVED)));
        assertFloats(freeRtos(
                words(new long[] {STACK_START, WITH_FLOATS}, R4_TO_R11, S16_TO_S31, FRAME, S0_TO_S15_FPSCR_RESERVED)));
    }

    /** s7 is 7, and so on. */
    private static void assertFloats(Optional<Registers> registers) {
        for (int number = 0; number < 32; number++) {
            var register = new ArmCortexM().floats().register("s", number);
            assertThat(registers.orElseThrow().bytes(register, 4)).hasValue(new byte[] {(byte) number, 0, 0, 0});
        }
    }

    @Test
    void ofAThreadThatUsedNoneNothingIsKnown() {
        var s0 = new ArmCortexM().floats().register("s", 0);

        assertThat(freeRtos(words(R4_TO_R11, one(BASIC), FRAME)).orElseThrow().bytes(s0, 4))
                .isEmpty();
    }

    @Test
    void freeRtosOnCortexM0KeepsItFirst() {
        assertContext(freeRtos(words(one(BASIC), R4_TO_R11, FRAME)), 0x44);
    }

    @Test
    void freeRtosOnCortexM33KeepsTheStackLimitFirst() {
        assertContext(freeRtos(words(one(STACK_START), one(BASIC_NOT_SECURE), R4_TO_R11, FRAME)), 0x48);
    }

    @Test
    void freeRtosOnCortexM33ThatIsAllSecureKeepsTheSame() {
        assertContext(freeRtos(words(one(STACK_START), one(BASIC), R4_TO_R11, FRAME)), 0x48);
    }

    @Test
    void freeRtosWithPointerAuthenticationKeepsTheKeysFirst() {
        assertContext(freeRtos(words(new long[4], one(STACK_START), one(BASIC_NOT_SECURE), R4_TO_R11, FRAME)), 0x58);
    }

    @Test
    void freeRtosWithTrustZoneKeepsTheSecureContextFirst() {
        assertContext(freeRtos(words(one(7), one(STACK_START), one(BASIC_NOT_SECURE), R4_TO_R11, FRAME)), 0x4c);
    }

    @Test
    void whatTheSecureSideKeepsIsNotKnown() {
        var registers =
                freeRtos(words(one(7), one(STACK_START), one(BASIC), FRAME)).orElseThrow();

        assertThat(registers.get(ArmCortexM.PC)).hasValue(0x800);
        assertThat(registers.get(ArmCortexM.SP)).hasValue(TOP + 0x2c);
        assertThat(registers.has(4)).isFalse();
    }

    @Test
    void freeRtosWithMpuKeepsTheContextInItsControlBlock() {
        long[] saved = words(R4_TO_R11, FRAME, one(0x2000_0180L), one(3), one(BASIC));
        long end = CONTROL_BLOCK.start() + 4 + 4L * saved.length;
        var registers = in(memory(CONTROL_BLOCK.start() + 4, saved))
                .ofFreeRtos(end, STACK_START, CONTROL_BLOCK)
                .orElseThrow();

        assertRegisters(registers, 0x2000_0180L + 0x20);
    }

    @Test
    void freeRtosWithMpuOnArmV8KeepsTheStackLimitAsWell() {
        long[] saved = words(R4_TO_R11, FRAME, one(0x2000_0180L), one(STACK_START), one(3), one(BASIC_NOT_SECURE));
        long end = CONTROL_BLOCK.start() + 4 + 4L * saved.length;
        var registers = in(memory(CONTROL_BLOCK.start() + 4, saved))
                .ofFreeRtos(end, STACK_START, CONTROL_BLOCK)
                .orElseThrow();

        assertRegisters(registers, 0x2000_0180L + 0x20);
    }

    @Test
    void threadXKeepsExceptionReturnFirstAndFloatsBelowTheRegisters() {
        assertContext(threadX(words(one(BASIC), R4_TO_R11, FRAME)), 0x44);
        assertContext(
                threadX(words(one(WITH_FLOATS), S16_TO_S31, R4_TO_R11, FRAME, S0_TO_S15_FPSCR_RESERVED)),
                4 + 0x40 + 0x20 + 0x68);
    }

    @Test
    void threadXOfBeforeKeepsNone() {
        assertContext(threadX(words(R4_TO_R11, FRAME)), 0x40);
    }

    @Test
    void threadXOnASmallCoreKeepsTheUpperRegistersFirst() {
        var context = in(memory(TOP, words(one(BASIC), R8_TO_R11, R4_TO_R7, FRAME)), memory(CPUID, one(CORTEX_M0)));

        assertContext(context.ofThreadX(TOP), 0x44);
    }

    @Test
    void aContextThatWasWrittenOverIsNone() {
        long[] noThumb = {0x10, 0x11, 0x12, 0x13, 0x1c, 0x901, 0x800, 0};
        long[] noCode = {0x10, 0x11, 0x12, 0x13, 0x1c, 0x901, 0xa5a5_a5a4L, 0x0100_0000};

        assertThat(freeRtos(words(R4_TO_R11, noThumb))).isEmpty();
        assertThat(freeRtos(words(R4_TO_R11, noCode))).isEmpty();
        assertThat(freeRtos(R4_TO_R11)).as("its frame was not captured").isEmpty();
    }

    private static Optional<Registers> freeRtos(long[] saved) {
        return in(memory(TOP, saved)).ofFreeRtos(TOP, STACK_START, CONTROL_BLOCK);
    }

    private static Optional<Registers> threadX(long[] saved) {
        return in(memory(TOP, saved)).ofThreadX(TOP);
    }

    private static void assertContext(Optional<Registers> registers, long aboveTop) {
        assertThat(registers).isPresent();
        assertRegisters(registers.orElseThrow(), TOP + aboveTop);
    }

    private static void assertRegisters(Registers registers, long stackPointer) {
        long[] values = {
            0x10, 0x11, 0x12, 0x13, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0x1c, stackPointer, 0x901, 0x800
        };
        for (int register = 0; register < values.length; register++) {
            assertThat(registers.get(register)).as("r%d", register).hasValue(values[register]);
        }
    }

    private static long[] one(long word) {
        return new long[] {word};
    }

    private static long[] words(long[]... parts) {
        var all = LongStream.empty();
        for (long[] part : parts) {
            all = LongStream.concat(all, LongStream.of(part));
        }
        return all.toArray();
    }

    private static Memory.Region memory(long address, long... words) {
        var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            bytes.putInt((int) word);
        }
        return new Memory.Region(address, MemorySegment.ofArray(bytes.array()));
    }

    /** Memory beside an image without symbols, so that any address of flash may be code. */
    private static CortexMContext in(Memory.Region... regions) {
        var architecture = new ArmCortexM();
        var memory = Memory.of(architecture.byteOrder(), new ArrayList<>(List.of(regions)));
        try (var symbols = LoadedSymbols.open(List.of(new LoadedImage("app", null, 0)), id -> Optional.empty())) {
            return new CortexMContext(new AddressSpace(architecture, memory, symbols));
        }
    }
}
