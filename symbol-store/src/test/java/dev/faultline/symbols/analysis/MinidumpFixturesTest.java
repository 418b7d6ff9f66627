package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Minidumps of the crashes that the Linux cores are of, whose stacks gdb has confirmed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MinidumpFixturesTest {
    /** QEMU has the trampoline behind a signal handler in a page of its own, which no writer dumps: a real kernel, in the vdso. */
    private static final Set<String> TRAMPOLINES_OF_QEMU = Set.of("gateway-aarch64-handler", "gateway-riscv64-handler");

    private static final Path FOLDER = Fixtures.ROOT.resolve("linux");

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(Fixtures.files("linux/elf", ".*"), Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<String> minidumps() {
        return Fixtures.files("linux/minidumps", ".*").stream()
                .map(path -> path.getFileName().toString().replace(".dmp.xz", ""))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("minidumps")
    void everyThreadsStackIsThatOfTheCore(String name) {
        var minidump = minidump(name);
        var core = core(name, Objects.requireNonNull(minidump.identity().buildId()));

        assertThat(minidump.missingSymbols()).isEmpty();
        assertThat(minidump.threads()).hasSameSizeAs(core.threads());
        for (int i = 0; i < core.threads().size(); i++) {
            var expected = lines(core.threads().get(i));
            var found = lines(minidump.threads().get(i));
            assertThat(known(name, found)).isEqualTo(known(name, expected));
        }
    }

    private static List<String> known(String name, List<String> lines) {
        boolean endsAtTrampoline =
                TRAMPOLINES_OF_QEMU.contains(name) && lines.getFirst().contains("watchdog_bark");
        return endsAtTrampoline ? lines.subList(0, 1) : lines;
    }

    private static List<String> lines(ThreadReport thread) {
        return thread.frames().stream().map(MinidumpFixturesTest::line).toList();
    }

    private static String line(FrameReport frame) {
        boolean isVdso = "[vdso]".equals(frame.module()); // of which a minidump has the name and no symbols
        return "%s %s %s:%s".formatted(frame.pc(), isVdso ? "" : frame.function(), frame.file(), frame.line());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("minidumps")
    void theReportIsTheOneThatWasLookedAt(String name) throws IOException {
        GoldenReport.check(minidump(name), FOLDER.resolve("expected/" + name + ".minidump.report.txt"));
    }

    private CrashReport minidump(String name) {
        return report(FOLDER.resolve("minidumps/" + name + ".dmp.xz"), ClaimedIdentity.NONE);
    }

    private CrashReport core(String name, String buildId) {
        var claims = new ClaimedIdentity(null, null, null, null, buildId);
        return report(FOLDER.resolve("coredumps/" + name + ".core.xz"), claims);
    }

    private CrashReport report(Path file, ClaimedIdentity claims) {
        var reports = CrashAnalysis.analyze(Fixtures.bytes(file), symbols, claims);
        assertThat(reports).hasSize(1);
        return reports.getFirst();
    }
}
