package dev.faultline.fingerprint;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.store.SymbolSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From the dumps of {@code firmware-fixtures/corpus/corpus.sh} to the packed reports that {@link CorpusTest} measures.
 * {@code DUMPS ELVES ELVES-WITH-NAMES-ONLY OUTPUT}
 */
final class CorpusPacking {
    private CorpusPacking() {}

    public static void main(String[] arguments) throws IOException {
        Path dumps = Path.of(arguments[0]);
        List<Corpus.Crash> crashes = new ArrayList<>();
        try (var all = LocalSymbols.of(elves(Path.of(arguments[1])), Limits.DEFAULT);
                var names = LocalSymbols.of(elves(Path.of(arguments[2])), Limits.DEFAULT);
                var none = LocalSymbols.of(List.of(), Limits.DEFAULT)) {
            Map<String, SymbolSource> sources = Map.of("all", all, "names", names, "none", none);
            for (String line : Files.readAllLines(dumps.resolve("plan.tsv"))) {
                String[] truth = line.split("\t", -1);
                SymbolSource symbols = sources.get(truth[2]);
                if (symbols != null) { // not the heading
                    var dump = MemorySegment.ofArray(Files.readAllBytes(dumps.resolve(truth[0])));
                    crashes.add(new Corpus.Crash(
                            Integer.parseInt(truth[3]),
                            Integer.parseInt(truth[4]),
                            Integer.parseInt(truth[5]),
                            truth[6],
                            truth[7],
                            truth[2],
                            Integer.parseInt(truth[8]),
                            report(dump, symbols),
                            symbols.equals(none) ? report(dump, all) : null));
                }
            }
        }
        Corpus.write(Path.of(arguments[3]), crashes);
        System.out.printf("%d reports%n", crashes.size());
    }

    private static List<Path> elves(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".elf"))
                    .sorted()
                    .toList();
        }
    }

    /** Without what no fingerprint looks at. */
    private static CrashReport report(MemorySegment dump, SymbolSource symbols) {
        var report = CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE).getFirst();
        return new CrashReport(
                report.format(),
                report.architecture(),
                report.identity(),
                report.reason(),
                report.fault(),
                report.threads(),
                Map.of(),
                List.of(),
                report.modules(),
                report.missingSymbols(),
                report.warnings());
    }
}
