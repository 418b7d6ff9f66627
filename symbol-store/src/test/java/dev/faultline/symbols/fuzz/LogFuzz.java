package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A log beside a coredump, text or Zephyr's dictionary log, all the way into the report: {@code -Dfaultline.fuzz.coredump} and
 * {@code -Dfaultline.fuzz.symbols}.
 */
public final class LogFuzz {
    private static final LocalSymbols SYMBOLS =
            LocalSymbols.of(List.of(Path.of(System.getProperty("faultline.fuzz.symbols"))), Limits.DEFAULT);

    private static final MemorySegment COREDUMP = coredump(Path.of(System.getProperty("faultline.fuzz.coredump")));

    private LogFuzz() {}

    private static MemorySegment coredump(Path file) {
        try {
            return MemorySegment.ofArray(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        var logs = new LogSources(MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length)), List.of());
        for (var report : CrashAnalysis.analyze(COREDUMP, SYMBOLS, ClaimedIdentity.NONE, logs, Limits.DEFAULT)) {
            TextReport.of(report);
        }
    }
}
