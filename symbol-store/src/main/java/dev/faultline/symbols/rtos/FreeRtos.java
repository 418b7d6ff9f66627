package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.coredump.ThreadState.Activity;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.index.DataSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of FreeRTOS, and of ESP-IDF, whose kernel it is. A task is in exactly one of the kernel's lists, which says its
 * state; the one that runs stands in a ready list as well.
 */
final class FreeRtos implements Kernel {
    /** What new stacks are filled with (tskSTACK_FILL_BYTE). */
    private static final int STACK_FILL = 0xa5;

    /** Most priorities: of a list array of hostile size. */
    private static final int MOST_PRIORITIES = 256;

    private static final int MOST_CORES = 8;

    /** What the end marker of a list has as its value: no tick is later. */
    private static final long NEVER = 0xffff_ffffL;

    /** Where the state item of a task can stand. */
    private static final Set<String> LISTS = Set.of(
            "pxReadyTasksLists",
            "xDelayedTaskList1",
            "xDelayedTaskList2",
            "xPendingReadyList",
            "xSuspendedTaskList",
            "xTasksWaitingTermination");

    /** Most stack a task can have, where its end is sought. */
    static final long LONGEST_STACK = 1 << 24;

    private final KernelMemory memory;
    private final List<Long> dumped;
    private final Offsets offsets;
    private final Map<Long, Placed> tasks = new LinkedHashMap<>();
    private final Set<Long> running = new LinkedHashSet<>();
    private final Set<String> absent = new LinkedHashSet<>();

    /** Where a task was found: what the list means. */
    private record Placed(Activity activity, @Nullable String why) {}

    /**
     * Where the members lie.
     *
     * @param assumed whether they are those of the usual 32-bit configuration, because the debug file does not say them
     */
    private record Offsets(
            boolean assumed,
            long listSize,
            long count,
            long end,
            long itemValue,
            long next,
            long previous,
            long owner,
            long container,
            long taskSize,
            long top,
            long stateItem,
            long eventItem,
            long priority,
            long stack,
            long name,
            long nameSize,
            OptionalLong stackEnd,
            OptionalLong notified,
            OptionalLong toSend,
            OptionalLong toReceive,
            OptionalLong queueHead) {

        static Offsets of(KernelMemory memory) {
            var task = memory.layout("tskTaskControlBlock", "TCB_t");
            var list = memory.layout("xLIST", "List_t");
            var item = memory.layout("xLIST_ITEM", "ListItem_t");
            if (task.isPresent() && list.isPresent() && item.isPresent()) {
                var known = described(task.get(), list.get(), item.get(), memory.layout("QueueDefinition"));
                if (known.isPresent()) {
                    return known.get();
                }
            }
            return new Offsets(
                    true,
                    20,
                    0,
                    8,
                    0,
                    4,
                    8,
                    12,
                    16,
                    68,
                    0,
                    4,
                    24,
                    44,
                    48,
                    52,
                    16,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.of(16),
                    OptionalLong.of(36),
                    OptionalLong.of(0));
        }

        private static Optional<Offsets> described(
                StructLayout task, StructLayout list, StructLayout item, Optional<StructLayout> queue) {
            var state = first(task, "xStateListItem", "xGenericListItem");
            var event = first(task, "xEventListItem");
            var name = task.member("pcTaskName");
            var count = first(list, "uxNumberOfItems");
            var end = first(list, "xListEnd");
            var next = first(item, "pxNext");
            var previous = first(item, "pxPrevious");
            var owner = first(item, "pvOwner");
            var container = first(item, "pxContainer", "pvContainer");
            var value = first(item, "xItemValue");
            var stack = first(task, "pxStack");
            var top = first(task, "pxTopOfStack");
            var priority = first(task, "uxPriority");
            for (var needed :
                    List.of(state, event, count, end, next, previous, owner, container, value, stack, top, priority)) {
                if (needed.isEmpty()) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Offsets(
                    false,
                    list.size(),
                    count.getAsLong(),
                    end.getAsLong(),
                    value.getAsLong(),
                    next.getAsLong(),
                    previous.getAsLong(),
                    owner.getAsLong(),
                    container.getAsLong(),
                    task.size(),
                    top.getAsLong(),
                    state.getAsLong(),
                    event.getAsLong(),
                    priority.getAsLong(),
                    stack.getAsLong(),
                    name.map(StructLayout.Member::offset).orElse(-1L),
                    name.map(StructLayout.Member::size).orElse(0L),
                    first(task, "pxEndOfStack"),
                    first(task, "ucNotifyState", "eNotifyState"),
                    queue.map(layout -> first(layout, "xTasksWaitingToSend")).orElse(OptionalLong.empty()),
                    queue.map(layout -> first(layout, "xTasksWaitingToReceive")).orElse(OptionalLong.empty()),
                    queue.map(layout -> first(layout, "pcHead")).orElse(OptionalLong.empty())));
        }

        private static OptionalLong first(StructLayout layout, String... names) {
            for (var name : names) {
                var offset = layout.offset(name);
                if (offset.isPresent()) {
                    return offset;
                }
            }
            return OptionalLong.empty();
        }
    }

    FreeRtos(KernelMemory memory, List<Long> dumped) {
        this.memory = memory;
        this.dumped = List.copyOf(dumped);
        this.offsets = Offsets.of(memory);
    }

    @Override
    public String name() {
        return "FreeRTOS";
    }

    @Override
    public List<KernelThread> threads() {
        if (!isCaptured()) {
            return ofControlBlocks();
        }
        findRunning();
        if (offsets.assumed()) {
            if (!isUsualLayout()) {
                memory.warn(
                        "The debug file does not say how FreeRTOS' structures are laid out, and memory does not look"
                                + " as the usual layout of a 32-bit build would: its tasks are not listed");
                return List.of();
            }
            memory.warn(
                    "The debug file does not say how FreeRTOS' structures are laid out: the usual layout of a 32-bit"
                            + " build is assumed");
        }
        var scheduler = memory.wordOf("xSchedulerRunning");
        if (scheduler.isPresent() && scheduler.getAsLong() == 0) {
            memory.warn("FreeRTOS' scheduler had not been started");
        }
        findReady();
        findIn("xPendingReadyList", new Placed(Activity.READY, null));
        findDelayed("xDelayedTaskList1");
        findDelayed("xDelayedTaskList2");
        findSuspended();
        findIn("xTasksWaitingTermination", new Placed(Activity.DELETED, null));
        for (long task : running) {
            tasks.putIfAbsent(task, new Placed(Activity.RUNNING, null));
        }
        if (!absent.isEmpty()) {
            memory.warn("Lists of FreeRTOS' tasks were not captured: " + String.join(", ", absent));
        }
        var expected = memory.wordOf("uxCurrentNumberOfTasks");
        if (absent.isEmpty() && expected.isPresent() && expected.getAsLong() != tasks.size()) {
            memory.warn("FreeRTOS counts %d tasks, its lists have %d".formatted(expected.getAsLong(), tasks.size()));
        }
        return described();
    }

    /**
     * The tasks of a dump without the kernel's lists, as ESP-IDF makes them: nothing is wrong with it, and each control block
     * says in which list its task stands.
     */
    private List<KernelThread> ofControlBlocks() {
        for (long task : dumped) {
            if (offsets.assumed() || !memory.isObject(task, offsets.taskSize())) {
                continue;
            }
            if (task == dumped.getFirst()) {
                running.add(task);
            }
            place(task, running.contains(task) ? new Placed(Activity.RUNNING, null) : byList(task));
        }
        return described();
    }

    private Placed byList(long task) {
        var container = memory.word(task + offsets.stateItem() + offsets.container());
        var list = container.isPresent() ? memory.symbolAt(container.getAsLong()) : Optional.<DataSymbol>empty();
        return switch (list.map(DataSymbol::name).orElse("")) {
            case "pxReadyTasksLists", "xPendingReadyList" -> new Placed(Activity.READY, null);
            case "xDelayedTaskList1", "xDelayedTaskList2" -> delayed(task);
            case "xSuspendedTaskList" -> suspended(task);
            case "xTasksWaitingTermination" -> new Placed(Activity.DELETED, null);
            default -> new Placed(Activity.UNKNOWN, null);
        };
    }

    private boolean isCaptured() {
        return memory.wordOf("pxCurrentTCB").isPresent()
                || memory.wordOf("pxCurrentTCBs").isPresent()
                || memory.wordOf("pxReadyTasksLists").isPresent();
    }

    private void findRunning() {
        var one = memory.symbol("pxCurrentTCB");
        var several = memory.symbol("pxCurrentTCBs");
        long cores = several.isPresent() ? Math.clamp(several.get().size() / pointerBytes(), 1, MOST_CORES) : 1;
        var symbol = one.isPresent() ? one : several;
        for (int core = 0; symbol.isPresent() && core < cores; core++) {
            var current = memory.word(symbol.get().address() + (long) core * pointerBytes());
            if (current.isPresent() && memory.isObject(current.getAsLong(), offsets.stack() + pointerBytes())) {
                running.add(current.getAsLong());
            } else if (current.isPresent() && current.getAsLong() != 0) {
                memory.warn("%s is 0x%08x, where no task can be"
                        .formatted(symbol.get().name(), current.getAsLong()));
            }
        }
    }

    /** The first place where it is found counts; a kernel has no more tasks than a dump may have threads. */
    private void place(long task, Placed placed) {
        if (tasks.size() < memory.limits().threads()) {
            tasks.putIfAbsent(task, placed);
        }
    }

    /**
     * Whether memory can only be as the usual layout has it: ready lists end in markers with the highest value, and the
     * state item of the task that runs says whose it is and in which list it stands.
     */
    private boolean isUsualLayout() {
        var lists = memory.symbol("pxReadyTasksLists");
        if (pointerBytes() != 4 || lists.isEmpty() || running.isEmpty()) {
            return false;
        }
        long size = lists.get().size();
        long priorities = size / offsets.listSize();
        if (size == 0 || size % offsets.listSize() != 0 || priorities > MOST_PRIORITIES) {
            return false;
        }
        int ended = 0;
        for (long priority = 0; priority < priorities; priority++) {
            long marker = lists.get().address() + priority * offsets.listSize() + offsets.end();
            ended += memory.word(marker).orElse(0) == NEVER ? 1 : 0;
        }
        return ended > priorities / 2 && running.stream().allMatch(this::isUsualTask);
    }

    private boolean isUsualTask(long task) {
        long item = task + offsets.stateItem();
        var owner = memory.word(item + offsets.owner());
        var container = memory.word(item + offsets.container());
        var name = memory.text(task + offsets.name(), offsets.nameSize());
        return owner.isPresent()
                && owner.getAsLong() == task
                && container.isPresent()
                && memory.symbolAt(container.getAsLong())
                        .filter(list -> LISTS.contains(list.name()))
                        .isPresent()
                && name.isPresent();
    }

    private void findReady() {
        var lists = memory.symbol("pxReadyTasksLists");
        long priorities =
                lists.isPresent() ? Math.min(MOST_PRIORITIES, lists.get().size() / offsets.listSize()) : 0;
        for (long priority = priorities - 1; priority >= 0; priority--) {
            long list = lists.get().address() + priority * offsets.listSize();
            for (long task : tasksIn(list, "pxReadyTasksLists")) {
                place(task, new Placed(running.contains(task) ? Activity.RUNNING : Activity.READY, null));
            }
        }
    }

    private void findIn(String symbol, Placed placed) {
        var list = memory.symbol(symbol);
        if (list.isPresent()) {
            for (long task : tasksIn(list.get().address(), symbol)) {
                place(task, placed);
            }
        }
    }

    private void findDelayed(String symbol) {
        var list = memory.symbol(symbol);
        if (list.isEmpty()) {
            return;
        }
        for (long task : tasksIn(list.get().address(), symbol)) {
            place(task, delayed(task));
        }
    }

    private Placed delayed(long task) {
        var tick = memory.word(task + offsets.stateItem() + offsets.itemValue());
        var until = tick.isPresent() ? "tick " + tick.getAsLong() : "a time";
        var why = waitsFor(task).map(name -> name + ", at most until " + until).orElse(until);
        return new Placed(Activity.BLOCKED, why);
    }

    /** A task that waits for ever stands in the suspended list as well, but waits for something. */
    private void findSuspended() {
        var list = memory.symbol("xSuspendedTaskList");
        if (list.isEmpty()) {
            return;
        }
        for (long task : tasksIn(list.get().address(), "xSuspendedTaskList")) {
            place(task, suspended(task));
        }
    }

    private Placed suspended(long task) {
        return waitsFor(task)
                .map(name -> new Placed(Activity.BLOCKED, name))
                .orElse(new Placed(Activity.SUSPENDED, null));
    }

    /** What a task waits for, besides a time. */
    private Optional<String> waitsFor(long task) {
        var container = memory.word(task + offsets.eventItem() + offsets.container());
        if (container.isPresent() && container.getAsLong() != 0) {
            return Optional.of(object(container.getAsLong()));
        }
        boolean waitsForNotification = offsets.notified().isPresent()
                && memory.unsigned(task + offsets.notified().getAsLong(), 1).orElse(0) == 1; // taskWAITING_NOTIFICATION
        return waitsForNotification ? Optional.of("a notification") : Optional.empty();
    }

    /** What has the list of waiting tasks: a queue, by what it is registered as or known as, or anything else. */
    private String object(long list) {
        if (offsets.toReceive().isPresent()) {
            var named = queue(list - offsets.toReceive().getAsLong(), "a message from ");
            if (named.isPresent()) {
                return named.get();
            }
        }
        if (offsets.toSend().isPresent()) {
            var named = queue(list - offsets.toSend().getAsLong(), "room in ");
            if (named.isPresent()) {
                return named.get();
            }
        }
        return memory.nameOf(list).map("`%s`"::formatted).orElse("the object at 0x%08x".formatted(list));
    }

    private Optional<String> queue(long address, String what) {
        var registered = registered(address);
        var name = registered.isPresent() ? registered : exactly(address);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        // a mutex is a queue without items, whose head says so
        boolean mutex = offsets.queueHead().isPresent()
                && memory.word(address + offsets.queueHead().getAsLong()).orElse(1) == 0;
        return Optional.of((mutex ? "the mutex " : what) + "`" + name.get() + "`");
    }

    /** The name of the object itself, not of something that it lies in. */
    private Optional<String> exactly(long address) {
        return memory.nameOf(address).filter(name -> name.indexOf('+') < 0);
    }

    private Optional<String> registered(long queue) {
        var registry = memory.symbol("xQueueRegistry");
        long entries =
                registry.isPresent() ? Math.min(MOST_PRIORITIES, registry.get().size() / (2L * pointerBytes())) : 0;
        for (long i = 0; i < entries; i++) {
            long entry = registry.get().address() + i * 2 * pointerBytes();
            var name = memory.word(entry);
            var handle = memory.word(entry + pointerBytes());
            if (name.isPresent() && handle.isPresent() && handle.getAsLong() == queue && name.getAsLong() != 0) {
                return memory.text(name.getAsLong(), 0);
            }
        }
        return Optional.empty();
    }

    /** The owners of a list's items. A list that is damaged is followed from both ends. */
    private List<Long> tasksIn(long list, String what) {
        var count = memory.word(list + offsets.count());
        if (count.isEmpty()) {
            absent.add(what);
            return List.of();
        }
        if (count.getAsLong() == 0) {
            return List.of();
        }
        var owners = new LinkedHashMap<Long, Boolean>();
        long most = Math.min(count.getAsLong(), memory.limits().threads());
        boolean whole = walk(list, offsets.next(), most, owners);
        if (!whole) {
            walk(list, offsets.previous(), most - owners.size(), owners);
        }
        if (!whole || owners.size() != count.getAsLong()) {
            memory.warn("A list of FreeRTOS' tasks, %s at 0x%08x, is damaged: it counts %d, %d were found"
                    .formatted(what, list, count.getAsLong(), owners.size()));
        }
        return List.copyOf(owners.keySet());
    }

    /** Whether the walk came back to the end marker. */
    private boolean walk(long list, long direction, long most, Map<Long, Boolean> owners) {
        long end = list + offsets.end();
        var visited = new HashSet<Long>();
        var item = memory.word(end + direction);
        for (long i = 0; i <= most; i++) {
            if (item.isEmpty()) {
                return false;
            }
            long at = item.getAsLong();
            if (at == end) {
                return true;
            }
            if (!memory.isObject(at, offsets.container() + pointerBytes()) || !visited.add(at)) {
                return false;
            }
            var owner = memory.word(at + offsets.owner());
            if (owner.isPresent() && memory.isObject(owner.getAsLong(), offsets.stack() + pointerBytes())) {
                owners.put(owner.getAsLong(), true);
            } else {
                memory.warn("The item at 0x%08x of a list of tasks belongs to no task".formatted(at));
            }
            item = memory.word(at + direction);
        }
        return false;
    }

    private List<KernelThread> described() {
        boolean filled = tasks.keySet().stream()
                .anyMatch(task -> stack(task)
                        .filter(stack -> StackUse.isFilled(memory.space(), stack, STACK_FILL))
                        .isPresent());
        var threads = new ArrayList<KernelThread>();
        tasks.forEach((task, placed) -> threads.add(thread(task, placed, filled)));
        return threads;
    }

    private KernelThread thread(long task, Placed placed, boolean filled) {
        boolean runs = running.contains(task);
        var top = memory.word(task + offsets.top());
        var start = memory.word(task + offsets.stack());
        var saved = runs || top.isEmpty() || start.isEmpty()
                ? Optional.<Registers>empty()
                : saved(task, top.getAsLong(), start.getAsLong());
        var stack = stack(task);
        var use = stack.map(range -> StackUse.of(
                        memory.space(), range, STACK_FILL, runs ? OptionalLong.empty() : inStack(task, top), filled))
                .orElse(StackUse.UNKNOWN);
        var priority = memory.word(task + offsets.priority());
        var state = new ThreadState(
                placed.activity(),
                placed.why(),
                priority.isPresent() && priority.getAsLong() < MOST_PRIORITIES
                        ? OptionalInt.of((int) priority.getAsLong())
                        : OptionalInt.empty(),
                hasKnownEnd(task) ? use.used() : OptionalLong.empty(),
                use.overflow());
        var name =
                offsets.name() < 0 ? Optional.<String>empty() : memory.text(task + offsets.name(), offsets.nameSize());
        return new KernelThread(
                task, name.orElse(null), runs, saved, hasKnownEnd(task) ? stack.orElse(null) : null, state);
    }

    /** Ports with MPU save in the task itself: that is no stack pointer. */
    private OptionalLong inStack(long task, OptionalLong top) {
        boolean inTask =
                top.isPresent() && new AddressRange(task, task + offsets.taskSize() + 1).contains(top.getAsLong());
        return inTask ? OptionalLong.empty() : top;
    }

    private Optional<Registers> saved(long task, long top, long stackStart) {
        return new SavedContext(memory.space())
                .ofFreeRtos(top, stackStart, new AddressRange(task, task + offsets.taskSize()));
    }

    private boolean hasKnownEnd(long task) {
        var start = memory.word(task + offsets.stack());
        return start.isPresent() && end(task, start.getAsLong()).isPresent();
    }

    /** The stack, whose end is only a guess where nothing says it: then it must not be shown. */
    private Optional<AddressRange> stack(long task) {
        var start = memory.word(task + offsets.stack());
        if (start.isEmpty() || !memory.isObject(start.getAsLong(), pointerBytes())) {
            return Optional.empty();
        }
        long from = start.getAsLong();
        var known = end(task, from);
        long end = known.isPresent()
                ? known.getAsLong()
                : Math.min(memory.space().memory().capturedUntil(from), from + LONGEST_STACK);
        return Optional.of(new AddressRange(from, end));
    }

    /** The member that says it, the block of the heap, or the array that the stack is. */
    private OptionalLong end(long task, long start) {
        if (offsets.stackEnd().isPresent()) {
            var last = memory.word(task + offsets.stackEnd().getAsLong());
            if (last.isPresent() && isEnd(start, last.getAsLong())) {
                return OptionalLong.of((last.getAsLong() + pointerBytes() + 7) & -8L); // it is the last aligned word
            }
        }
        var holder = memory.symbolAt(start);
        if (holder.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!holder.get().name().equals("ucHeap")) {
            long end = holder.get().address() + holder.get().size();
            return isEnd(start, end) ? OptionalLong.of(end) : OptionalLong.empty();
        }
        // heap_4 and heap_5: before each block its link, null while allocated, and its size with the top bit set
        long header = 2L * pointerBytes();
        var link = memory.word(start - header);
        var size = memory.word(start - pointerBytes());
        long top = 1L << (8 * pointerBytes() - 1);
        if (link.isEmpty() || size.isEmpty() || link.getAsLong() != 0 || (size.getAsLong() & top) == 0) {
            return OptionalLong.empty();
        }
        long end = start - header + (size.getAsLong() & ~top);
        return isEnd(start, end) ? OptionalLong.of(end) : OptionalLong.empty();
    }

    private static boolean isEnd(long start, long end) {
        return end > start && end - start <= LONGEST_STACK;
    }

    private int pointerBytes() {
        return memory.space().architecture().wordBytes();
    }
}
