package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All threads of a crash: those of the dump, and those that only the kernel knew.
 *
 * @param threads the crashed one first; those of the dump with what the kernel knew of them
 * @param warnings what of the kernel's memory could not be read
 */
public record KernelThreads(List<DumpThread> threads, List<String> warnings) {

    public KernelThreads {
        threads = List.copyOf(threads);
        warnings = List.copyOf(warnings);
    }

    /** Never fails: without a known kernel, or symbols, the threads are the dump's. */
    public static KernelThreads of(Coredump coredump, AddressSpace space, Limits limits) {
        for (var module : space.symbols().modules()) {
            var memory = KernelMemory.of(space, module, limits);
            var kernel = memory.flatMap(Kernel::of);
            if (memory.isPresent() && kernel.isPresent()) {
                var found = kernel.get().threads();
                return new KernelThreads(
                        merged(coredump.threads(), found, space, limits),
                        memory.get().warnings());
            }
        }
        return new KernelThreads(coredump.threads(), List.of());
    }

    /** What the dump has of a thread is fresher than what its kernel saved: its registers, name and stack count first. */
    private static List<DumpThread> merged(
            List<DumpThread> dumped, List<KernelThread> kernel, AddressSpace space, Limits limits) {
        var merged = new ArrayList<DumpThread>();
        var used = new HashSet<KernelThread>();
        for (var thread : dumped) {
            var same = same(thread, kernel, used, space);
            same.ifPresent(used::add);
            merged.add(same.map(known -> with(thread, known)).orElse(thread));
        }
        var ids = new HashSet<Long>();
        dumped.forEach(thread -> ids.add(thread.id()));
        for (var thread : kernel) {
            if (merged.size() >= limits.threads()) {
                break;
            }
            if (!used.contains(thread)) {
                merged.add(new DumpThread(
                        free(thread.address(), ids),
                        thread.name(),
                        false,
                        thread.saved().orElse(Registers.none(space.architecture())),
                        thread.stack(),
                        List.of(),
                        thread.state()));
            }
        }
        return merged;
    }

    /** A thread that the dump lacks is numbered by its control block; that number is hardly ever another's. */
    private static long free(long address, Set<Long> ids) {
        long id = address;
        while (!ids.add(id)) {
            id++;
        }
        return id;
    }

    /** The kernel's thread that a dump means: by control block, by stack, by being the one that ran, by name. */
    private static Optional<KernelThread> same(
            DumpThread thread, List<KernelThread> kernel, Set<KernelThread> used, AddressSpace space) {
        var free = kernel.stream().filter(candidate -> !used.contains(candidate)).toList();
        for (var candidate : free) {
            if (candidate.address() == thread.id()) {
                return Optional.of(candidate);
            }
        }
        var stack = thread.stack();
        for (var candidate : free) {
            if (stack != null && candidate.stack() != null && stack.contains(candidate.stack().start())) {
                return Optional.of(candidate);
            }
        }
        if (thread.crashed()) {
            var running = free.stream().filter(KernelThread::running).toList();
            var pointer = thread.registers().get(space.architecture().stackPointer());
            for (var candidate : running) { // of several cores the one whose stack it is on
                if (running.size() == 1
                        || (pointer.isPresent()
                                && candidate.stack() != null
                                && candidate.stack().contains(pointer.getAsLong()))) {
                    return Optional.of(candidate);
                }
            }
        }
        var name = thread.name();
        var named = free.stream()
                .filter(candidate -> name != null && name.equals(candidate.name()))
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    private static DumpThread with(DumpThread thread, KernelThread known) {
        return new DumpThread(
                thread.id(),
                first(thread.name(), known.name()),
                thread.crashed(),
                thread.registers(),
                first(thread.stack(), known.stack()),
                thread.frames(),
                first(thread.state(), known.state()));
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }
}
