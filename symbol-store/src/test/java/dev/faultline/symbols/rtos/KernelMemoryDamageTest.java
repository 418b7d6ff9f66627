package dev.faultline.symbols.rtos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.coredump.ThreadState.Activity;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel's memory that is damaged in one place, or that a dump knows some of already. */
class KernelMemoryDamageTest {
    private static final int LIST = 20;

    @ParameterizedTest
    @ValueSource(strings = {"freertos-m3", "freertos-m4f", "zephyr-m3", "threadx-m4f"})
    void aStackWhoseLastBytesWereWrittenOverWasTooSmall(String build) {
        try (var kernel = new KernelFixture(build)) {
            long stack = kernel.symbol("reader_stack").address();
            kernel.write(stack, 0);

            var state = state(kernel.threads(), "reader");

            assertThat(state.overflow()).isEqualTo("the last bytes of its stack were written over");
            assertThat(state.stackUsed()).hasValue(512);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"freertos-m4f", "zephyr-m3", "threadx-m3"})
    void aThreadThatLeftSomeOfItsStackUntouchedHasNoOverflow(String build) {
        try (var kernel = new KernelFixture(build)) {
            var found = kernel.threads();

            assertThat(found.threads())
                    .extracting(DumpThread::name)
                    .containsExactlyInAnyOrder(
                            "worker", "reader", "mailer", "timer", "paused", "gone", "counter", "idle")
                    .allSatisfy(
                            name -> assertThat(state(found, name).overflow()).isNull());
        }
    }

    @Test
    void aSavedStackPointerBelowItsStackIsAnOverflow() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            long stack = kernel.symbol("timer_stack").address();
            long timer = thread(kernel.threads(), "timer").id();
            kernel.write(timer, stack - 8);

            var state = state(kernel.threads(), "timer");

            assertThat(state.overflow()).isEqualTo("its stack pointer 0x%08x is below its stack".formatted(stack - 8));
        }
    }

    @Test
    void aListThatIsBrokenInTheMiddleIsReadFromItsOtherEndToo() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            long suspended = kernel.symbol("xSuspendedTaskList").address();
            long first = kernel.word(suspended + 12);
            kernel.write(first + 4, 0xdead_beefL);

            var found = kernel.threads();

            assertThat(found.threads()).extracting(DumpThread::name).contains("reader", "paused");
            assertThat(found.threads()).hasSize(8);
            assertThat(found.warnings())
                    .anyMatch(warning -> warning.startsWith("A list of FreeRTOS' tasks, xSuspendedTaskList at")
                            && warning.endsWith("is damaged: it counts 2, 2 were found"));
        }
    }

    @Test
    void aTaskWhoseContextWasWrittenOverIsListedWithoutRegisters() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            var timer = thread(kernel.threads(), "timer");
            long top = kernel.word(timer.id());
            kernel.write(top, new long[64]);

            var found = kernel.threads();

            assertThat(thread(found, "timer").registers().has(ArmCortexM.PC)).isFalse();
            assertThat(found.threads()).hasSize(8);
            assertThat(found.warnings())
                    .contains("Thread `timer` of FreeRTOS at 0x%08x has no registers saved that make sense"
                            .formatted(timer.id()));
        }
    }

    @Test
    void withoutTypesListsThatDoNotLookAsUsualAreNotBelieved() {
        try (var kernel = new KernelFixture("freertos-m3-notypes")) {
            var lists = kernel.symbol("pxReadyTasksLists");
            for (long at = lists.address(); at < lists.address() + lists.size(); at += LIST) {
                kernel.write(at + 8, 0x1234_5678L);
            }

            var found = kernel.threads();

            assertThat(found.threads()).containsExactly(kernel.crashed());
            assertThat(found.warnings())
                    .containsExactly(
                            "The debug file does not say how FreeRTOS' structures are laid out, and memory does not"
                                    + " look as the usual layout of a 32-bit build would: its tasks are not listed");
        }
    }

    @Test
    void withoutTypesATaskThatSaysItIsAnothersIsNotBelieved() {
        try (var kernel = new KernelFixture("freertos-m3-notypes")) {
            long current = kernel.word(kernel.symbol("pxCurrentTCB").address());
            kernel.write(current + 4 + 12, current + 4);

            assertThat(kernel.threads().threads()).containsExactly(kernel.crashed());
        }
    }

    @Test
    void withTypesTheSameDamageCostsNothing() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            var lists = kernel.symbol("pxReadyTasksLists");
            for (long at = lists.address(); at < lists.address() + lists.size(); at += LIST) {
                kernel.write(at + 8, 0x1234_5678L);
            }

            assertThat(kernel.threads().threads()).hasSize(8);
            assertThat(kernel.threads().warnings()).isEmpty();
        }
    }

    @Test
    void withoutTypesACircleThatIsNoneBackwardsIsNotBelieved() {
        try (var kernel = new KernelFixture("threadx-m3-notypes")) {
            long second = kernel.word(kernel.symbol("threads").address() + 136);
            kernel.write(second + 140, second);

            var found = kernel.threads();

            assertThat(found.threads()).containsExactly(kernel.crashed());
            assertThat(found.warnings())
                    .containsExactly(
                            "The debug file does not say how ThreadX' threads are laid out, and memory does not look"
                                    + " as 32 bits without extensions of a port would: they are not listed");
        }
    }

    @Test
    void whatTheDumpHasOfAThreadCountsBeforeWhatTheKernelSaved() {
        try (var kernel = new KernelFixture("freertos-m4f")) {
            var timer = thread(kernel.threads(), "timer");
            var registers = Registers.none(new ArmCortexM()).with(ArmCortexM.PC, 0x666);
            var state = new ThreadState(Activity.READY, null, OptionalInt.of(9), OptionalLong.empty());
            var dumped = new DumpThread(timer.id(), "clock", false, registers, null, List.of(), state);

            var threads = kernel.threads(List.of(kernel.crashed(), dumped)).threads();

            assertThat(threads).hasSize(8);
            var merged = threads.get(1);
            assertThat(merged.name()).isEqualTo("clock");
            assertThat(merged.registers()).isSameAs(registers);
            assertThat(merged.stack()).isEqualTo(timer.stack());
            assertThat(merged.state())
                    .isEqualTo(new ThreadState(Activity.READY, "tick 900", OptionalInt.of(9), OptionalLong.of(92)));
        }
    }

    @Test
    void aTaskThatTheDumpHasNeedsNoSavedContext() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            var timer = thread(kernel.threads(), "timer");
            kernel.write(kernel.word(timer.id()), new long[64]);

            var found = kernel.threads(List.of(kernel.crashed(), timer));

            assertThat(found.threads()).hasSize(8).contains(timer);
            assertThat(found.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"freertos-m3", "freertos-m3-notypes", "zephyr-m3", "threadx-m3", "threadx-m3-notypes"})
    void aDumpWithoutTheKernelsMemoryIsNotAskedForIt(String build) {
        try (var kernel = new KernelFixture(build)) {
            kernel.forgetMemory();

            assertThat(kernel.threads()).isEqualTo(new KernelThreads(List.of(kernel.crashed()), List.of()));
        }
    }

    @Test
    void listsThatWereNotCapturedAreNamed() {
        try (var kernel = new KernelFixture("freertos-m3")) {
            var tasks = kernel.symbol("tasks");
            var lists = kernel.symbol("pxReadyTasksLists");
            kernel.forgetMemory();
            for (var kept : List.of(tasks, lists)) {
                for (long at = kept.address(); at < kept.address() + kept.size(); at += 4) {
                    kernel.write(at, kernel.word(at));
                }
            }

            var found = kernel.threads();

            assertThat(found.threads()).extracting(DumpThread::name).contains("counter", "idle");
            assertThat(found.warnings())
                    .contains("Lists of FreeRTOS' tasks were not captured: xPendingReadyList, xDelayedTaskList1,"
                            + " xDelayedTaskList2, xSuspendedTaskList, xTasksWaitingTermination");
        }
    }

    @Test
    void aKernelThatNeverBeganAddsNoThread() {
        try (var kernel = new KernelFixture("zephyr-m3")) {
            var state = kernel.symbol("_kernel");
            kernel.write(state.address(), new byte[(int) state.size()]);

            assertThat(kernel.threads().threads()).hasSize(1);
        }
    }

    private static ThreadState state(KernelThreads found, String name) {
        return Objects.requireNonNull(thread(found, name).state());
    }

    private static DumpThread thread(KernelThreads found, String name) {
        return found.threads().stream()
                .filter(thread -> name.equals(thread.name()))
                .findFirst()
                .orElseThrow();
    }
}
