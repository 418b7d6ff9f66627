package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.coredump.ThreadState.Activity;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
        var ids = coredump.threads().stream().map(DumpThread::id).toList();
        for (var module : space.symbols().modules()) {
            var memory = KernelMemory.of(space, module, limits);
            var kernel = memory.flatMap(found -> Kernel.of(found, ids));
            if (memory.isPresent() && kernel.isPresent()) {
                var found = kernel.get().threads();
                var same = same(coredump.threads(), found, space);
                var others = found.stream()
                        .filter(thread -> !same.containsValue(thread))
                        .limit(Math.max(0, limits.threads() - coredump.threads().size()))
                        .toList();
                warn(memory.get(), kernel.get(), others);
                return new KernelThreads(
                        merged(coredump.threads(), same, others, space),
                        memory.get().warnings());
            }
        }
        return new KernelThreads(coredump.threads(), List.of());
    }

    /** Of threads that neither the dump nor the kernel has registers for; one that has ended needs none. */
    private static void warn(KernelMemory memory, Kernel kernel, List<KernelThread> others) {
        var lost = others.stream()
                .filter(thread -> thread.saved().isEmpty() && thread.state().activity() != Activity.DELETED)
                .toList();
        if (lost.isEmpty()) {
            return;
        }
        if (!SavedContext.isKnown(memory.space().architecture())) {
            memory.warn(
                    "%d threads of %s are without a stack: where their registers are saved is only known for Cortex-M, RISC-V, AArch64 and Xtensa"
                            .formatted(lost.size(), kernel.name()));
            return;
        }
        for (var thread : lost) {
            var name = thread.name() == null ? "" : " `%s`".formatted(thread.name());
            memory.warn("Thread%s of %s at 0x%08x has no registers saved that make sense"
                    .formatted(name, kernel.name(), thread.address()));
        }
    }

    /** What the dump has of a thread is fresher than what its kernel saved: its registers, name and stack count first. */
    private static List<DumpThread> merged(
            List<DumpThread> dumped,
            Map<DumpThread, KernelThread> same,
            List<KernelThread> others,
            AddressSpace space) {
        var merged = new ArrayList<DumpThread>();
        var ids = new HashSet<Long>();
        for (var thread : dumped) {
            var known = same.get(thread);
            merged.add(known == null ? thread : with(thread, known));
            ids.add(thread.id());
        }
        for (var thread : others) {
            merged.add(new DumpThread(
                    free(thread.address(), ids),
                    thread.name(),
                    false,
                    thread.saved().orElse(Registers.none(space.architecture())),
                    thread.stack(),
                    List.of(),
                    thread.state()));
        }
        return merged;
    }

    /** By identity: two threads of a damaged dump may be equal. */
    private static Map<DumpThread, KernelThread> same(
            List<DumpThread> dumped, List<KernelThread> kernel, AddressSpace space) {
        var same = new IdentityHashMap<DumpThread, KernelThread>();
        var free = new ArrayList<>(kernel);
        for (var thread : dumped) {
            same(thread, free, space).ifPresent(known -> {
                same.put(thread, known);
                free.remove(known);
            });
        }
        return same;
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
    private static Optional<KernelThread> same(DumpThread thread, List<KernelThread> free, AddressSpace space) {
        for (var candidate : free) {
            if (candidate.address() == thread.id()) {
                return Optional.of(candidate);
            }
        }
        var stack = thread.stack();
        for (var candidate : free) {
            if (stack != null
                    && candidate.stack() != null
                    && stack.contains(candidate.stack().start())) {
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
                wider(thread.stack(), known.stack()),
                thread.frames(),
                state(thread.state(), known.state()));
    }

    /** A dump may have a part of a stack alone, the kernel knows all of it. */
    private static @Nullable AddressRange wider(@Nullable AddressRange dumped, @Nullable AddressRange known) {
        boolean isPart =
                dumped != null && known != null && known.contains(dumped.start()) && known.size() > dumped.size();
        return isPart ? known : first(dumped, known);
    }

    private static ThreadState state(@Nullable ThreadState dumped, ThreadState known) {
        return dumped == null
                ? known
                : new ThreadState(
                        dumped.activity() == Activity.UNKNOWN ? known.activity() : dumped.activity(),
                        first(dumped.waitsFor(), known.waitsFor()),
                        dumped.priority().isPresent() ? dumped.priority() : known.priority(),
                        dumped.stackUsed().isPresent() ? dumped.stackUsed() : known.stackUsed(),
                        first(dumped.overflow(), known.overflow()));
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }
}
