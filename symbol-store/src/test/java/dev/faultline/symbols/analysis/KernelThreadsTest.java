package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.ThreadReport.StackMemory;
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
import java.util.Objects;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that only their kernel knew: of the firmware under {@code firmware-fixtures/kernels}, against gdb's stacks. */
class KernelThreadsTest {
    private static final Path ROOT = Fixtures.ROOT.resolve("kernels");

    /**
     * Where we differ from gdb in the line of an exact pc: at a function's first instruction the line table has several
     * rows, of which gdb takes the last one that is a statement.
     */
    private static final Map<String, String> OUR_LINES = Map.of(
            "run_task tasks.c:116", "run_task tasks.c:115", "reschedule zephyr.c:157", "reschedule zephyr.c:158");

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
    @ValueSource(strings = {"freertos-m3", "freertos-m4f", "freertos-m3-notypes", "freertos-rv32"})
    void aTaskOfFreeRtosIsInTheStateOfItsList(String build) {
        var report = analyze(coredump(build + "-null"));

        assertThat(states(report))
                .containsEntry("reader", "blocked on a message from `sensor samples`")
                .containsEntry("mailer", "blocked on a message from `mail_queue`, at most until tick 5000")
                .containsEntry("timer", "blocked on tick 900")
                .containsEntry("paused", "suspended")
                .containsEntry("gone", "deleted")
                .containsEntry("counter", "ready")
                .containsEntry("idle", "ready")
                .containsEntry("worker", "running")
                .hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threadx-m3", "threadx-m4f", "threadx-m3-notypes", "threadx-rv32"})
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
    @ValueSource(strings = {"zephyr-m3", "zephyr-m4f", "zephyr-m4f-types", "zephyr-rv32"})
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

    /** As the tasks were created: of Zephyr and ThreadX a lower number is more. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "freertos | reader 5, mailer 5, timer 4, paused 4, gone 4, worker 3, counter 1, idle 0",
                "zephyr | reader -2, mailer -2, timer -1, paused -1, gone -1, worker 0, counter 2, idle 3",
                "threadx | reader 0, mailer 0, timer 1, paused 1, gone 1, worker 2, counter 4, idle 5"
            })
    void prioritiesAreTheKernels(String kernel, String priorities) {
        for (var build : List.of(kernel + "-m3", kernel + "-m4f", kernel + "-rv32")) {
            assertThat(analyze(coredump(build + "-null")).threads())
                    .extracting(thread -> thread.name() + " " + thread.priority())
                    .containsExactlyInAnyOrder(priorities.split(", "));
        }
    }

    /** Counted in the bytes of the dumps: 512 less those at the low end that still have the kernel's pattern. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "freertos-m3 | counter 96, gone 96, idle 64, mailer 112, paused 96, reader 120, timer 96, worker 120",
                "freertos-m4f | counter 228, gone 92, idle 68, mailer 100, paused 92, reader 252, timer 92, worker 116",
                "freertos-m3-notypes | counter 96, gone 96, idle 64, mailer 112, paused 96, reader 120, timer 96, worker 120",
                "zephyr-m3 | counter 64, gone 48, idle 32, mailer 64, paused 48, reader 72, timer 56, worker 120",
                "zephyr-m4f | counter 128, gone 48, idle 32, mailer 56, paused 48, reader 144, timer 48, worker 116",
                "freertos-rv32 | counter 156, gone 172, idle 124, mailer 188, paused 172, reader 188, timer 172, worker 172",
                "zephyr-rv32 | counter 116, gone 52, idle 0, mailer 68, paused 52, reader 68, timer 52, worker 52",
                "threadx-rv32 | counter 160, gone 128, idle 128, mailer 128, paused 128, reader 128, timer 128, worker 128",
                "threadx-m3 | counter 100, gone 92, idle 68, mailer 100, paused 92, reader 108, timer 92, worker 120",
                "threadx-m4f | counter 228, gone 92, idle 68, mailer 100, paused 92, reader 252, timer 92, worker 116"
            })
    void theMostThatWasEverUsedOfEachStackIsTold(String build, String used) {
        var threads = analyze(coredump(build + "-null")).threads();

        assertThat(threads)
                .extracting(thread -> thread.name() + " " + memory(thread).used())
                .containsExactlyInAnyOrder(used.split(", "));
        assertThat(threads).allSatisfy(thread -> {
            assertThat(memory(thread).size()).isEqualTo(512);
            assertThat(memory(thread).overflow()).isNull();
        });
    }

    /**
     * `worker` went over the end of its stack, but with a frame whose lowest bytes it never wrote: the pattern there is
     * whole, and no measure of a kernel's tells. What it did to the stack of `counter`, which lies below, is seen there.
     */
    @Test
    void anOverflowThatLeftThePatternShowsInTheStackThatItWroteOver() {
        var report = analyze(coredump("freertos-m4f-overflow"));

        assertThat(memory(thread(report, "worker")).used()).isEqualTo(456);
        assertThat(thread(report, "counter").frames())
                .extracting(FrameReport::function)
                .startsWith("interrupt_myself", "count_on", "counter", "deeper");
        assertThat(thread(report, "counter").stop()).isEqualTo("there is no code at the return address 0x11111111");
    }

    /** A crashed device's RAM is damaged RAM. */
    @Property(tries = 200)
    void anyDamageOfTheMemoryGivesAReport(@ForAll @IntRange(min = 0, max = 5) int kernel, @ForAll long seed) {
        var path = coredump(List.of(
                        "freertos-m4f-null",
                        "zephyr-m4f-null",
                        "threadx-m4f-null",
                        "freertos-rv32-null",
                        "zephyr-rv32-null",
                        "threadx-rv32-null")
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

    private static StackMemory memory(ThreadReport thread) {
        return Objects.requireNonNull(thread.memory());
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
