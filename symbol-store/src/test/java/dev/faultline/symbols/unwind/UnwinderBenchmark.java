package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.store.LocalSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Frames of a stack as deep as one is walked: three functions in turns, by call frame information or exception table. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class UnwinderBenchmark {
    private static final ArmCortexM ARM = new ArmCortexM();
    private static final long STACK = 0x2000_0000L;
    private static final int TURNS = 20_000;

    /** `fill` with its 4 words, `large` with 178, `program` with 8. */
    private static final int TURN_BYTES = 4 * (4 + 178 + 8);

    private final Walk callFrames = new Walk("exceptions-m7-os");
    private final Walk exceptionTable = new Walk("exceptions-m7-os-nodebug");

    @TearDown
    public void close() {
        callFrames.close();
        exceptionTable.close();
    }

    @Benchmark
    @OperationsPerInvocation(3 * TURNS)
    public Stack byCallFrameInformation() {
        return callFrames.walk();
    }

    @Benchmark
    @OperationsPerInvocation(3 * TURNS)
    public Stack byExceptionTable() {
        return exceptionTable.walk();
    }

    /** The stack, and the symbols of one ELF file. */
    private static final class Walk {
        private final LocalSymbols symbols;
        private final LoadedSymbols loaded;
        private final Unwinder unwinder;
        private final DumpThread thread = new DumpThread(
                1, null, true, Registers.of(ARM, Map.of(13, STACK, 15, 0x0800_0112L, 14, 0x0800_0113L)), null);

        Walk(String elf) {
            symbols = LocalSymbols.of(
                    List.of(Path.of("../firmware-fixtures/symbols/elf/" + elf + ".elf")), Limits.DEFAULT);
            loaded = LoadedSymbols.open(
                    List.of(new LoadedImage(
                            "app", symbols.builds().getFirst().summary().buildId(), 0)),
                    symbols);
            var special = new CortexMState(
                    OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), false);
            unwinder = new Unwinder(new AddressSpace(ARM, memory(), loaded), special, Limits.DEFAULT);
        }

        private static Memory memory() {
            var bytes = ByteBuffer.allocate(TURNS * TURN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int turn = 0; turn < TURNS; turn++) {
                int at = turn * TURN_BYTES;
                bytes.putInt(at + 4 * 3, 0x0800_012d); // fill returns into large
                bytes.putInt(at + 4 * (4 + 177), 0x0800_02c1); // large into program
                bytes.putInt(at + TURN_BYTES - 4, 0x0800_0113); // program into fill
            }
            return Memory.of(
                    ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(STACK, MemorySegment.ofArray(bytes.array()))));
        }

        Stack walk() {
            return unwinder.unwind(thread);
        }

        void close() {
            loaded.close();
            symbols.close();
        }
    }
}
