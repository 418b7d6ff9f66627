package dev.faultline.symbols.rtos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.DumpThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of a kernel that lead in circles, nowhere, or on and on: what is read of them ends, and soon. */
class HostileKernelTest {
    /** Generous, for a machine that does much else; without bounds each of these takes far longer. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final int MOST_WARNINGS = 40;
    private static final long ELSEWHERE = 0x6000_0000L;
    private static final long HUGE = 0xffff_ffffL;

    /** The fixtures' FreeRTOS: bytes of a list, of an item and of a task, and where members of a task lie. */
    private static final int LIST = 20;

    private static final int ITEM = 20;
    private static final int TASK = 76;
    private static final int STATE_ITEM = 4;
    private static final int STACK = 48;
    private static final int NAME = 52;

    /** Of a thread of the fixtures' Zephyr. */
    private static final int THREAD = 160;

    /**
     * One word of the kernel's own memory written over.
     *
     * @param place which of its words
     * @param value with what
     * @param other of the value: which other word, or which number
     */
    record Damage(int place, Value value, int other) {}

    enum Value {
        ITSELF,
        ANOTHER_WORD,
        BETWEEN_WORDS,
        NULL,
        ALL_ONES,
        ANYTHING
    }

    @Provide
    Arbitrary<Damage> damages() {
        return Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0), Arbitraries.of(Value.class), Arbitraries.integers())
                .as(Damage::new);
    }

    @Provide
    Arbitrary<String> builds() {
        return Arbitraries.of(
                "freertos-m4f",
                "freertos-m3-notypes",
                "zephyr-m3",
                "zephyr-m4f-types",
                "threadx-m4f",
                "threadx-m3-notypes");
    }

    @Property(tries = 400)
    void whateverTheListsPointAtEachThreadIsListedOnce(
            @ForAll("builds") String build, @ForAll @Size(min = 1, max = 60) List<@From("damages") Damage> damages) {
        try (var kernel = new KernelFixture(build)) {
            long[] words = kernelWords(kernel, build);
            for (var damage : damages) {
                long address = words[damage.place() % words.length];
                long another = words[Math.floorMod(damage.other(), words.length)];
                kernel.write(
                        address,
                        switch (damage.value()) {
                            case ITSELF -> address;
                            case ANOTHER_WORD -> another;
                            case BETWEEN_WORDS -> another + 1;
                            case NULL -> 0;
                            case ALL_ONES -> HUGE;
                            case ANYTHING -> damage.other();
                        });
            }

            var found = assertTimeout(SOON, () -> kernel.threads());

            assertThat(found.threads()).hasSizeBetween(1, words.length);
            assertThat(found.threads()).extracting(DumpThread::id).doesNotHaveDuplicates();
            assertThat(found.threads().getFirst().crashed()).isTrue();
            assertThat(found.warnings()).hasSizeLessThan(MOST_WARNINGS);
        }
    }

    private static long[] kernelWords(KernelFixture kernel, String build) {
        var globals = switch (build.substring(0, build.indexOf('-'))) {
            case "freertos" ->
                List.of(
                        "pxCurrentTCB",
                        "pxReadyTasksLists",
                        "xDelayedTaskList1",
                        "xDelayedTaskList2",
                        "xPendingReadyList",
                        "xSuspendedTaskList",
                        "xTasksWaitingTermination",
                        "uxCurrentNumberOfTasks",
                        "xQueueRegistry",
                        "mail_queue",
                        "tasks");
            case "zephyr" -> List.of("_kernel", "threads");
            default ->
                List.of("_tx_thread_current_ptr", "_tx_thread_created_ptr", "_tx_thread_created_count", "threads");
        };
        var words = new ArrayList<Long>();
        for (var global : globals) {
            var symbol = kernel.symbol(global);
            for (long at = symbol.address(); at < symbol.address() + symbol.size(); at += 4) {
                words.add(at);
            }
        }
        return words.stream().mapToLong(Long::longValue).toArray();
    }

    /** Every ready list begins somewhere else in one circle of 100000 tasks that never comes back to a list. */
    @Test
    void aCircleOfManyTasksIsLeftAtTheLimitOfThreads() {
        int count = 100_000;
        long stack = ELSEWHERE + (long) TASK * count;
        var tasks = ByteBuffer.allocate(TASK * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int at = TASK * i;
            tasks.putInt(at + STATE_ITEM + 4, (int) (ELSEWHERE + (long) TASK * ((i + 1) % count) + STATE_ITEM));
            tasks.putInt(at + STATE_ITEM + 12, (int) (ELSEWHERE + at));
            tasks.putInt(at + STACK, (int) stack);
            tasks.put(at + NAME, (byte) 'x');
        }
        byte[] filled = new byte[1 << 22];
        Arrays.fill(filled, (byte) 0xa5);
        try (var kernel = new KernelFixture("freertos-m4f")) {
            kernel.write(ELSEWHERE, tasks.array());
            kernel.write(stack, filled);
            var lists = kernel.symbol("pxReadyTasksLists");
            for (int i = 0; i < lists.size() / LIST; i++) {
                long first = ELSEWHERE + 15_000L * TASK * i + STATE_ITEM;
                kernel.write(lists.address() + (long) LIST * i, HUGE, first, HUGE, first, first);
            }

            var found = assertTimeout(SOON, () -> kernel.threads());

            assertThat(found.threads()).hasSize(Limits.DEFAULT.threads());
            assertThat(found.warnings()).hasSizeLessThan(MOST_WARNINGS);
        }
    }

    /** Each item is worth a warning, which must not become as many. */
    @Test
    void itemsThatBelongToNobodyAreCountedAndNotAllNamed() {
        int count = 500;
        var items = ByteBuffer.allocate(ITEM * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            items.putInt(ITEM * i + 4, (int) (ELSEWHERE + (long) ITEM * ((i + 1) % count)));
        }
        try (var kernel = new KernelFixture("freertos-m4f")) {
            kernel.write(ELSEWHERE, items.array());
            kernel.write(kernel.symbol("pxReadyTasksLists").address(), HUGE, ELSEWHERE, HUGE, ELSEWHERE, ELSEWHERE);

            var warnings = kernel.threads().warnings();

            assertThat(warnings).hasSizeLessThan(MOST_WARNINGS);
            assertThat(warnings).contains("The item at 0x60000014 of a list of tasks belongs to no task");
            assertThat(warnings.getLast()).matches("The kernel's memory is damaged in \\d+ more places");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zephyr-m4f", "zephyr-m4f-types"})
    void aChainOfThreadsThatNeverEndsIsLeftAtTheLimitOfThreads(String build) {
        int count = 20_000;
        try (var kernel = new KernelFixture(build)) {
            long threads = kernel.symbol("threads").address();
            int toNext = next(kernel, threads);
            var chain = ByteBuffer.allocate(THREAD * count).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                chain.putInt(THREAD * i + toNext, (int) (ELSEWHERE + (long) THREAD * ((i + 1) % count)));
            }
            kernel.write(ELSEWHERE, chain.array());
            kernel.write(threads + toNext, ELSEWHERE);

            var found = assertTimeout(SOON, () -> kernel.threads());

            assertThat(found.threads()).hasSize(Limits.DEFAULT.threads());
        }
    }

    /** Where the second of the fixture's threads points at the first, which was created before it. */
    private static int next(KernelFixture kernel, long threads) {
        for (int offset = 0; offset < THREAD; offset += 4) {
            if (kernel.word(threads + THREAD + offset) == threads) {
                return offset;
            }
        }
        throw new IllegalStateException("the second thread does not point at the first");
    }
}
