package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and malicious coredumps: a report of what is left, or an error that says where and why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCoredumpsTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MUTATIONS = 400;

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = Fixtures.symbols();
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<Path> hostile() {
        return Fixtures.files("hostile", "core.*");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void everyHostileFileGivesAReportOrATypedError(Path file) {
        var outcome = Assertions.assertTimeout(LONGEST, () -> analyze(Fixtures.bytes(file)));

        outcome.ifPresent(report -> assertThat(TextReport.of(report)).isNotBlank());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "core-empty.core | it is empty",
                "core-only-magic.core | ELF identification at 0x0+0x4: needs 0x1 bytes, 0x0 left",
                "core-phentsize-0.core | e_phentsize 0; wanted 32",
                "core-prstatus-too-short.core | NT_PRSTATUS of",
                "core-gzip-bomb-256-mib.core.gz | becomes more than",
                "core-truncated-in-elf-header.core | ELF header at 0x0"
            })
    void whatCanNotBeReadSaysWhy(String name, String why) {
        var bytes = Fixtures.bytes(Fixtures.ROOT.resolve("hostile").resolve(name));

        assertThatThrownBy(() -> CrashAnalysis.analyze(bytes, symbols, ClaimedIdentity.NONE))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "core-truncated-in-memory.core | Damaged after byte",
                "core-truncated-in-notes.core | Damaged in the notes",
                "core-gzip-truncated.core.gz | The gzip data is damaged after byte",
                "core-segments-overlap.core | Segments overlap in 72 bytes",
                "core-log-capacity-4gib.core | has a capacity of 4294967295; wanted a power of two up to",
                "core-segment-wraps-address-space.core | leaves the address space",
                "core-5000-threads.core | exceeds the limit of"
            })
    void whatIsLeftOfADamagedDumpIsReportedWithAWarning(String name, String warning) {
        var bytes = Fixtures.bytes(Fixtures.ROOT.resolve("hostile").resolve(name));

        var report = CrashAnalysis.analyze(bytes, symbols, ClaimedIdentity.NONE).getFirst();

        assertThat(report.threads()).isNotEmpty();
        assertThat(report.warnings()).anySatisfy(said -> assertThat(said).contains(warning));
    }

    /** Bytes are changed where it hurts: headers and notes half of the time, stacks the other half. */
    @Test
    void aMutatedDumpGivesAReportOrATypedError() {
        var random = new Random(20260101);
        var names = List.of("flash-unpowered", "nested-groups", "radio-stuck", "unknown-channel");
        Assertions.assertTimeout(LONGEST.multipliedBy(6), () -> {
            int reports = 0;
            for (int i = 0; i < MUTATIONS; i++) {
                var original = Fixtures.bytes(Fixtures.coredump("main-fw-1.0.0-rev-b-" + names.get(i % names.size())));
                if (analyze(mutated(original, random)).isPresent()) {
                    reports++;
                }
            }
            assertThat(reports).as("most mutations leave something to report").isGreaterThan(MUTATIONS / 2);
        });
    }

    /** A dump that broke off anywhere is a beginning: what is told of it does not contradict the whole. */
    @Test
    void everyBeginningOfADumpIsReadAsFarAsItGoes() {
        byte[] whole = Fixtures.bytes(Fixtures.coredump("main-fw-1.0.0-rev-a-zero-interval"))
                .toArray(ValueLayout.JAVA_BYTE);
        int threadsSeen = 0;
        for (int length = 0; length < whole.length; length += 97) {
            var report = analyze(MemorySegment.ofArray(Arrays.copyOf(whole, length)));
            if (report.isPresent()) {
                assertThat(report.get().threads().size()).isGreaterThanOrEqualTo(threadsSeen);
                threadsSeen = report.get().threads().size();
                assertThat(report.get().warnings()).isNotEmpty();
                assertThat(report.get().threads().getFirst().frames().getFirst().pc())
                        .isEqualTo(report.get().registers().get("pc"));
            }
        }
        assertThat(threadsSeen).isEqualTo(3);
    }

    private Optional<CrashReport> analyze(MemorySegment dump) {
        try {
            return Optional.of(
                    CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE).getFirst());
        } catch (FormatException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }

    private static MemorySegment mutated(MemorySegment original, Random random) {
        byte[] bytes = original.toArray(ValueLayout.JAVA_BYTE);
        int from = random.nextBoolean() ? 0 : bytes.length / 8;
        int to = from == 0 ? bytes.length / 8 : bytes.length;
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            bytes[from + random.nextInt(to - from)] = (byte) random.nextInt(256);
        }
        return MemorySegment.ofArray(bytes);
    }
}
