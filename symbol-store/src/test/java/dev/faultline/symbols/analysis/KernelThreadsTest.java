package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that only their kernel knew: of the firmware under {@code firmware-fixtures/kernels}, against gdb's stacks. */
class KernelThreadsTest {
    private static final Path ROOT = Fixtures.ROOT.resolve("kernels");

    /**
     * Where we differ from gdb in the line of an exact pc: at a function's first instruction the line table has several
     * rows, of which gdb takes the last one that is a statement.
     */
    private static final Map<String, String> OUR_LINES = Map.of("run_task tasks.c:117", "run_task tasks.c:116");

    private static LocalSymbols symbols;

    @BeforeAll
    @BeforeContainer
    static void open() {
        symbols = LocalSymbols.of(Fixtures.files("kernels/elf", ".*\\.elf"), Limits.DEFAULT);
    }

    @AfterAll
    @AfterContainer
    static void close() {
        symbols.close();
    }

    static List<Path> coredumps() {
        return Fixtures.files("kernels/coredumps", ".*\\.core");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void everyThreadOfTheKernelHasGdbsStack(Path coredump) {
        var report = analyze(coredump);
        var stacks = new LinkedHashMap<String, List<String>>();
        for (var thread : report.threads()) {
            stacks.put(
                    String.valueOf(thread.name()),
                    thread.frames().stream()
                            .map(frame -> "%s %s %s:%d"
                                    .formatted(frame.pc(), frame.function(), bare(frame.file()), frame.line()))
                            .toList());
        }

        assertThat(stacks).containsExactlyInAnyOrderEntriesOf(expected(coredump));
    }

    @ParameterizedTest
    @ValueSource(strings = {"freertos-m3", "freertos-m4f", "freertos-m3-notypes"})
    void aTaskOfFreeRtosIsInTheStateOfItsList(String build) {
        var report = analyze(coredump(build + "-null"));

        assertThat(states(report))
                .containsEntry("reader", "blocked on a message from `sensor samples`")
                .containsEntry("mailer", "blocked on a message from `mail_queue`, at most until tick 5000")
                .containsEntry("timer", "blocked on until tick 900")
                .containsEntry("paused", "suspended")
                .containsEntry("gone", "deleted")
                .containsEntry("counter", "ready")
                .containsEntry("idle", "ready")
                .containsEntry("worker", "running")
                .hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threadx-m3", "threadx-m4f", "threadx-m3-notypes"})
    void aThreadOfThreadXSaysItsState(String build) {
        assertThat(states(analyze(coredump(build + "-null"))))
                .containsEntry(
                        "reader",
                        build.endsWith("notypes")
                                ? "blocked on a message of the queue"
                                : "blocked on a message of the queue `sample_queue`")
                .containsEntry("timer", "blocked on a time")
                .containsEntry("paused", "suspended")
                .containsEntry("gone", "deleted")
                .containsEntry("counter", "ready")
                .containsEntry("worker", "running")
                .hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zephyr-m3", "zephyr-m4f", "zephyr-m4f-types"})
    void aThreadOfZephyrSaysItsStateAndWhatItPendsOn(String build) {
        assertThat(states(analyze(coredump(build + "-null"))))
                .containsEntry("reader", "blocked on `sample_queue`")
                .containsEntry("mailer", "blocked on `mail_queue`")
                .containsEntry("timer", "blocked on a time, or its start")
                .containsEntry("paused", "suspended")
                .containsEntry("gone", "deleted")
                .containsEntry("counter", "ready")
                .containsEntry("worker", "running")
                .hasSize(8);
    }

    @Test
    void withoutTypesTheReportSaysThatTheLayoutIsAssumed() {
        assertThat(analyze(coredump("freertos-m3-notypes-null")).warnings())
                .contains(
                        "The debug file does not say how FreeRTOS' structures are laid out: the usual layout of a 32-bit"
                                + " build is assumed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freertos-m3", "zephyr-m3", "threadx-m3"})
    void prioritiesAndStacksAreTheKernels(String build) {
        var reader = thread(analyze(coredump(build + "-null")), "reader");

        assertThat(reader.priority()).isEqualTo(build.startsWith("freertos") ? 5 : build.startsWith("zephyr") ? -2 : 0);
        assertThat(reader.memory()).isNotNull().satisfies(memory -> {
            assertThat(memory.size()).isEqualTo(512);
            assertThat(memory.used()).isBetween(32L, 256L);
            assertThat(memory.overflow()).isNull();
        });
    }

    /** A crashed device's RAM is damaged RAM. */
    @Property(tries = 200)
    void anyDamageOfTheMemoryGivesAReport(@ForAll @IntRange(min = 0, max = 2) int kernel, @ForAll long seed) {
        var path = coredump(List.of("freertos-m4f-null", "zephyr-m4f-null", "threadx-m4f-null")
                .get(kernel));
        byte[] bytes = Fixtures.bytes(path).toArray(ValueLayout.JAVA_BYTE);
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int at = 1024 + random.nextInt(bytes.length - 1024);
            bytes[at] = random.nextInt(3) == 0 ? (byte) 0xff : (byte) random.nextInt();
        }
        assertThat(analyze(MemorySegment.ofArray(bytes)).threads()).hasSizeBetween(1, 1024);
    }

    @Property(tries = 100)
    void aDumpCutAnywhereGivesAReportOrAFormatException(@ForAll @IntRange(min = 0, max = 9000) int length) {
        var whole = Fixtures.bytes(coredump("freertos-m4f-null"));
        var refused = catchThrowableOfType(
                FormatException.class, () -> analyze(whole.asSlice(0, Math.min(length, whole.byteSize()))));

        if (refused != null) {
            assertThat(refused).hasMessageContaining("0x");
        }
    }

    private static Path coredump(String name) {
        return ROOT.resolve("coredumps/" + name + ".core");
    }

    private static CrashReport analyze(Path coredump) {
        return analyze(Fixtures.bytes(coredump));
    }

    private static CrashReport analyze(MemorySegment coredump) {
        return CrashAnalysis.analyze(coredump, symbols, ClaimedIdentity.NONE).getFirst();
    }

    private static ThreadReport thread(CrashReport report, String name) {
        return report.threads().stream()
                .filter(thread -> name.equals(thread.name()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> states(CrashReport report) {
        var states = new LinkedHashMap<String, String>();
        for (var thread : report.threads()) {
            states.put(
                    String.valueOf(thread.name()),
                    thread.waitsFor() == null ? thread.state() : thread.state() + " on " + thread.waitsFor());
        }
        return states;
    }

    /** gdb prints a path as it was given to the compiler, we the one with its directory. */
    private static String bare(@Nullable String file) {
        return file == null ? "" : file.substring(file.lastIndexOf('/') + 1);
    }

    /** Without the frames that gdb shows where no code is: 0 above a task that never ran, a number above a lost stack. */
    private static Map<String, List<String>> expected(Path coredump) {
        var stacks = new LinkedHashMap<String, List<String>>();
        var table = ROOT.resolve("expected/" + Fixtures.name(coredump) + ".tsv");
        try {
            var rows = Files.readAllLines(table);
            for (var text : rows.subList(1, rows.size())) {
                var row = text.split("\t", -1);
                if (!row[3].isEmpty()) {
                    var line = "%s %s:%s".formatted(row[3], bare(row[4]), row[5]);
                    stacks.computeIfAbsent(row[0], thread -> new ArrayList<>())
                            .add(row[2] + " " + OUR_LINES.getOrDefault(line, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stacks;
    }
}
