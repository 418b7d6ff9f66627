package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ThumbInstruction;
import dev.faultline.symbols.index.SourceFrame;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import java.util.List;
import java.util.Optional;

/** Finds the loop that a stack is in: the innermost frame whose function has a branch from behind its pc to before it. */
final class LoopSearch {
    /** Most frames that are looked at. */
    private static final int MOST_FRAMES = 32;

    /** Most bytes of code that are read behind one pc. */
    private static final int MOST_BYTES = 4096;

    private LoopSearch() {}

    /** The name of the function that loops. */
    static Optional<String> loopingFunction(List<Frame> frames, AddressSpace space) {
        for (var frame : frames.subList(0, Math.min(MOST_FRAMES, frames.size()))) {
            var found = loopAround(frame.lookupPc() & ~1L, space);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> loopAround(long pc, AddressSpace space) {
        var module = space.symbols().at(pc);
        var function = space.function(pc);
        if (module.isEmpty() || function.isEmpty()) {
            return Optional.empty();
        }
        long bias = module.get().image().bias();
        long start = function.get().address() + bias;
        long end = Math.min(start + function.get().size(), pc + MOST_BYTES);
        for (long at = pc; at < end; ) {
            var first = space.unsigned(at, 2);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            int opcode = (int) first.getAsLong();
            int second = (int) space.unsigned(at + 2, 2).orElse(0);
            var target = ThumbInstruction.branchTarget(at, opcode, second);
            if (target.isPresent() && target.getAsLong() <= pc && target.getAsLong() >= start) {
                return Optional.of(common(
                        source(space, pc), source(space, at), function.get().name()));
            }
            at += ThumbInstruction.is32Bit(opcode) ? 4 : 2;
        }
        return Optional.empty();
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

    private static List<SourceFrame> source(AddressSpace space, long address) {
        return space.symbols()
                .at(address)
                .flatMap(module -> module.index().map(index -> index.lookup(module.linked(address))))
                .orElse(List.of());
    }
}
