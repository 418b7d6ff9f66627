package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.FileHashMatch;
import dev.faultline.symbols.store.LocalSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same crashes in the formats of other systems, against the stacks that gdb printed for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatFixturesTest {
    private static final String BUILD = "main-fw-1.2.0-rev-b";
    private static final Path ELF = Fixtures.ROOT.resolve("elf/" + BUILD + ".elf");

    private LocalSymbols symbols;
    private String buildId = "";

    @BeforeAll
    void open() {
        symbols = LocalSymbols.of(List.of(ELF), Limits.DEFAULT);
        buildId = symbols.builds().getFirst().summary().buildId().hex();
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<Path> fixtures() {
        return Fixtures.files("formats", BUILD + "-.*").stream()
                .filter(path -> !path.toString().endsWith(".zephyr-fault")) // that has no memory to unwind in
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixtures")
    void theCrashedThreadsStackIsGdbs(Path fixture) {
        var claims = new ClaimedIdentity(null, null, null, null, buildId);
        var reports = CrashAnalysis.analyze(Fixtures.bytes(fixture), symbols, claims);

        var situations = situations(fixture);
        assertThat(reports).hasSameSizeAs(situations);
        for (int i = 0; i < reports.size(); i++) {
            var report = reports.get(i);
            if (report.threads().isEmpty()) {
                assertThat(report.identity().reason()).as("a bare record").isEqualTo("brown-out");
                continue;
            }
            var expected = expected(situations.get(i));
            if (report.format().startsWith("zephyr") && situations.get(i).endsWith("sample-burst")) {
                // the format has no process stack pointer, which leads from the handler to the thread it interrupted
                assertThat(lines(report)).isEqualTo(expected.subList(0, 3));
                assertThat(report.threads().getFirst().stop())
                        .isEqualTo(
                                "the interrupted code is on the process stack, and the dump does not say where that is");
                continue;
            }
            assertThat(lines(report)).as(report.warnings().toString()).isEqualTo(expected);
            assertThat(report.missingSymbols()).isEmpty();
        }
    }

    private static List<String> situations(Path fixture) {
        var name = fixture.getFileName().toString();
        return name.contains("-two-")
                ? List.of(BUILD + "-unknown-channel", BUILD + "-sample-burst")
                : List.of(name.substring(0, name.indexOf('.', BUILD.length())));
    }

    private static List<String> lines(CrashReport report) {
        return report.threads().getFirst().frames().stream()
                .map(frame -> "%s %s%s".formatted(frame.pc(), frame.function(), frame.inlined() ? " inlined" : ""))
                .toList();
    }

    private static List<String> expected(String name) {
        var lines = new ArrayList<String>();
        var stacks = ExpectedStacks.of(name);
        for (var row : stacks.values().iterator().next()) {
            lines.add("%s %s%s".formatted(row.pc(), row.function(), row.inlined() ? " inlined" : ""));
        }
        return lines;
    }

    @Test
    void aBuildThatOnlyTheUploadKnowsIsSaidToBeSo() {
        var claims = new ClaimedIdentity(null, null, null, null, buildId);
        var fixture = Fixtures.bytes(Fixtures.ROOT.resolve("formats/" + BUILD + "-unknown-channel.zephyr"));

        assertThat(CrashAnalysis.analyze(fixture, symbols, claims).getFirst().warnings())
                .containsExactly("The coredump does not say which build crashed: build %s is what the upload says"
                        .formatted(buildId));
        assertThat(CrashAnalysis.analyze(fixture, symbols, ClaimedIdentity.NONE)
                        .getFirst()
                        .warnings())
                .containsExactly("Nothing says which build crashed: symbols cannot be found without its build id");
    }

    private static MemorySegment reported(String hash) {
        return MemorySegment.ofArray("""
                {"format": "faultline-crash-1", "architecture": "arm-cortex-m", "elfSha256": "%s",
                 "frames": ["0x926", "0xa5c"]}
                """.formatted(hash).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBuildIsFoundByTheBeginningOfTheSha256OfItsFile() throws Exception {
        var hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(ELF)))
                .substring(0, 9);

        var report = CrashAnalysis.analyze(reported(hash), symbols, ClaimedIdentity.NONE)
                .getFirst();

        assertThat(report.identity().buildId()).isEqualTo(buildId);
        assertThat(lines(report))
                .containsExactly("0x00000926 apply inlined", "0x00000926 update_reading", "0x00000a5c filter_batch");
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void aBuildThatNobodyUploadedIsWantedByItsHash() {
        var report = CrashAnalysis.analyze(reported("0123456789"), symbols, ClaimedIdentity.NONE)
                .getFirst();

        assertThat(report.identity().buildId()).isNull();
        assertThat(report.missingSymbols())
                .singleElement()
                .satisfies(missing -> assertThat(missing.buildId()).isEqualTo("sha256:0123456789"));
    }

    @Test
    void aHashThatNoFileHasLeavesTheWordToTheUpload() {
        var claims = new ClaimedIdentity(null, null, null, null, buildId);

        var report =
                CrashAnalysis.analyze(reported("0123456789"), symbols, claims).getFirst();

        assertThat(lines(report)).contains("0x00000a5c filter_batch");
        assertThat(report.warnings())
                .containsExactly(
                        "No debug file has a SHA-256 that begins with 0123456789, as the coredump says: build %s of"
                                        .formatted(buildId)
                                + " the upload is taken");
    }

    @Test
    void aHashOfTwoFilesIsNone() {
        try (var both =
                LocalSymbols.of(List.of(ELF, Fixtures.ROOT.resolve("elf/main-fw-1.0.0-rev-b.elf")), Limits.DEFAULT)) {
            assertThat(both.byFileHash("")).isEqualTo(new FileHashMatch.Ambiguous(2));
        }
    }

    @Test
    void oneCoredumpOfSeveralIsReadAlone() {
        var log = Fixtures.bytes(Fixtures.ROOT.resolve("formats/" + BUILD + "-two-crashes.zephyr-log"));

        var read = CrashAnalysis.analyze(log, 2, symbols, ClaimedIdentity.NONE, LogSources.NONE, Limits.DEFAULT);

        assertThat(read.coredumps()).isEqualTo(2);
        assertThat(read.report())
                .isEqualTo(CrashAnalysis.analyze(log, symbols, ClaimedIdentity.NONE)
                        .get(1));
    }
}
