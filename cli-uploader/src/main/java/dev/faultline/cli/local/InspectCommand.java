package dev.faultline.cli.local;

import dev.faultline.cli.Colours;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.MappedFile;
import dev.faultline.cli.ReportJson;
import dev.faultline.cli.Terminal;
import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogBuffer;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The whole report of a coredump without a service. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Print the whole report of a coredump, without a service. Ends with 13 if symbols are missing.")
public final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--elf",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Debug files; the build id says which one is used. A stripped file and its debug file are"
                    + " one; files beside them are found.")
    private List<Path> debugFiles = List.of();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "The log of the device, as text; its lines and those in the coredump become one log.")
    private @Nullable Path log;

    @Option(
            names = "--log-buffer",
            paramLabel = "NAME[:HEAD[:SIZE]]",
            converter = LogBufferConverter.class,
            description = "A ring of text in memory, by its variable; HEAD says where the next byte goes, SIZE how many"
                    + " bytes the ring has. May be repeated.")
    private List<LogBuffer> logBuffers = List.of();

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    @Parameters(
            arity = "0..1",
            paramLabel = "COREDUMP",
            description = "As the device sent it, plain, packed (gzip, zstd, xz, lz4, bzip2) or in a zip archive.")
    private @Nullable Path coredump;

    public InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Path> files = new ArrayList<>(debugFiles);
        // `inspect --elf A.elf B.core`: the option took the coredump as well
        Path dump = coredump != null || files.size() < 2 ? coredump : files.removeLast();
        if (dump == null) {
            throw CommandFailure.usage("inspect wants a COREDUMP; see faultline inspect --help");
        }
        terminal.progress(files.isEmpty() ? "" : "reading symbols …");
        List<CrashReport> reports = reports(dump, files);
        terminal.progressDone();
        for (CrashReport report : reports) {
            if (json.wanted()) {
                terminal.out().println(ReportJson.json(report));
            } else {
                terminal.out().print(TextReport.of(report, Colours.on(terminal)));
            }
        }
        boolean complete =
                reports.stream().allMatch(report -> report.missingSymbols().isEmpty());
        return complete ? ExitCode.OK : ExitCode.SYMBOLS_MISSING;
    }

    private List<CrashReport> reports(Path coredump, List<Path> debugFiles) throws IOException {
        // the coredump first: a wrong name is said before minutes go into symbols
        try (var arena = Arena.ofConfined()) {
            MemorySegment bytes = MappedFile.of(coredump, arena);
            var logs = new LogSources(log == null ? null : MappedFile.of(log, arena), logBuffers);
            try (var symbols = LocalSymbols.of(debugFiles, debugDirectories.roots(), Limits.DEFAULT)) {
                var reports = CrashAnalysis.analyze(bytes, symbols, ClaimedIdentity.NONE, logs, Limits.DEFAULT);
                var builds = symbols.builds();
                boolean silent =
                        reports.stream().anyMatch(report -> report.identity().buildId() == null);
                if (!silent || builds.size() != 1) {
                    return reports;
                }
                // who names one build means it
                var claims = ClaimedIdentity.ofBuild(builds.getFirst().summary().buildId());
                return CrashAnalysis.analyze(bytes, symbols, claims, logs, Limits.DEFAULT);
            }
        }
    }

    private static final class LogBufferConverter implements ITypeConverter<LogBuffer> {
        @Override
        public LogBuffer convert(String text) {
            try {
                return LogBuffer.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
