package dev.faultline.symbols.analysis;

import java.util.Arrays;
import java.util.List;

/**
 * How long one coredump takes to become a report, the symbols opened before. Run {@link #main} with the module's directory
 * as working directory; it prints the median and the slowest twentieth of each situation.
 */
final class CrashAnalysisBenchmark {
    private static final int WARM_UP = 2_000;
    private static final int RUNS = 2_000;

    private CrashAnalysisBenchmark() {}

    public static void main(String[] arguments) {
        try (var symbols = Fixtures.symbols()) {
            for (var situation : List.of("unknown-channel", "nested-groups", "radio-stuck", "flash-unpowered")) {
                var dump = Fixtures.bytes(Fixtures.coredump("main-fw-1.2.0-rev-b-" + situation));
                long[] nanos = new long[RUNS];
                int frames = 0;
                for (int i = -WARM_UP; i < RUNS; i++) {
                    long start = System.nanoTime();
                    var report = CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE)
                            .getFirst();
                    nanos[Math.max(i, 0)] = System.nanoTime() - start;
                    frames = report.threads().getFirst().frames().size();
                }
                Arrays.sort(nanos);
                System.out.printf(
                        "%-16s %3d frames  median %6.0f µs  p95 %6.0f µs%n",
                        situation, frames, nanos[RUNS / 2] / 1e3, nanos[RUNS * 95 / 100] / 1e3);
            }
        }
    }
}
