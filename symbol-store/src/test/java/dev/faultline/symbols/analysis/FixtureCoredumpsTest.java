package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.store.LocalSymbols;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every committed coredump against the stacks that gdb printed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FixtureCoredumpsTest {
    /**
     * Where we differ from gdb in the line of an exact pc. The line table has several rows at that one address (GCC's views);
     * gdb takes the last one that is a statement, addr2line, llvm-symbolizer and our index take the last one. Both are lines
     * that the instruction belongs to.
     */
    private static final Map<String, Integer> OUR_LINES =
            Map.of("queue_send firmware/kernel.c:209", 210, "wait_until_sent firmware/radio.c:47", 46);

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = Fixtures.symbols();
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<Path> coredumps() {
        return Fixtures.coredumps();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void everyThreadsStackIsGdbs(Path coredump) {
        var report = analyze(coredump);
        var expected = ExpectedStacks.of(Fixtures.name(coredump));

        assertThat(report.threads())
                .extracting(thread -> String.valueOf(thread.id()))
                .hasSameElementsAs(expected.keySet());
        for (var thread : report.threads()) {
            var rows = expected.getOrDefault(String.valueOf(thread.id()), List.of());
            assertThat(lines(report, thread.frames(), rows))
                    .as("thread %d, which ends: %s", thread.id(), thread.stop())
                    .isEqualTo(rows.stream().map(FixtureCoredumpsTest::line).toList());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown-channel | null-deref | Read from address 0x00000004 through a null pointer in `apply`",
                "zero-interval | div0 | Division by zero in `duty_per_mille`",
                "unknown-opcode | bad-jump | Jump to 0x54444d42, where there is no code, through a bad function pointer or"
                        + " return address in `dispatch`",
                "gateway-silent | assert | Assertion `awaited_count < AWAITED` failed in `packet_await`"
                        + " (packet.c:78)",
                "flash-unpowered | bus-precise | Read from address 0x60000008, where nothing answers on the bus, in"
                        + " `memcpy`, called by `read_flash`",
                "odd-offset | unaligned | Unaligned read in `set_limits`",
                "brownout | undef-instr | Trap instruction (UDF, 0xdeff) in `power_budget`: the program says that this place"
                        + " cannot be reached",
                "radio-stuck | watchdog | Watchdog fired while `radio` was looping in `wait_until_sent`",
                "sample-burst | null-deref | Read from address 0x00000000 through a null pointer in `store_sample`, while"
                        + " interrupt 8 was handled",
                "unsolicited-ack | bad-jump | Call through a null function pointer in `dispatch`"
            })
    void theSentenceSaysWhatHappened(String situation, String family, String sentence) {
        for (var build : List.of("main-fw-1.0.0-rev-a-", "main-fw-1.0.0-rev-b-")) {
            var report = analyze(Fixtures.coredump(build + situation));

            assertThat(report.fault().sentence()).as(build).isEqualTo(sentence);
            assertThat(report.reason()).isEqualTo(ReasonFamily.of(family));
        }
    }

    @Test
    void aStackOverflowNamesTheTaskAndTheRecursion() {
        var report = analyze(Fixtures.coredump("main-fw-1.0.0-rev-a-nested-groups"));

        assertThat(report.fault().sentence())
                .matches("Stack overflow of `radio` after \\d+ rounds of `configure_group` → `configure`: the access to"
                        + " 0x[0-9a-f]{8} is below its stack of \\d+ bytes from 0x[0-9a-f]{8} on");
        assertThat(report.reason()).isEqualTo(ReasonFamily.STACK_OVERFLOW);
        assertThat(report.registers())
                .as("pc and lr were lost")
                .doesNotContainKeys("pc", "lr")
                .containsKey("sp");
    }

    @Test
    void aHardFaultByEscalationKeepsItsCause() {
        assertThat(analyze(Fixtures.coredump("main-fw-1.2.0-rev-a-alarm-burst"))
                        .fault()
                        .sentence())
                .isEqualTo("Read from address 0xdeadbee4, where nothing answers on the bus, in `memcpy`, called by"
                        + " `queue_send` (escalated to a hard fault)");
    }

    static List<Path> coredumpsOfTheSensorNode() {
        return Fixtures.files("coredumps", "main-fw-.*");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumpsOfTheSensorNode")
    void theLogTheIdentityAndTheModuleAreThere(Path coredump) {
        var report = analyze(coredump);

        assertThat(report.logs()).isNotEmpty().allSatisfy(line -> {
            assertThat(line.uptimeMillis()).isNotNull();
            assertThat(line.level()).isIn("E", "W", "I", "D");
        });
        assertThat(report.identity().device()).startsWith("SN-");
        assertThat(report.identity().software()).isEqualTo("main-fw");
        assertThat(report.modules())
                .singleElement()
                .satisfies(module -> assertThat(module.symbols()).isTrue());
        assertThat(report.missingSymbols()).isEmpty();
    }

    @Test
    void everyFamilyOfTheFixturesIsTold() {
        var families = new HashSet<ReasonFamily>();
        for (var coredump : Fixtures.coredumps()) {
            families.add(analyze(coredump).reason());
        }
        assertThat(families).doesNotContain(ReasonFamily.UNKNOWN).hasSizeGreaterThanOrEqualTo(9);
    }

    private CrashReport analyze(Path coredump) {
        return CrashAnalysis.analyze(Fixtures.bytes(coredump), symbols, ClaimedIdentity.NONE)
                .getFirst();
    }

    /**
     * Ours in gdb's form. A file that ends like gdb's is the same, whatever directory is joined before it; of two names of
     * one function either will do; and gdb does not look for callers of main.
     */
    private List<String> lines(CrashReport report, List<FrameReport> frames, List<ExpectedStacks.Row> rows) {
        boolean endsAtMain = !rows.isEmpty() && rows.getLast().function().equals("main");
        var lines = new ArrayList<String>();
        for (int i = 0; i < (endsAtMain ? Math.min(frames.size(), rows.size()) : frames.size()); i++) {
            var frame = frames.get(i);
            var file = frame.file() == null ? "" : frame.file();
            var function = frame.function() == null ? "" : frame.function();
            if (i < rows.size() && file.endsWith("/" + rows.get(i).file())) {
                file = rows.get(i).file();
            }
            if (i < rows.size() && isSameFunction(report, function, rows.get(i).function())) {
                function = rows.get(i).function();
            }
            int line = frame.line();
            if (i < rows.size() && !frame.trust().equals("cfi")) {
                var gdbs = rows.get(i);
                boolean known = Integer.valueOf(line)
                        .equals(OUR_LINES.get("%s %s:%d".formatted(gdbs.function(), gdbs.file(), gdbs.line())));
                line = known ? gdbs.line() : line;
            }
            lines.add(line(frame.pc(), function, file, line, frame.inlined()));
        }
        return lines;
    }

    private boolean isSameFunction(CrashReport report, String one, String other) {
        try (var module = symbols.open(
                        BuildId.parse(String.valueOf(report.identity().buildId())))
                .orElseThrow()) {
            var addresses = addresses(module.elf(), one);
            addresses.retainAll(addresses(module.elf(), other));
            return !addresses.isEmpty();
        }
    }

    private static Set<Long> addresses(ElfFile elf, String function) {
        var addresses = new HashSet<Long>();
        for (var symbol : elf.symbols()) {
            if (symbol.isFunction() && symbol.name().equals(function)) {
                addresses.add(symbol.address());
            }
        }
        return addresses;
    }

    private static String line(ExpectedStacks.Row row) {
        return line(row.pc(), row.function(), row.file(), row.line(), row.inlined());
    }

    private static String line(String pc, String function, String file, int line, boolean inlined) {
        return "%s %s %s:%d%s".formatted(pc, function, file, line, inlined ? " inlined" : "");
    }
}
