package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ThumbInstruction;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Where the flow of one function's Thumb code can lead.
 *
 * @param code reads a halfword
 * @param start of the function
 * @param end behind its last byte
 */
record ThumbFlow(LongFunction<OptionalLong> code, long start, long end) {

    /**
     * Whether there may be a way from an instruction to the one that {@code to} is in; what cannot be followed, such as a table branch, may lead
     * anywhere.
     */
    boolean reaches(long from, long to) {
        var waiting = new ArrayDeque<Long>();
        var seen = new HashSet<Long>();
        waiting.add(from);
        while (!waiting.isEmpty()) {
            long at = waiting.pop();
            int conditional = 0; // instructions that are left of an IT block
            boolean goesOn = true;
            while (goesOn && at >= start && at < end && seen.add(at)) {
                var first = code.apply(at);
                if (first.isEmpty()) {
                    return true;
                }
                int opcode = (int) first.getAsLong();
                long next = at + (ThumbInstruction.is32Bit(opcode) ? 4 : 2);
                if (at <= to && to < next) {
                    return true;
                }
                int second = (int) code.apply(at + 2).orElse(0);
                if (ThumbInstruction.isTableBranch(opcode, second)) {
                    return true;
                }
                ThumbInstruction.branchTarget(at, opcode, second).ifPresent(waiting::add);
                goesOn = conditional > 0 || ThumbInstruction.goesOn(opcode, second);
                conditional = Math.max(conditional - 1, ThumbInstruction.conditionalAfter(opcode));
                at = next;
            }
        }
        return false;
    }
}
