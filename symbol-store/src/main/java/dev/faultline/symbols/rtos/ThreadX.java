package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.coredump.ThreadState.Activity;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.index.AddressRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Threads of ThreadX: a circle of all that were created; the state is a number in each. */
final class ThreadX implements Kernel {
    /** What says that a control block is one: "THRD". */
    private static final long IDENTITY = 0x5448_5244L;

    private static final int STACK_FILL = 0xef;
    private static final int MOST_PRIORITIES = 1024;

    /** By the number of the state: what is waited for; empty where nothing is. */
    private static final List<String> WAITS = List.of(
            "",
            "",
            "",
            "",
            "a time",
            "a message of the queue",
            "the semaphore",
            "the event flags",
            "a block of the pool",
            "bytes of the pool",
            "a driver",
            "a file",
            "the network",
            "the mutex",
            "a change of priority");

    private final KernelMemory memory;
    private final boolean assumed;
    private final StructLayout layout;

    ThreadX(KernelMemory memory) {
        this.memory = memory;
        var known = memory.layout("TX_THREAD_STRUCT", "TX_THREAD")
                .filter(layout -> layout.offset("tx_thread_created_next").isPresent());
        this.assumed = known.isEmpty();
        this.layout = known.orElseGet(ThreadX::usual);
    }

    /** 32 bits, without extensions of a port. */
    private static StructLayout usual() {
        return new StructLayout(
                144,
                Map.of(
                        "tx_thread_id", word(0),
                        "tx_thread_stack_ptr", word(8),
                        "tx_thread_stack_start", word(12),
                        "tx_thread_stack_end", word(16),
                        "tx_thread_stack_size", word(20),
                        "tx_thread_name", word(40),
                        "tx_thread_priority", word(44),
                        "tx_thread_state", word(48),
                        "tx_thread_created_next", word(136),
                        "tx_thread_created_previous", word(140)));
    }

    private static StructLayout.Member word(long offset) {
        return new StructLayout.Member(offset, 4, false, null);
    }

    @Override
    public String name() {
        return "ThreadX";
    }

    @Override
    public List<KernelThread> threads() {
        if (memory.wordOf("_tx_thread_created_ptr").isEmpty()) {
            return List.of(); // a dump of stacks alone: nothing is wrong with it
        }
        if (assumed && !isUsualLayout()) {
            memory.warn(
                    "The debug file does not say how ThreadX' threads are laid out, and memory does not look as 32 bits"
                            + " without extensions of a port would: they are not listed");
            return List.of();
        }
        if (assumed) {
            memory.warn("The debug file does not say how ThreadX' threads are laid out: 32 bits without extensions of a"
                    + " port are assumed");
        }
        long current = memory.wordOf("_tx_thread_current_ptr").orElse(0);
        var first = memory.wordOf("_tx_thread_created_ptr");
        var count = memory.wordOf("_tx_thread_created_count");
        long most = Math.min(
                count.orElse(memory.limits().threads()), memory.limits().threads());
        var found = new ArrayList<Long>();
        var visited = new HashSet<Long>();
        for (long thread = first.orElse(0); found.size() < most; ) {
            if (!isThread(thread)) {
                memory.warn("ThreadX' list of threads is damaged: there is none at 0x%08x".formatted(thread));
                break;
            }
            if (!visited.add(thread)) {
                memory.warn("ThreadX counts %d threads, its list has %d".formatted(most, found.size()));
                break;
            }
            found.add(thread);
            thread = field(thread, "tx_thread_created_next").orElse(0);
        }
        if (current != 0 && isThread(current) && visited.add(current)) {
            found.add(current);
        }
        boolean filled = found.stream()
                .anyMatch(thread -> stack(thread)
                        .filter(stack -> StackUse.isFilled(memory.space(), stack, STACK_FILL))
                        .isPresent());
        return found.stream()
                .map(thread -> described(thread, thread == current, filled))
                .toList();
    }

    /** Whether memory can only be as the usual layout has it: a circle of as many threads as are counted, both ways. */
    private boolean isUsualLayout() {
        var first = memory.wordOf("_tx_thread_created_ptr");
        var count = memory.wordOf("_tx_thread_created_count");
        if (memory.space().architecture().wordBytes() != 4 || first.isEmpty() || count.isEmpty()) {
            return false;
        }
        long thread = first.getAsLong();
        for (long i = 0; i < Math.min(count.getAsLong(), memory.limits().threads()); i++) {
            long next =
                    isThread(thread) ? field(thread, "tx_thread_created_next").orElse(0) : 0;
            if (!isThread(next) || field(next, "tx_thread_created_previous").orElse(0) != thread) {
                return false;
            }
            thread = next;
        }
        return thread == first.getAsLong();
    }

    private boolean isThread(long address) {
        return memory.isObject(address, layout.size())
                && field(address, "tx_thread_id").orElse(0) == IDENTITY;
    }

    private OptionalLong field(long thread, String member) {
        return layout.member(member)
                .map(known -> memory.unsigned(
                        thread + known.offset(), known.size() > 0 && known.size() <= 8 ? (int) known.size() : 4))
                .orElse(OptionalLong.empty());
    }

    private KernelThread described(long thread, boolean runs, boolean filled) {
        var top = field(thread, "tx_thread_stack_ptr");
        var saved = runs || top.isEmpty()
                ? Optional.<Registers>empty()
                : new SavedContext(memory.space()).ofThreadX(top.getAsLong());
        var stack = stack(thread);
        long number = field(thread, "tx_thread_state").orElse(-1);
        var use = stack.map(range ->
                        StackUse.of(memory.space(), range, STACK_FILL, runs ? OptionalLong.empty() : top, filled))
                .orElse(StackUse.UNKNOWN);
        var priority = field(thread, "tx_thread_priority");
        var name = field(thread, "tx_thread_name");
        return new KernelThread(
                thread,
                name.isPresent() ? memory.text(name.getAsLong(), 0).orElse(null) : null,
                runs,
                saved,
                stack.orElse(null),
                new ThreadState(
                        runs ? Activity.RUNNING : activity(number),
                        runs ? null : waitsFor(thread, number),
                        priority.isPresent() && priority.getAsLong() < MOST_PRIORITIES
                                ? OptionalInt.of((int) priority.getAsLong())
                                : OptionalInt.empty(),
                        use.used(),
                        use.overflow()));
    }

    private static Activity activity(long number) {
        return switch ((int) number) {
            case 0 -> Activity.READY;
            case 1, 2 -> Activity.DELETED; // it returned, or was terminated
            case 3 -> Activity.SUSPENDED;
            default -> number > 3 && number < WAITS.size() ? Activity.BLOCKED : Activity.UNKNOWN;
        };
    }

    private @Nullable String waitsFor(long thread, long number) {
        if (number < 4 || number >= WAITS.size()) {
            return null;
        }
        var what = WAITS.get((int) number);
        var object = field(thread, "tx_thread_suspend_control_block");
        if (number == 4 || object.isEmpty() || object.getAsLong() == 0) {
            return what;
        }
        return what
                + memory.nameOf(object.getAsLong())
                        .map(" `%s`"::formatted)
                        .orElse(" at 0x%08x".formatted(object.getAsLong()));
    }

    private Optional<AddressRange> stack(long thread) {
        var start = field(thread, "tx_thread_stack_start");
        var size = field(thread, "tx_thread_stack_size");
        boolean known = start.isPresent() && size.isPresent() && size.getAsLong() > 0 && size.getAsLong() < 1 << 24;
        return known
                ? Optional.of(new AddressRange(start.getAsLong(), start.getAsLong() + size.getAsLong()))
                : Optional.empty();
    }
}
