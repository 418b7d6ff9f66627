package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.ThumbInstruction;
import dev.faultline.symbols.index.SourceFrame;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the loop that a stack is in: a function with a branch from behind its pc to before it. Loops nest, and one moment
 * does not show which of them does not end: the innermost one is told, which certainly runs, unless it is the C library's,
 * whose loops end. A thread's main loop is none of them: it is in a function that never returns.
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
        if (!(space.architecture() instanceof ArmCortexM)) {
            return Optional.empty(); // only Thumb is read here
        }
        var search = new LoopSearch(space);
        for (var frame : frames.subList(0, Math.min(MOST_FRAMES, frames.size()))) {
            var innermost = search.loopsAround(frame.lookupPc() & ~1L).stream()
                    .filter(loop -> !loop.mainLoop() && !Places.isOfLibrary(loop.function()))
                    .min(Comparator.comparingLong(Loop::bytes));
            if (innermost.isPresent()) {
                return innermost.map(Loop::function);
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
        var flow = new ThumbFlow(address -> space.unsigned(address, 2), start, end);
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
            boolean isBack = target.isPresent() && target.getAsLong() <= pc && target.getAsLong() >= start;
            // a block that was moved behind the return jumps back as well, and does not come again
            if (at >= pc && isBack && flow.reaches(target.getAsLong(), pc)) {
                var name = holding(pc, target.getAsLong(), at, function.get().name());
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

    /**
     * The innermost function, inlined or not, that holds the pc and the whole loop: a branch back may well be the last
     * instruction of something that was inlined into it.
     */
    private String holding(long pc, long start, long branch, String function) {
        var inside = source(pc);
        int shared = shared(inside, source(branch), inside.size());
        for (long at = start; at < branch && shared > 1; ) {
            shared = shared(inside, source(at), shared);
            int opcode = (int) space.unsigned(at, 2).orElse(0);
            at += ThumbInstruction.is32Bit(opcode) ? 4 : 2;
        }
        return shared == 0 ? function : inside.get(inside.size() - shared).function();
    }

    /** How many levels, of {@code most} and from the outermost inwards, two places have in common. */
    private static int shared(List<SourceFrame> one, List<SourceFrame> other, int most) {
        int levels = Math.min(most, other.size());
        for (int outer = 1; outer <= levels; outer++) {
            if (!one.get(one.size() - outer)
                    .function()
                    .equals(other.get(other.size() - outer).function())) {
                return outer - 1;
            }
        }
        return levels;
    }

    private List<SourceFrame> source(long address) {
        return space.symbols()
                .at(address)
                .flatMap(module -> module.index().map(index -> index.lookup(module.linked(address))))
                .orElse(List.of());
    }
}
