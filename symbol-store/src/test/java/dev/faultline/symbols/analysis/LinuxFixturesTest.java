package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cores of one Linux program for several processors, each crashed in five ways, against gdb and against whole reports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinuxFixturesTest {
    private static final Path FOLDER = Fixtures.ROOT.resolve("linux");

    /** A stack overflow has more frames than gdb was asked for, and than a report keeps. */
    private static final int MOST_COMPARED = 100;

    /** Of several rows at one address gdb takes the last that is a statement; we, as addr2line, the last. */
    private static final Map<String, String> OUR_LINES = Map.of("10620 fold parts.c:37", "10620 fold parts.c:35");

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(Fixtures.files("linux/elf", ".*"), Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<String> cores() {
        return Fixtures.files("linux/coredumps", ".*").stream()
                .map(path -> path.getFileName().toString().replace(".core.xz", ""))
                .toList();
    }

    static List<String> coresThatGdbReads() {
        return cores().stream()
                .filter(core -> Files.exists(FOLDER.resolve("expected/" + core + ".tsv")))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coresThatGdbReads")
    void everyThreadsStackIsGdbsAndMayGoOnWhereGdbStops(String core) {
        var report = analyze(core);
        var expected = ExpectedStacks.in(FOLDER.resolve("expected/" + core + ".tsv"));

        assertThat(report.threads())
                .extracting(thread -> String.valueOf(thread.id()))
                .hasSameElementsAs(expected.keySet());
        for (var thread : report.threads()) {
            var rows = known(Objects.requireNonNull(expected.get(String.valueOf(thread.id()))));
            var lines = new StackLines(function -> name(core, function));
            assertThat(thread.frames().stream()
                            .filter(frame -> !frame.trust().equals("signal-trampoline"))
                            .map(lines::line)
                            .limit(rows.size()))
                    .as("thread %d, which ends: %s", thread.id(), thread.stop())
                    .isEqualTo(rows.stream()
                            .map(lines::line)
                            .map(line -> OUR_LINES.getOrDefault(line, line))
                            .toList());
        }
    }

    /** Frames up to the first that gdb has no name for, which may be the innermost one: code that jumped to nowhere. */
    private static List<ExpectedStacks.Row> known(List<ExpectedStacks.Row> rows) {
        int end = 1;
        while (end < rows.size()
                && end < MOST_COMPARED
                && !rows.get(end).function().isEmpty()) {
            end++;
        }
        return rows.subList(0, end);
    }

    /** Of several names of one function of the C library, such as {@code pause} and {@code __libc_pause}, always the same. */
    private String name(String core, String function) {
        try (var module = symbols.open(build(core)).orElseThrow()) {
            var index = module.index();
            return index.function(function)
                    .flatMap(found -> index.function(found.address()))
                    .map(found -> found.name())
                    .orElse(function);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"gateway-arm", "gateway-aarch64", "gateway-riscv64", "gateway-x86-64", "gateway-i386"})
    void aSignalHandlersStackGoesOnInTheCodeThatItInterrupted(String program) {
        var crashed = analyze(program + "-handler").threads().getFirst();

        assertThat(crashed.frames())
                .filteredOn(frame -> frame.file() != null)
                .extracting(FrameReport::function)
                .filteredOn(function -> !function.equals("on_alarm")) // i386 calls out of it, the others jump
                .containsExactly("watchdog_bark", "busy_until_alarm", "main");
        assertThat(crashed.frames())
                .extracting(FrameReport::trust)
                .containsSubsequence("signal-trampoline", "exception");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway-x86-64-null | null-deref | Access to address 0x0000000000000000 through a null pointer in `average`",
                "gateway-x86-64-jump | bad-jump | Jump to 0x000000006b6f6f6b, where no code may run, through a bad function"
                        + " pointer or return address in `deliver`",
                "gateway-arm-jump | bad-jump | Jump to 0x6b6f6f6a, where there is no code, through a bad function pointer or"
                        + " return address in `deliver`",
                "gateway-aarch64-jump | bad-jump | Jump to 0x000000006b6f6f6b, where there is no code, through a bad function"
                        + " pointer or return address in `deliver`",
                "gateway-riscv64-null | null-deref | Access to address 0x0000000000000000 through a null pointer in"
                        + " `calibrated`",
                "gateway-riscv64-jump | bad-jump | Jump to 0x000000006b6f6f6a, where no code may run, through a bad function"
                        + " pointer or return address in `deliver`",
                "gateway-i386-null | null-deref | Access to address 0x00000000 through a null pointer in `calibrated`",
                "gateway-i386-jump | bad-jump | Jump to 0x6b6f6f6b, where no code may run, through a bad function pointer or"
                        + " return address in `deliver`",
                "gateway-i386-assert | assert | Assertion `told <= size - 2 && \"the frame is cut\"` failed in"
                        + " `payload_size` (parts.c:49)",
                "gateway-x86-64-overflow | stack-overflow | Stack overflow of thread 8068 after 118 rounds of `fold`: the access"
                        + " to 0x00007f71cd3b1f56 is below its stack, which begins at 0x00007f71cd3b2000",
                "gateway-aarch64-overflow | stack-overflow | Stack overflow of thread 7986 after 253 rounds of `fold`: the stack"
                        + " pointer 0x0000005501021e20 is below its stack, which begins at 0x0000005501022000",
                "gateway-x86-64-assert | assert | Assertion `told <= size - 2 && \"the frame is cut\"` failed in"
                        + " `payload_size` (parts.c:49)",
                "gateway-arm-assert | assert | Assertion `told <= size - 2 && \"the frame is cut\"` failed in"
                        + " `payload_size` (parts.c:49)",
                "gateway-aarch64-assert | assert | Assertion `told <= size - 2 && \"the frame is cut\"` failed in"
                        + " `payload_size` (parts.c:49)"
            })
    void theSentenceSaysWhatHappened(String core, String family, String sentence) {
        var report = analyze(core);

        assertThat(report.fault().sentence()).isEqualTo(sentence);
        assertThat(report.reason().label()).isEqualTo(family);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cores")
    void theReportIsTheOneThatWasLookedAt(String core) throws IOException {
        GoldenReport.check(analyze(core), FOLDER.resolve("expected/" + core + ".report.txt"));
    }

    /** As {@code inspect} does with one debug file: QEMU's cores have no page that says which build it is. */
    private CrashReport analyze(String core) {
        var bytes = Fixtures.bytes(FOLDER.resolve("coredumps/" + core + ".core.xz"));
        var claims = ClaimedIdentity.ofBuild(build(core));
        var reports = CrashAnalysis.analyze(bytes, symbols, claims);
        assertThat(reports).hasSize(1);
        return reports.getFirst();
    }

    private BuildId build(String core) {
        var program = core.substring(0, core.lastIndexOf('-')) + ".elf";
        return symbols.builds().stream()
                .filter(build -> build.name().equals(program))
                .findFirst()
                .orElseThrow()
                .summary()
                .buildId();
    }
}
