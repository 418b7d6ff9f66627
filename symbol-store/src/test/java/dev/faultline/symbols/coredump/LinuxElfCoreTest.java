package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cores that {@link ElfCoreWriter} writes, whole and damaged, as the format of Linux reads them. */
class LinuxElfCoreTest {

    static List<Architecture> architectures() {
        return List.of(new Arm32(), new AArch64(), new RiscV(4), new RiscV(8), new X86_64(), new X86());
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void registersMemoryAndSignalComeBackAsTheyWereWritten(Architecture architecture) {
        var written = coredump(architecture);
        var read = read(ElfCoreWriter.write(written));

        assertThat(read.format()).isEqualTo("linux-core");
        assertThat(read.architecture().label()).isEqualTo(architecture.label());
        assertThat(read.threads()).extracting(DumpThread::id).containsExactly(7L, 6L);
        assertThat(read.threads()).extracting(DumpThread::crashed).containsExactly(true, false);
        var registers = read.threads().getFirst().registers();
        assertThat(registers.get(architecture.stackPointer())).hasValue(0x1000);
        assertThat(registers.get(architecture.programCounter())).hasValue(0x2000);
        assertThat(read.memory().unsigned(0x1000, 4)).hasValue(0x0403_0201);
        assertThat(read.memory().has(0x1004)).isFalse();
        assertThat(read.fault()).isEqualTo(new FaultState.Signal(11, OptionalLong.empty(), OptionalLong.empty()));
        assertThat(read.warnings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aCoreThatWasCutOffSaysAfterWhichByte(Architecture architecture) {
        byte[] whole = ElfCoreWriter.write(coredump(architecture)).toArray(ValueLayout.JAVA_BYTE);
        int size = whole.length - 2;

        var read = read(MemorySegment.ofArray(Arrays.copyOf(whole, size)));

        assertThat(read.threads()).hasSize(2);
        assertThat(read.memory().has(0x1001)).isTrue();
        assertThat(read.memory().has(0x1002)).isFalse();
        assertThat(read.warnings())
                .containsExactly("Damaged after byte %d: 2 of 4 bytes of memory are missing".formatted(size));
    }

    @Property
    void anyDamageGivesACoredumpOrAFormatException(
            @ForAll @IntRange(max = 5) int architecture,
            @ForAll int place,
            @ForAll byte value,
            @ForAll @IntRange(max = 2000) int cut) {
        byte[] core =
                ElfCoreWriter.write(coredump(architectures().get(architecture))).toArray(ValueLayout.JAVA_BYTE);
        core[Math.floorMod(place, core.length)] = value;

        var thrown =
                catchThrowable(() -> read(MemorySegment.ofArray(Arrays.copyOf(core, Math.max(0, core.length - cut)))));
        assertThat(thrown == null || thrown instanceof FormatException)
                .as(String.valueOf(thrown))
                .isTrue();
    }

    private static Coredump coredump(Architecture architecture) {
        var registers = Registers.none(architecture)
                .with(architecture.stackPointer(), 0x1000)
                .with(architecture.programCounter(), 0x2000);
        var memory = Memory.of(
                ByteOrder.LITTLE_ENDIAN,
                List.of(new Memory.Region(0x1000, MemorySegment.ofArray(new byte[] {1, 2, 3, 4}))));
        return new Coredump(
                "test",
                new DumpIdentity(null, null, null, null, null, null, null, null),
                architecture,
                memory,
                List.of(
                        new DumpThread(6, null, false, registers, null),
                        new DumpThread(7, null, true, registers, null)),
                new FaultState.Signal(11, OptionalLong.empty(), OptionalLong.empty()),
                List.of(),
                List.of(),
                List.of());
    }

    private static Coredump read(MemorySegment bytes) {
        return CoredumpFormat.read(bytes, Limits.DEFAULT).getFirst();
    }
}
