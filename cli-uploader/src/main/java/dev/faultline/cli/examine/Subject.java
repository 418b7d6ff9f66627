package dev.faultline.cli.examine;

import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.MappedFile;
import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.analysis.CrashExamination;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which coredump is examined, and with which symbols. */
final class Subject {
    @Parameters(
            index = "0",
            paramLabel = "COREDUMP",
            description = "As the device sent it, plain, packed (gzip, zstd, xz, lz4, bzip2) or in a zip archive.")
    private @Nullable Path coredump;

    @Option(
            names = "--elf",
            paramLabel = "FILE",
            description = "Debug file (repeatable); the build id says which one is used.")
    private List<Path> debugFiles = List.of();

    @Option(
            names = "--number",
            paramLabel = "N",
            defaultValue = "1",
            description = "Which coredump of the upload, from 1 on.")
    private int number = 1;

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    interface Question<T> {
        T ask(CrashExamination examination);
    }

    /** The answer, with everything that was open for it closed. */
    <T> T examine(Question<T> question) throws IOException {
        return read((dump, symbols, claims) -> {
            try (var open = CrashAnalysis.examine(dump, number, symbols, claims, Limits.DEFAULT)) {
                return question.ask(open);
            }
        });
    }

    /** The coredump for gdb. */
    byte[] elfCore() throws IOException {
        return read((dump, symbols, claims) -> CrashAnalysis.elfCore(dump, number, symbols, claims, Limits.DEFAULT)
                .toArray(ValueLayout.JAVA_BYTE));
    }

    private interface Reading<T> {
        T of(MemorySegment dump, LocalSymbols symbols, ClaimedIdentity claims);
    }

    private <T> T read(Reading<T> reading) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var dump = MappedFile.of(Objects.requireNonNull(coredump), arena);
            try (var symbols = LocalSymbols.of(debugFiles, debugDirectories.roots(), Limits.DEFAULT)) {
                var builds = symbols.builds();
                // who names one build means it, where the coredump does not say which one crashed
                var claims = builds.size() == 1
                        ? ClaimedIdentity.ofBuild(builds.getFirst().summary().buildId())
                        : ClaimedIdentity.NONE;
                return reading.of(dump, symbols, claims);
            }
        }
    }
}
