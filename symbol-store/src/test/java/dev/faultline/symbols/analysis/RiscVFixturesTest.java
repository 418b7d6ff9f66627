package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Device cores of bare-metal RISC-V, RV32 and RV64, in two optimisations each, against gdb and against whole reports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RiscVFixturesTest {
    private static final Path FOLDER = Fixtures.ROOT.resolve("riscv");

    /** Where gdb stops and we go on: behind assembly without call frame information, and behind a jump to nowhere. */
    private static final Set<String> GDB_STOPS = Set.of("bad-block", "unknown-command");

    private static final StackLines LINES = new StackLines(UnaryOperator.identity());

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(Fixtures.files("riscv/elf", ".*"), Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static Stream<String> cores() {
        return Fixtures.files("riscv/coredumps", ".*").stream().map(Fixtures::name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cores")
    void everyThreadsStackIsGdbs(String core) {
        var report = analyze(core);
        var expected = ExpectedStacks.in(FOLDER.resolve("expected/" + core + ".tsv"));

        assertThat(report.threads())
                .extracting(thread -> String.valueOf(thread.id()))
                .hasSameElementsAs(expected.keySet());
        for (var thread : report.threads()) {
            var rows = Objects.requireNonNull(expected.get(String.valueOf(thread.id())));
            boolean whole = !thread.crashed() || GDB_STOPS.stream().noneMatch(core::endsWith);
            assertThat(thread.frames().stream()
                            .map(LINES::line)
                            .limit(whole ? thread.frames().size() : rows.size()))
                    .as("thread %d, which ends: %s", thread.id(), thread.stop())
                    .isEqualTo(rows.stream().map(LINES::line).toList());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"bad-block | visit, each_block, check_blocks", "unknown-command | null, command, do_work"})
    void theStackGoesOnWhereGdbStops(String situation, String functions) {
        for (var build : Set.of("tank-rv32-Os", "tank-rv32-O2", "tank-rv64-Os", "tank-rv64-O2")) {
            assertThat(analyze(build + "-" + situation).threads().getFirst().frames())
                    .as(build)
                    .extracting(FrameReport::function)
                    .map(String::valueOf)
                    .startsWith(functions.split(", "))
                    .endsWith("tank_measure", "task_entry");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "valve-removed | null-deref | Write to address 0x00000002 through a null pointer in `set_valve`",
                "no-sensor | null-deref | Read from address 0x00000000 through a null pointer in `read_sensor`",
                "other-chip | undef-instr | Undefined instruction in `chip_temperature`",
                "radio-packet | unaligned | Unaligned read in `count_packet`",
                "unknown-command | bad-jump | Jump to 0x54444d42, where there is no code, through a bad function pointer or"
                        + " return address in `command`",
                "impossible-state | panic | Breakpoint instruction without a debugger in `flow_of`",
                "boot-service | panic | Environment call that nobody handles in `reset_by_loader`",
                "queue-full | assert | Assertion `waiting_count < WAITING` failed in `enqueue` (tank.c:124)",
                "history-unpowered | bad-access | Write to address 0x18000000, which is forbidden or where nothing answers,"
                        + " in `memset`, called by `clear_history`",
                "bad-block | null-deref | Read from address 0x00000010 through a null pointer in `visit`",
                "pulse-burst | null-deref | Read from address 0x00000000 through a null pointer in `tank_count_pulse`"
            })
    void theSentenceSaysWhatHappened(String situation, String family, String sentence) {
        var report = analyze("tank-rv32-Os-" + situation);

        assertThat(report.fault().sentence()).isEqualTo(sentence);
        assertThat(report.reason().label()).isEqualTo(family);
    }

    @Test
    void aStackOverflowNamesTheTaskAndTheRecursion() {
        for (var build : Map.of("tank-rv32-O2", 8, "tank-rv64-Os", 16).entrySet()) {
            assertThat(analyze(build.getKey() + "-endless-program").fault().sentence())
                    .matches("Stack overflow of `measure` after \\d+ rounds of `run_program`: the access to"
                            + " 0x[0-9a-f]{%1$d} is below its stack of 2048 bytes from 0x[0-9a-f]{%1$d} on"
                                    .formatted(build.getValue()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cores")
    void theReportIsTheOneThatWasLookedAt(String core) throws IOException {
        GoldenReport.check(analyze(core), FOLDER.resolve("expected/" + core + ".report.txt"));
    }

    private CrashReport analyze(String core) {
        var bytes = Fixtures.bytes(FOLDER.resolve("coredumps/" + core + ".core"));
        return CrashAnalysis.analyze(bytes, symbols, ClaimedIdentity.NONE).getFirst();
    }
}
