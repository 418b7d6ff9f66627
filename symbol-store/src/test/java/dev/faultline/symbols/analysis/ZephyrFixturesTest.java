package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Crashes as Zephyr sends them from RISC-V, and as its console tells them without a coredump. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZephyrFixturesTest {
    private static final Path FOLDER = Fixtures.ROOT.resolve("formats");
    private static final String CORTEX_M = "main-fw-1.2.0-rev-b";

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(
                List.of(
                        Fixtures.ROOT.resolve("elf/" + CORTEX_M + ".elf"),
                        Fixtures.ROOT.resolve("riscv/elf/tank-rv32-O2.elf"),
                        Fixtures.ROOT.resolve("riscv/elf/tank-rv64-O2.elf")),
                Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<String> dumps() {
        return Fixtures.files("formats", "(tank-.*|.*\\.zephyr-fault)").stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    static List<String> riscV() {
        return dumps().stream().filter(dump -> dump.startsWith("tank")).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("riscV")
    void theCrashedThreadsStackIsGdbs(String dump) {
        var path = Fixtures.ROOT.resolve("riscv/expected/" + dump.substring(0, dump.indexOf('.')) + ".tsv");
        var expected = ExpectedStacks.in(path).values().iterator().next().stream()
                .map(row -> row.pc() + " " + row.function())
                .toList();

        var found = analyze(dump).threads().getFirst().frames().stream()
                .map(frame -> "0x%x %s".formatted(Long.decode(frame.pc()), frame.function()))
                .toList();

        assertThat(found).startsWith(expected.toArray(String[]::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dumps")
    void theReportIsTheOneThatWasLookedAt(String dump) throws IOException {
        GoldenReport.check(analyze(dump), FOLDER.resolve("expected/" + dump + ".report.txt"));
    }

    /** Zephyr names no build. */
    private CrashReport analyze(String dump) {
        var program = dump.startsWith("tank") ? dump.substring(0, "tank-rv32-O2".length()) : CORTEX_M;
        var claims = Fixtures.claims(symbols, program + ".elf");
        var reports = CrashAnalysis.analyze(Fixtures.bytes(FOLDER.resolve(dump)), symbols, claims);
        assertThat(reports).hasSize(1);
        return reports.getFirst();
    }
}
