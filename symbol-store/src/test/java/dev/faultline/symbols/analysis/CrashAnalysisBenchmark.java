package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One coredump becomes a report, the symbols opened before: parse, unwind, symbolicate, variables, threads out of RAM,
 * explanation. {@code freertos-m4f-large-null} has 64 KiB and 8 threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CrashAnalysisBenchmark {

    @Param({
        "kernels/freertos-m4f-large-null",
        "main-fw-1.2.0-rev-b-unknown-channel",
        "main-fw-1.2.0-rev-b-nested-groups",
        "main-fw-1.2.0-rev-b-radio-stuck",
        "main-fw-1.2.0-rev-b-flash-unpowered"
    })
    public String crash = "";

    private LocalSymbols symbols = LocalSymbols.of(List.of(), Limits.DEFAULT);
    private MemorySegment dump = MemorySegment.NULL;

    @Setup
    public void open() {
        var directory = Fixtures.ROOT.resolve(crash.startsWith("kernels/") ? "kernels" : ".");
        var name = Path.of(crash).getFileName().toString();
        var build = name.startsWith("main-fw") ? "main-fw-1.2.0-rev-b" : name.substring(0, name.lastIndexOf('-'));
        symbols = LocalSymbols.of(List.of(directory.resolve("elf/" + build + ".elf")), Limits.DEFAULT);
        dump = Fixtures.bytes(directory.resolve("coredumps/" + name + ".core"));
    }

    @TearDown
    public void close() {
        symbols.close();
    }

    @Benchmark
    public CrashReport report() {
        return CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE).getFirst();
    }
}
