package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.report.FrameReport;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A stack that was too small, by what lies right below one. */
final class StackOverflow {
    /** How far below a stack an access still counts as its overflow: the usual sizes of a guard. */
    static final long GUARD_REACH = 256;

    /** The same of a process: a guard is one page of at most 64 KiB, unless a program asked for more. */
    private static final long PROCESS_GUARD_REACH = 1 << 16;

    private StackOverflow() {}

    /**
     * Whose stack overflowed and how deep it was, in a sentence.
     *
     * @param address of the access that faulted
     * @param stackPointer of the crashed thread, where it is on its own stack
     */
    static @Nullable String of(CrashScene scene, OptionalLong address, OptionalLong stackPointer) {
        for (var thread : scene.coredump().threads()) {
            var stack = thread.stack();
            if (stack == null) {
                continue;
            }
            if (address.isPresent() && isUnder(stack, address.getAsLong())) {
                return sentence(scene, thread, "the access to " + Told.hex(address.getAsLong(), scene), stack);
            }
            if (thread.crashed() && stackPointer.isPresent() && isUnder(stack, stackPointer.getAsLong())) {
                return sentence(scene, thread, "the stack pointer " + Told.hex(stackPointer.getAsLong(), scene), stack);
            }
        }
        return null;
    }

    /**
     * The same of a process, which knows no bounds of its stacks: what the crashed thread reached for is near its stack
     * pointer, in no memory that was mapped, and right above begins memory, its stack.
     */
    static @Nullable String ofProcess(CrashScene scene, OptionalLong address, OptionalLong stackPointer) {
        var thread = scene.coredump().crashedThread();
        if (stackPointer.isEmpty() || thread.isEmpty() || scene.frames().size() < 2) {
            return null;
        }
        long sp = stackPointer.getAsLong();
        long reached = address.orElse(sp);
        var memory = scene.coredump().memory();
        var begins = memory.regions().stream()
                .map(Memory.Region::address)
                .filter(start -> Long.compareUnsigned(start, reached) > 0
                        && start - reached <= PROCESS_GUARD_REACH
                        && start - sp <= PROCESS_GUARD_REACH)
                .min(Long::compareUnsigned);
        if (begins.isEmpty() || memory.has(reached) || Math.abs(reached - sp) > PROCESS_GUARD_REACH) {
            return null;
        }
        return "Stack overflow of %s%s: %s %s is below its stack, which begins at %s"
                .formatted(
                        Places.name(thread.get()),
                        rounds(scene),
                        address.isPresent() ? "the access to" : "the stack pointer",
                        Told.hex(reached, scene),
                        Told.hex(begins.get(), scene));
    }

    private static String sentence(CrashScene scene, DumpThread thread, String what, AddressRange stack) {
        return "Stack overflow of %s%s: %s is below its stack of %d bytes from %s on"
                .formatted(
                        Places.name(thread),
                        thread.crashed() ? rounds(scene) : "",
                        what,
                        stack.size(),
                        Told.hex(stack.start(), scene));
    }

    private static boolean isUnder(AddressRange stack, long address) {
        return address < stack.start() && address >= stack.start() - GUARD_REACH;
    }

    /** Where it overflowed: the innermost function, and the recursion where there is one. */
    static String rounds(CrashScene scene) {
        var frames = scene.frames();
        var recursion = Recursion.of(frames.stream().map(FrameReport::function).toList());
        return recursion.isPresent()
                ? " after %d rounds of %s"
                        .formatted(recursion.get().rounds(), recursion.get().words())
                : Places.in(frames.isEmpty() ? null : frames.getFirst());
    }
}
