package dev.faultline.symbols.rtos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kernel leaves of a thread that does not run, on RISC-V and AArch64: one word after another, as documented. */
class SavedContextTest {
    private static final long TOP = 0x8010_0200L;
    private static final long PC = 0x8000_0800L;
    private static final long RA = 0x8000_0900L;
    private static final long STATUS = 0x1880;
    private static final SavedMembers NO_TYPES = member -> OptionalLong.empty();

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void freeRtosOnRiscVKeepsMepcFirstAndMstatusLast(int word) {
        var context = words(new long[] {PC, RA}, numbers(5, 31), new long[] {0, STATUS});
        var registers =
                saved(new RiscV(word), context).ofFreeRtos(TOP, 0, none()).orElseThrow();

        assertRiscV(registers, PC, TOP + 31L * word);
        assertThat(registers.get(RiscV.RA)).hasValue(RA);
        assertThat(registers.get(10)).as("a0").hasValue(10);
    }

    @Test
    void freeRtosBefore10_3KeptNoNestingOfCriticalSections() {
        var context = words(new long[] {PC, RA}, numbers(5, 31), new long[] {STATUS, 0xa5a5_a5a5L});
        var registers = saved(new RiscV(4), context).ofFreeRtos(TOP, 0, none()).orElseThrow();

        assertRiscV(registers, PC, TOP + 30 * 4);
    }

    @Test
    void freeRtosOfEspIdfKeepsTheStackPointerAmongTheOthers() {
        var context = words(new long[] {PC, RA, TOP + 160, 3, 4}, numbers(5, 31), new long[] {STATUS, 0, 0, 0, 0});
        var registers = saved(new RiscV(4), context).ofFreeRtos(TOP, 0, none()).orElseThrow();

        assertRiscV(registers, PC, TOP + 160);
        assertThat(registers.get(4)).as("tp").hasValue(4);
    }

    @Test
    void threadXKeepsWhatACallKeepsWhereTheThreadAsked() {
        var context = words(new long[] {0}, descending(27, 18), new long[] {9, 8, RA, STATUS, 0});
        var registers = saved(new RiscV(4), context).ofThreadX(TOP).orElseThrow();

        assertRiscV(registers, RA, TOP + 16 * 4);
        assertThat(registers.has(10)).as("a0").isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void threadXKeepsAllWhereTheThreadWasInterrupted(int word) {
        var context = words(
                new long[] {1},
                descending(27, 18),
                new long[] {9, 8},
                descending(31, 28),
                new long[] {7, 6, 5},
                descending(17, 10),
                new long[] {RA, 0, PC, 0});
        var registers = saved(new RiscV(word), context).ofThreadX(TOP).orElseThrow();

        assertRiscV(registers, PC, TOP + 32L * word);
        assertThat(registers.get(5)).as("t0").hasValue(5);
        assertThat(registers.get(17)).as("a7").hasValue(17);
    }

    @Test
    void threadXWithFloatingPointRegistersHasAnotherSizeAndIsNotGuessed() {
        var context = words(new long[] {0}, descending(27, 18), new long[] {9, 8, RA, STATUS | 0x6000, 0});

        assertThat(saved(new RiscV(4), context).ofThreadX(TOP)).isEmpty();
    }

    @Test
    void zephyrOnRiscVKeepsRaAndTheCalleeSavedBehindTheStackPointer() {
        var context = words(new long[] {0x8010_0300L, RA, 8, 9}, numbers(18, 27));
        var registers =
                saved(new RiscV(4), context).ofZephyr(TOP, NO_TYPES, false).orElseThrow();

        assertRiscV(registers, RA, 0x8010_0300L);
    }

    @Test
    void whereTypesSayItZephyrsRegistersMayBeInAnyOrder() {
        var context = words(numbers(18, 27), new long[] {9, 8, RA, 0x8010_0300L});
        var members = Map.of("ra", 12, "s0", 11, "s1", 10);
        SavedMembers types = member -> members.containsKey(member)
                ? OptionalLong.of(TOP + 4L * members.get(member))
                : member.matches("s[0-9]+")
                        ? OptionalLong.of(TOP + 4L * (Integer.parseInt(member.substring(1)) - 2))
                        : OptionalLong.empty();
        var registers = saved(new RiscV(4), context)
                .ofZephyr(TOP + 13 * 4, types, false)
                .orElseThrow();

        assertRiscV(registers, RA, 0x8010_0300L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void freeRtosOnAArch64KeepsFloatsOnlyWhereTheTaskUsesThem(int floats) {
        var context = words(new long[] {floats, 0}, new long[64 * floats], new long[] {PC, 0x4, RA, 0}, new long[] {
            28, 29, 26, 27, 24, 25, 22, 23, 20, 21, 18, 19, 16, 17, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1
        });
        var registers = saved(new AArch64(), context).ofFreeRtos(TOP, 0, none()).orElseThrow();

        assertThat(registers.get(AArch64.PC)).hasValue(PC);
        assertThat(registers.get(AArch64.LR)).hasValue(RA);
        assertThat(registers.get(AArch64.SP)).hasValue(TOP + 8L * context.length);
        for (int register = 0; register < 30; register++) {
            assertThat(registers.get(register)).as("x%d", register).hasValue(register);
        }
    }

    @Test
    void zephyrOnAArch64KeepsTheStackPointerBehindTheCalleeSaved() {
        var context = words(numbers(19, 29), new long[] {0, 0x8010_0400L, RA});
        var registers = saved(new AArch64(), context)
                .ofZephyr(TOP + 12 * 8, NO_TYPES, false)
                .orElseThrow();

        assertThat(registers.get(AArch64.PC)).hasValue(RA);
        assertThat(registers.get(AArch64.SP)).hasValue(0x8010_0400L);
        for (int register = 19; register < 30; register++) {
            assertThat(registers.get(register)).as("x%d", register).hasValue(register);
        }
    }

    @Test
    void aContextThatWasWrittenOverIsNone() {
        var written = new long[40];
        Arrays.fill(written, 0x1111_1111_1111_1111L);
        var code = new RiscV(4);

        assertThat(saved(code, written).ofFreeRtos(TOP, 0, none())).isEmpty();
        assertThat(saved(code, written).ofThreadX(TOP)).isEmpty();
        assertThat(saved(code).ofFreeRtos(TOP, 0, none())).isEmpty();
        assertThat(saved(code).ofThreadX(TOP)).isEmpty();
        assertThat(saved(code).ofZephyr(TOP, NO_TYPES, false)).isEmpty();
        assertThat(saved(new AArch64()).ofFreeRtos(TOP, 0, none())).isEmpty();
        assertThat(saved(new AArch64()).ofZephyr(TOP, NO_TYPES, false)).isEmpty();
    }

    @Test
    void ofOtherProcessorsNoneIsKnown() {
        assertThat(SavedContext.isKnown(new X86_64())).isFalse();
        assertThat(saved(new X86_64(), new long[40]).ofFreeRtos(TOP, 0, none())).isEmpty();
    }

    @Property
    void anyWordsGiveRegistersOrNone(
            @ForAll long[] context, @ForAll @IntRange(min = 0, max = 2) int kernel, @ForAll boolean riscV) {
        Architecture architecture = riscV ? new RiscV(8) : new AArch64();
        var saved = saved(architecture, context);
        var registers = switch (kernel) {
            case 0 -> saved.ofFreeRtos(TOP, 0, none());
            case 1 -> saved.ofThreadX(TOP);
            default -> saved.ofZephyr(TOP, NO_TYPES, false);
        };

        assertThat(registers.map(found -> found.has(architecture.stackPointer())))
                .isIn(Optional.of(true), Optional.empty());
    }

    private static void assertRiscV(Registers registers, long pc, long stackPointer) {
        assertThat(registers.get(RiscV.PC)).hasValue(pc);
        assertThat(registers.get(RiscV.SP)).hasValue(stackPointer);
        for (int register : new int[] {8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27}) {
            assertThat(registers.get(register)).as("x%d", register).hasValue(register);
        }
    }

    private static AddressRange none() {
        return new AddressRange(0, 1);
    }

    private static long[] numbers(int from, int to) {
        return LongStream.rangeClosed(from, to).toArray();
    }

    private static long[] descending(int from, int to) {
        return LongStream.rangeClosed(to, from)
                .map(number -> from + to - number)
                .toArray();
    }

    private static long[] words(long[]... parts) {
        return Arrays.stream(parts).flatMapToLong(Arrays::stream).toArray();
    }

    private static SavedContext saved(Architecture architecture, long... context) {
        int word = architecture.wordBytes();
        var bytes = ByteBuffer.allocate(context.length * word).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : context) {
            if (word == 8) {
                bytes.putLong(value);
            } else {
                bytes.putInt((int) value);
            }
        }
        var memory = Memory.of(
                ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(TOP, MemorySegment.ofArray(bytes.array()))));
        try (var symbols = LoadedSymbols.open(List.of(new LoadedImage("app", null, 0)), id -> Optional.empty())) {
            return new SavedContext(new AddressSpace(architecture, memory, symbols));
        }
    }
}
