package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogBuffer;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A coredump of any format, all the way to its report and back to an ELF core, with the symbols of the build that it is of:
 * {@code -Dfaultline.fuzz.symbols}, several separated by colons.
 */
public final class CoredumpFuzz {
    private static final LocalSymbols SYMBOLS = LocalSymbols.of(
            Stream.of(System.getProperty("faultline.fuzz.symbols").split(":"))
                    .map(Path::of)
                    .toList(),
            Limits.DEFAULT);

    private static final ClaimedIdentity CLAIMS =
            ClaimedIdentity.ofBuild(SYMBOLS.builds().getFirst().summary().buildId());

    /** The buffer that the firmware under {@code firmware-fixtures/logs} has. */
    private static final LogSources LOGS = new LogSources(null, List.of(LogBuffer.parse("console:console_head")));

    private CoredumpFuzz() {}

    /** Loads what the coredump of {@code -Dfaultline.fuzz.coredump} needs, so that no input's time is that of loading classes. */
    public static void fuzzerInitialize() throws IOException {
        fuzzerTestOneInput(Files.readAllBytes(Path.of(System.getProperty("faultline.fuzz.coredump"))));
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        var dump = MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length));
        try {
            for (var report : CrashAnalysis.analyze(dump, SYMBOLS, CLAIMS, LOGS, Limits.DEFAULT)) {
                TextReport.of(report);
            }
            CrashAnalysis.elfCore(dump, 1, SYMBOLS, CLAIMS, Limits.DEFAULT);
        } catch (FormatException refused) {
            return;
        }
    }
}
