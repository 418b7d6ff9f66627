package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogBuffer;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs of the firmware under {@code firmware-fixtures/logs}, which printed every line into a ring of text as well: what we
 * make of format strings and arguments has to be what its C library made of them.
 */
class LogFixturesTest {
    private static final LogBuffer CONSOLE = LogBuffer.parse("console:console_head");
    private static final String CHUNK = "s_memfault_ram_logger";
    private static final String ZEPHYR = "log_buffer";

    private static LocalSymbols symbols;

    @BeforeAll
    @BeforeContainer
    static void open() {
        symbols = LocalSymbols.of(Fixtures.files("logs/elf", ".*\\.elf"), Limits.DEFAULT);
    }

    @AfterAll
    @AfterContainer
    static void close() {
        symbols.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk-m3", "chunk-m4f", "chunk-m3-notypes"})
    void theEntriesOfTheChunkLoggerReadAsTheCLibraryPrintsThem(String name) {
        var printed = texts(of("console", analyze(name, "core", null, CONSOLE).logs()));
        var report = analyze(name, "core", null);
        var logged = of(CHUNK, report.logs());

        assertThat(report.warnings()).isEmpty();
        assertThat(logged.stream()
                        .map(LogLine::text)
                        .filter(text -> !text.contains("longer than an entry")
                                && !text.startsWith("<unknown")
                                && !text.equals("sent already"))
                        .filter(text -> !text.startsWith("sample")))
                .hasSize(11)
                .isEqualTo(printed.stream()
                        .filter(text -> !text.startsWith("sample"))
                        .toList());
        assertThat(texts(logged))
                .as("the ring went round, so the first ones are gone; the text has more of them or less")
                .contains("sample 39 of channel 4000000000: late")
                .doesNotContain("sample 0 of channel 4000000000: good");
    }

    @Test
    void anEntryOfTheChunkLoggerSaysLevelPlaceAndTime() {
        assertThat(of(CHUNK, analyze("chunk-m3", "core", null).logs()))
                .contains(
                        new LogLine(null, null, "I", null, "text as it is, 100% of it", List.of(CHUNK)),
                        new LogLine(null, "2026-11-21T00:01:30Z", "W", null, "text with a time", List.of(CHUNK)),
                        new LogLine(
                                null,
                                null,
                                null,
                                "chunk.c:193",
                                "%s was longer than an entry <its 300 bytes did not fit>",
                                List.of(CHUNK)),
                        new LogLine(null, null, null, null, "<unknown entry 0x07: 01 02 03>", List.of(CHUNK)))
                .last()
                .isEqualTo(new LogLine(null, null, "E", "chunk.c:205", "last words of the firmware", List.of(CHUNK)));
    }

    @Test
    void theLoggerIsFoundInABlockOfItsOwnWithoutSymbolsToo() {
        var with = analyze("chunk-m3", "chunk", null);
        var without = CrashAnalysis.analyze(
                        Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/chunk-m3.chunk")),
                        LocalSymbols.of(List.of(), Limits.DEFAULT),
                        ClaimedIdentity.NONE)
                .getFirst();

        assertThat(with.logs()).isEqualTo(analyze("chunk-m3", "core", null).logs());
        assertThat(texts(without.logs()))
                .hasSameSizeAs(with.logs())
                .contains("text as it is, 100% of it")
                .last()
                .asString()
                .matches("<compact log 0x[0-9a-f]+> \"the firmware\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zephyr-m3", "zephyr-m4f"})
    void theMessagesOfZephyrReadAsTheCLibraryPrintsThem(String name) {
        var printed = of("console", analyze(name, "core", null, CONSOLE).logs());
        var report = analyze(name, "core", null);
        var logged = of(ZEPHYR, report.logs());

        assertThat(report.warnings()).isEmpty();
        assertThat(logged).hasSizeGreaterThan(10);
        assertThat(logged.stream().map(LogFixturesTest::bare))
                .isEqualTo(printed.subList(printed.size() - logged.size(), printed.size()).stream()
                        .map(LogFixturesTest::bare)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zephyr-m3", "zephyr-m4f"})
    void aDictionaryLogBesideTheCoredumpIsTheSameLog(String name) {
        var dictionary = Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/" + name + ".dictionary.log"));
        var printed = of("console", analyze(name, "core", null, CONSOLE).logs());

        var logs = analyze(name, "core", dictionary).logs();

        assertThat(logs.getFirst())
                .isEqualTo(new LogLine(null, null, null, null, "*** Booting ***", List.of("upload")));
        assertThat(logs.stream().skip(1).map(LogFixturesTest::bare))
                .endsWith(printed.stream().map(LogFixturesTest::bare).toArray(LogLine[]::new));
        assertThat(logs.getLast().origins()).containsExactly("upload", ZEPHYR);
    }

    @Test
    void aDictionaryLogOfBytesIsReadToo() {
        var hex = new String(
                Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/zephyr-m3.dictionary.log"))
                        .toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.US_ASCII);
        var bytes = HexFormat.of()
                .parseHex(hex.substring(hex.indexOf("##ZLOGV1##") + 10).strip());

        var logs = of(
                "upload",
                analyze("zephyr-m3", "core", MemorySegment.ofArray(bytes)).logs());

        assertThat(logs).hasSize(28);
        assertThat(logs.getLast().text()).isEqualTo("last words of the firmware");
    }

    @ParameterizedTest
    @ValueSource(strings = {"console", "console:console_head", "console:console_head:console_size"})
    void aRingOfTextIsUnrolled(String buffer) {
        var lines = analyze("chunk-m3", "core", null, LogBuffer.parse(buffer)).logs();

        assertThat(texts(of("console", lines))).endsWith("last words of the firmware");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk-m3.core", "chunk-m4f.core", "chunk-m3.chunk", "zephyr-m3.core", "zephyr-m4f.core"})
    void theReportIsTheOneThatWasLookedAt(String file) throws IOException {
        int dot = file.indexOf('.');
        var dictionary = Fixtures.ROOT.resolve("logs/coredumps/%s.dictionary.log".formatted(file.substring(0, dot)));
        var log = Files.exists(dictionary) ? Fixtures.bytes(dictionary) : null;
        GoldenReport.check(
                analyze(file.substring(0, dot), file.substring(dot + 1), log, CONSOLE),
                Fixtures.ROOT.resolve("logs/expected/" + file + ".report.txt"));
    }

    /** The logs lie in the coredump's memory, so a damaged coredump has damaged logs. */
    @Property(tries = 150)
    void anyDamageToALogLeavesAReport(
            @ForAll @IntRange(min = 0, max = 3) int file,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int flips) {
        var name = List.of("chunk-m3.core", "chunk-m3.chunk", "zephyr-m3.core", "zephyr-m4f.core")
                .get(file);
        var dump = Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/" + name));
        var random = new Random(seed);
        for (int i = 0; i < flips; i++) {
            long place = random.nextLong(Math.min(600, dump.byteSize() / 2), dump.byteSize());
            dump.set(ValueLayout.JAVA_BYTE, place, (byte) random.nextInt());
        }

        var failure = catchThrowableOfType(
                FormatException.class,
                () -> CrashAnalysis.analyze(
                        dump, symbols, ClaimedIdentity.NONE, new LogSources(null, List.of(CONSOLE)), Limits.DEFAULT));

        assertThat(failure).isNull();
    }

    @Property(tries = 150)
    void anyDamageToADictionaryLogLeavesItsLines(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int flips) {
        var dictionary = Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/zephyr-m3.dictionary.log"));
        var random = new Random(seed);
        for (int i = 0; i < flips; i++) {
            dictionary.set(ValueLayout.JAVA_BYTE, random.nextLong(26, dictionary.byteSize()), (byte)
                    "0123456789abcdefg\n".charAt(random.nextInt(18)));
        }

        assertThat(analyze("zephyr-m3", "core", dictionary).logs()).isNotEmpty();
    }

    private static List<LogLine> of(String origin, List<LogLine> lines) {
        return lines.stream().filter(line -> line.origins().contains(origin)).toList();
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    private static LogLine bare(LogLine line) {
        return new LogLine(line.uptimeMillis(), line.time(), line.level(), line.source(), line.text(), List.of());
    }

    private static CrashReport analyze(String name, String format, @Nullable MemorySegment log, LogBuffer... buffers) {
        var dump = Fixtures.bytes(Fixtures.ROOT.resolve("logs/coredumps/%s.%s".formatted(name, format)));
        return CrashAnalysis.analyze(
                        dump,
                        symbols,
                        ClaimedIdentity.NONE,
                        new LogSources(log, Arrays.asList(buffers)),
                        Limits.DEFAULT)
                .getFirst();
    }
}
