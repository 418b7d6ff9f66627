package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Crashes of our firmware as ESP-IDF sends them, on Xtensa with register windows and on RISC-V: the same stacks in each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EspFixturesTest {
    private static final Path FOLDER = Fixtures.ROOT.resolve("esp");
    private static final Pattern BACKTRACE = Pattern.compile("(0x4[0-9a-f]{7}):0x3f[0-9a-f]{6}");

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(
                List.of(
                        Fixtures.ROOT.resolve("xtensa/elf/node.elf"),
                        Fixtures.ROOT.resolve("riscv/elf/tank-rv32-O2.elf")),
                Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<String> dumps() {
        return Fixtures.files("esp", "(xtensa|riscv).*").stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> !name.endsWith(".txt"))
                .toList();
    }

    static List<String> riscV() {
        return dumps().stream().filter(name -> name.startsWith("riscv")).toList();
    }

    static List<String> xtensa() {
        return dumps().stream().filter(name -> name.startsWith("xtensa")).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("riscV")
    void theCrashedTasksStackIsGdbs(String dump) {
        var situation = dump.substring("riscv-".length(), dump.indexOf('.'));
        var path = Fixtures.ROOT.resolve("riscv/expected/tank-rv32-O2-%s.tsv".formatted(situation));
        var expected = ExpectedStacks.in(path).values().iterator().next().stream()
                .map(row -> row.pc() + " " + row.function())
                .toList();

        var found = analyze(dump).threads().getFirst().frames().stream()
                .map(frame -> frame.pc() + " " + frame.function())
                .toList();

        assertThat(found).startsWith(expected.toArray(String[]::new));
    }

    /** The backtrace on the console was walked as the firmware walks it: the calls, three bytes before where they return. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("xtensa")
    void theCrashedTasksStackIsTheBacktraceOfTheConsole(String dump) throws IOException {
        var printed = BACKTRACE
                .matcher(Files.readString(FOLDER.resolve("xtensa.panic"), StandardCharsets.UTF_8))
                .results()
                .map(pair -> Long.decode(pair.group(1)))
                .toList();

        var found = analyze(dump).threads().getFirst().frames().stream()
                .map(EspFixturesTest::call)
                .toList();

        assertThat(found).isEqualTo(printed);
    }

    private static long call(FrameReport frame) {
        return Long.decode(frame.pc()) - (frame.trust().equals("register-window") ? 3 : 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dumps")
    void noChecksumIsWrong(String dump) {
        assertThat(analyze(dump).warnings()).noneMatch(warning -> warning.contains("hecksum"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dumps")
    void theReportIsTheOneThatWasLookedAt(String dump) throws IOException {
        GoldenReport.check(analyze(dump), FOLDER.resolve("expected/" + dump + ".report.txt"));
    }

    /** A binary payload does not say which build it is of. */
    private CrashReport analyze(String dump) {
        var program = dump.startsWith("xtensa") ? "node.elf" : "tank-rv32-O2.elf";
        var claims = Fixtures.claims(symbols, program);
        var reports = CrashAnalysis.analyze(Fixtures.bytes(FOLDER.resolve(dump)), symbols, claims);
        assertThat(reports).hasSize(1);
        return reports.getFirst();
    }
}
