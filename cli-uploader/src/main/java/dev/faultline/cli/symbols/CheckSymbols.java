package dev.faultline.cli.symbols;

import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What debug files are good for, before anybody needs them. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Say what debug files are good for, without a service: what of the code has source lines and can be"
                        + " unwound, and what would make it better.",
        footer = {
            "",
            "Ends with 13 if a file can not symbolicate, with --strict also if there is any advice, with 1 if a",
            "file is broken."
        })
final class CheckSymbols implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    @Option(names = "--strict", description = "Any advice counts as a failure.")
    private boolean strict;

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    CheckSymbols(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws NoSuchFileException {
        int exitCode = ExitCode.OK;
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
        for (Path file : files) {
            terminal.progress("reading " + file + " …");
            int one = check(file);
            exitCode = exitCode == ExitCode.REFUSED || one == ExitCode.OK ? exitCode : one;
            terminal.out().flush();
        }
        return exitCode;
    }

    private int check(Path file) {
        try (var symbols = LocalSymbols.of(List.of(file), debugDirectories.roots(), Limits.DEFAULT)) {
            var build = symbols.builds().getFirst();
            terminal.progressDone();
            if (json.wanted()) {
                terminal.out().println(DebugFileJson.of(file, build).text());
            } else {
                print(file, build);
            }
            boolean usable = build.summary().state() == IndexSummary.State.USABLE;
            boolean advice = !build.summary().advice().isEmpty();
            return usable && !(strict && advice) ? ExitCode.OK : ExitCode.SYMBOLS_MISSING;
        } catch (FormatException broken) {
            // the files behind it are still worth looking at
            terminal.progressDone();
            terminal.err().println("faultline: " + Text.lines(String.valueOf(broken.getMessage())));
            return ExitCode.REFUSED;
        }
    }

    private void print(Path file, LocalSymbols.Build build) {
        IndexSummary summary = build.summary();
        terminal.out().printf("%s: %s%n", file, summary.state().label());
        line("build id", summary.buildId() + (summary.linkerBuildId() ? "" : " (the file's SHA-256)"));
        line("contents", summary.architecture() + ", " + dwarf(summary) + flags(summary));
        line("functions", functions(summary));
        line(
                "coverage",
                "source lines %s, unwinding %s of the code of functions; %,d bytes of code"
                        .formatted(
                                percent(summary.lineCoverage()),
                                percent(summary.unwindCoverage()),
                                summary.textBytes()));
        lines("compiler", summary.producers());
        lines("found", build.companions().stream().map(Path::toString).toList());
        lines("not used", build.remarks());
        lines("left out", summary.diagnostics());
        line(summary.state() == IndexSummary.State.USABLE ? "advice" : "missing", advice(summary));
    }

    private static String advice(IndexSummary summary) {
        return summary.advice().isEmpty() ? "none: nothing is missing" : summary.advice();
    }

    private static String functions(IndexSummary summary) {
        if (summary.functions() == 0) {
            return "none";
        }
        return "%,d, %s; %,d inlined calls"
                .formatted(
                        summary.functions(),
                        summary.functionsWithoutDebugInfo() == 0
                                ? "all with debug information"
                                : "%,d without debug information".formatted(summary.functionsWithoutDebugInfo()),
                        summary.inlinedCalls());
    }

    private static String dwarf(IndexSummary summary) {
        return summary.dwarfVersions().isEmpty()
                ? "no debug information"
                : summary.dwarfVersions().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" and ", "DWARF ", ""));
    }

    private static String flags(IndexSummary summary) {
        return (summary.stripped() ? ", stripped" : "") + (summary.linkTimeOptimized() ? ", link-time optimized" : "");
    }

    /** Rounded down: 100 % is all of it. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
    }

    private void line(String name, String text) {
        PrintWriter out = terminal.out();
        out.printf("  %-10s %s%n", name, Text.onOneLine(text));
    }

    private void lines(String name, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            line(i == 0 ? name : "", texts.get(i));
        }
    }
}
