package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ThumbInstruction;
import dev.faultline.symbols.index.SourceFrame;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the loop that a stack is in: a function with a branch from behind its pc to before it. Loops nest; the inner ones
 * may be on their way to an end, so the outermost one is told. A thread's main loop is none of them: it is in a function
 * that never returns.
 */
final class LoopSearch {
    /** Most frames that are looked at. */
    private static final int MOST_FRAMES = 32;

    /** Most bytes of one function that are read. */
    private static final int MOST_BYTES = 8192;

    private final AddressSpace space;

    private LoopSearch(AddressSpace space) {
        this.space = space;
    }

    /** A branch back over the pc: the function, inlined or not, whose loop it is, and the bytes between. */
    private record Loop(String function, long bytes, boolean mainLoop) {}

    /** The name of the function that loops; {@code frames} are innermost first. */
    static Optional<String> loopingFunction(List<Frame> frames, AddressSpace space) {
        var search = new LoopSearch(space);
        var near = frames.subList(0, Math.min(MOST_FRAMES, frames.size()));
        for (var frame : near.reversed()) {
            var outermost = search.loopsAround(frame.lookupPc() & ~1L).stream()
                    .filter(loop -> !loop.mainLoop())
                    .max(Comparator.comparingLong(Loop::bytes));
            if (outermost.isPresent()) {
                return outermost.map(Loop::function);
            }
        }
        return Optional.empty();
    }

    private List<Loop> loopsAround(long pc) {
        var module = space.symbols().at(pc);
        var function = space.function(pc);
        if (module.isEmpty() || function.isEmpty()) {
            return List.of();
        }
        long start = function.get().address() + module.get().image().bias();
        long end = start + Math.min(function.get().size(), MOST_BYTES);
        boolean returns = false;
        var found = new ArrayList<Loop>();
        for (long at = start; at < end; ) {
            var first = space.unsigned(at, 2);
            if (first.isEmpty()) {
                return List.of();
            }
            int opcode = (int) first.getAsLong();
            int second = (int) space.unsigned(at + 2, 2).orElse(0);
            returns |= ThumbInstruction.isReturn(opcode, second);
            var target = ThumbInstruction.branchTarget(at, opcode, second);
            if (at >= pc && target.isPresent() && target.getAsLong() <= pc && target.getAsLong() >= start) {
                var name = common(source(pc), source(at), function.get().name());
                found.add(new Loop(
                        name,
                        at - target.getAsLong(),
                        name.equals(outermost(pc, function.get().name()))));
            }
            at += ThumbInstruction.is32Bit(opcode) ? 4 : 2;
        }
        if (!returns) {
            return found;
        }
        return found.stream()
                .map(loop -> new Loop(loop.function(), loop.bytes(), false))
                .toList();
    }

    private String outermost(long pc, String function) {
        var levels = source(pc);
        return levels.isEmpty() ? function : levels.getLast().function();
    }

    /** The innermost function, inlined or not, that holds both places. */
    private static String common(List<SourceFrame> inside, List<SourceFrame> branch, String function) {
        String common = function;
        int shared = Math.min(inside.size(), branch.size());
        for (int outer = 1; outer <= shared; outer++) {
            var one = inside.get(inside.size() - outer).function();
            if (!one.equals(branch.get(branch.size() - outer).function())) {
                break;
            }
            common = one;
        }
        return common;
    }

    private List<SourceFrame> source(long address) {
        return space.symbols()
                .at(address)
                .flatMap(module -> module.index().map(index -> index.lookup(module.linked(address))))
                .orElse(List.of());
    }
}
