package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.coredump.ThreadState.Activity;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.index.AddressRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads of Zephyr: a list of all, where the kernel was built to keep one. Where members lie is in a table that the
 * kernel has for debuggers, in the types of the debug file, or in both.
 */
final class Zephyr implements Kernel {
    private static final int STACK_FILL = 0xaa;

    /** What the optional stack sentinel has at the low end of every stack. */
    private static final long SENTINEL = 0xf0f0_f0f0L;

    private static final int PENDING = 0x02;
    private static final int SLEEPING = 0x04;
    private static final int DEAD = 0x08;
    private static final int SUSPENDED = 0x10;
    private static final int ABORTING = 0x20;

    /** The stack pointer that is saved in a thread, of Cortex-M, RISC-V and AArch64. */
    private static final String[] STACK_POINTERS = {"callee_saved.psp", "callee_saved.sp", "callee_saved.sp_elx"};

    /** What only the type says. */
    private static final int NOT_IN_TABLE = Integer.MAX_VALUE;

    /** Most entries of the table: later versions only add. */
    private static final int MOST_ENTRIES = 64;

    private final KernelMemory memory;
    private final Optional<StructLayout> kernel;
    private final Optional<StructLayout> thread;
    private final List<OptionalLong> table;

    Zephyr(KernelMemory memory) {
        this.memory = memory;
        this.kernel = memory.layout("z_kernel");
        this.thread = memory.layout("k_thread");
        this.table = table();
    }

    @Override
    public String name() {
        return "Zephyr";
    }

    private List<OptionalLong> table() {
        var symbol = memory.symbol("_kernel_thread_info_offsets").or(() -> memory.symbol("_kernel_openocd_offsets"));
        var size = constant("_kernel_thread_info_size_t_size", "_kernel_openocd_size_t_size");
        if (symbol.isEmpty()) {
            return List.of();
        }
        int width = size.orElse(memory.space().architecture().wordBytes()) == 8 ? 8 : 4;
        var version = memory.unsigned(symbol.get().address(), width);
        var counted = constant("_kernel_thread_info_num_offsets", "_kernel_openocd_num_offsets");
        // version 0 had no count
        long count = counted.orElse(version.orElse(0) == 0 ? 9 : 13);
        long none = width == 8 ? -1L : 0xffff_ffffL;
        var entries = new ArrayList<OptionalLong>();
        for (int i = 0; i < Math.min(count, MOST_ENTRIES); i++) {
            var entry = memory.unsigned(symbol.get().address() + (long) i * width, width);
            entries.add(entry.isPresent() && entry.getAsLong() == none ? OptionalLong.empty() : entry);
        }
        return List.copyOf(entries);
    }

    private OptionalLong constant(String... names) {
        for (var name : names) {
            var symbol = memory.symbol(name);
            if (symbol.isPresent()) {
                int size = symbol.get().size() == 8 ? 8 : symbol.get().size() == 1 ? 1 : 4;
                return memory.unsigned(symbol.get().address(), size);
            }
        }
        return OptionalLong.empty();
    }

    /** By the table where it says it, else by the type. */
    private OptionalLong offset(int entry, Optional<StructLayout> layout, String... members) {
        if (entry < table.size() && table.get(entry).isPresent()) {
            return table.get(entry);
        }
        for (var member : members) {
            var offset = layout.map(known -> known.offset(member)).orElse(OptionalLong.empty());
            if (offset.isPresent()) {
                return offset;
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public List<KernelThread> threads() {
        var symbol = memory.symbol("_kernel").orElseThrow();
        var toCurrent = offset(1, kernel, "cpus.current", "current");
        var toList = offset(2, kernel, "threads");
        var toNext = offset(4, thread, "next_thread");
        if (memory.word(symbol.address()).isEmpty()) {
            return List.of(); // a dump of the crashed thread alone: nothing is wrong with it
        }
        if (toCurrent.isEmpty() || toList.isEmpty() || toNext.isEmpty()) {
            memory.warn(
                    "Zephyr's threads can not be listed: neither its table for debuggers (CONFIG_DEBUG_THREAD_INFO) nor"
                            + " the debug file says where they are");
            return List.of();
        }
        var current = memory.word(symbol.address() + toCurrent.getAsLong());
        var head = memory.word(symbol.address() + toList.getAsLong());
        if (head.isEmpty()) {
            memory.warn("Zephyr's list of threads was not captured");
            return List.of();
        }
        var found = new ArrayList<Long>();
        var visited = new HashSet<Long>();
        long at = head.getAsLong();
        while (at != 0 && found.size() < memory.limits().threads()) {
            if (!memory.isObject(
                            at,
                            toNext.getAsLong() + memory.space().architecture().wordBytes())
                    || !visited.add(at)) {
                memory.warn("Zephyr's list of threads is damaged: there is none at 0x%08x".formatted(at));
                break;
            }
            found.add(at);
            at = memory.word(at + toNext.getAsLong()).orElse(0);
        }
        if (current.isPresent() && memory.isObject(current.getAsLong(), 4) && visited.add(current.getAsLong())) {
            found.add(current.getAsLong());
        }
        boolean filled = found.stream()
                .anyMatch(address -> stack(address)
                        .filter(stack -> StackUse.isFilled(memory.space(), aboveSentinel(stack), STACK_FILL))
                        .isPresent());
        return found.stream()
                .map(address -> described(address, current.orElse(0) == address, filled))
                .toList();
    }

    private KernelThread described(long address, boolean runs, boolean filled) {
        var saved = runs ? Optional.<Registers>empty() : saved(address);
        var toState = offset(5, thread, "base.thread_state");
        long bits = toState.isPresent()
                ? memory.unsigned(address + toState.getAsLong(), 1).orElse(0)
                : 0;
        var stack = stack(address);
        var toPointer = offset(8, thread, STACK_POINTERS);
        var pointer = runs || toPointer.isEmpty() ? OptionalLong.empty() : memory.word(address + toPointer.getAsLong());
        var toPriority = offset(7, thread, "base.prio");
        var priority =
                toPriority.isPresent() ? memory.unsigned(address + toPriority.getAsLong(), 1) : OptionalLong.empty();
        return new KernelThread(
                address,
                name(address).orElse(null),
                runs,
                saved,
                stack.orElse(null),
                state(address, runs, bits, toState.isPresent(), priority, use(stack, pointer, filled)));
    }

    private StackUse use(Optional<AddressRange> stack, OptionalLong pointer, boolean filled) {
        if (stack.isEmpty()) {
            return StackUse.UNKNOWN;
        }
        return StackUse.of(memory.space(), aboveSentinel(stack.get()), STACK_FILL, pointer, filled);
    }

    private AddressRange aboveSentinel(AddressRange stack) {
        boolean guarded = memory.unsigned(stack.start(), 4).orElse(0) == SENTINEL && stack.size() > 4;
        return guarded ? new AddressRange(stack.start() + 4, stack.end()) : stack;
    }

    private ThreadState state(
            long address, boolean runs, long bits, boolean known, OptionalLong priority, StackUse use) {
        Activity activity;
        if (runs) {
            activity = Activity.RUNNING;
        } else if (!known) {
            activity = Activity.UNKNOWN;
        } else if ((bits & (DEAD | ABORTING)) != 0) {
            activity = Activity.DELETED;
        } else if ((bits & (PENDING | SLEEPING)) != 0) {
            activity = Activity.BLOCKED;
        } else {
            activity = (bits & SUSPENDED) != 0 ? Activity.SUSPENDED : Activity.READY;
        }
        return new ThreadState(
                activity,
                activity == Activity.BLOCKED ? waitsFor(address, bits) : null,
                priority.isPresent() ? OptionalInt.of((byte) priority.getAsLong()) : OptionalInt.empty(),
                use.used(),
                use.overflow());
    }

    private @Nullable String waitsFor(long address, long bits) {
        if ((bits & PENDING) == 0) {
            return "a time, or its start"; // what bit 2 means changed between versions
        }
        var toQueue = offset(NOT_IN_TABLE, thread, "base.pended_on");
        var queue = toQueue.isPresent() ? memory.word(address + toQueue.getAsLong()) : OptionalLong.empty();
        if (queue.isEmpty() || queue.getAsLong() == 0) {
            return null;
        }
        return memory.nameOf(queue.getAsLong())
                .map(name -> "`" + name.replaceAll("\\+0x[0-9a-f]+$", "") + "`")
                .orElse("the object at 0x%08x".formatted(queue.getAsLong()));
    }

    private Optional<String> name(long address) {
        var toName = offset(9, thread, "name");
        var member = thread.flatMap(layout -> layout.member("name"));
        var given = Optional.<String>empty();
        if (toName.isPresent()) {
            boolean pointer = member.isPresent() && member.get().pointer();
            long at = address + toName.getAsLong();
            given = pointer
                    ? memory.text(memory.word(at).orElse(0), 0)
                    : memory.text(at, member.map(StructLayout.Member::size).orElse(32L));
        }
        return given.isPresent() ? given : entry(address);
    }

    /** A thread without a name is known by the function that it began with. */
    private Optional<String> entry(long address) {
        var toEntry = offset(3, thread, "entry.pEntry", "entry");
        var entry = toEntry.isPresent() ? memory.word(address + toEntry.getAsLong()) : OptionalLong.empty();
        return entry.isPresent()
                ? memory.space()
                        .function(memory.space().architecture().instructionAddress(entry.getAsLong()))
                        .map(function -> function.name())
                : Optional.empty();
    }

    private Optional<AddressRange> stack(long address) {
        var start = offset(NOT_IN_TABLE, thread, "stack_info.start");
        var size = offset(NOT_IN_TABLE, thread, "stack_info.size");
        if (start.isEmpty() || size.isEmpty()) {
            return Optional.empty();
        }
        var from = memory.word(address + start.getAsLong());
        var bytes = memory.word(address + size.getAsLong());
        boolean known = from.isPresent() && bytes.isPresent() && bytes.getAsLong() > 0 && bytes.getAsLong() < 1 << 24;
        return known
                ? Optional.of(new AddressRange(from.getAsLong(), from.getAsLong() + bytes.getAsLong()))
                : Optional.empty();
    }

    private Optional<Registers> saved(long address) {
        var toPointer = offset(8, thread, STACK_POINTERS);
        if (toPointer.isEmpty()) {
            return Optional.empty();
        }
        return new SavedContext(memory.space())
                .ofZephyr(address + toPointer.getAsLong(), member -> saved(address, member), hasFloats(address));
    }

    private OptionalLong saved(long address, String member) {
        var offset = offset(NOT_IN_TABLE, thread, "callee_saved." + member);
        return offset.isPresent() ? OptionalLong.of(address + offset.getAsLong()) : OptionalLong.empty();
    }

    private boolean hasFloats(long address) {
        var toArch = offset(10, thread, "arch");
        var toMode = 13 < table.size() && table.get(13).isPresent()
                ? table.get(13)
                : thread.flatMap(layout -> layout.member("arch"))
                        .map(arch -> arch.layout())
                        .map(layout -> layout.offset("mode_exc_return"))
                        .orElse(OptionalLong.empty());
        if (toArch.isEmpty() || toMode.isEmpty()) {
            return false;
        }
        long exceptionReturn = memory.unsigned(address + toArch.getAsLong() + toMode.getAsLong(), 1)
                .orElse(0x10);
        return exceptionReturn != 0 && (exceptionReturn & 0x10) == 0;
    }
}
