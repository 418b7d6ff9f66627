package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ReturnToken;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.FaultState;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Walks stacks. For each frame the caller is looked for in this order: the context that a signal handler's trampoline or an
 * exception's return token stands for; call frame information, or the exception table where there is none; the frame
 * pointer; the return address where a call leaves it, in the innermost frame only; and last a scan of the stack for words
 * that point behind a call. In code with symbols the link register goes before the frame pointer: a function without call
 * frame information is assembly, which calls nothing and keeps no frame pointer of its own.
 */
public final class Unwinder {
    /** Most frames of one walk, most of which are not kept: a stack of 8 MB with 32 bytes a frame. */
    static final int MOST_STEPS = 1 << 18;

    private final AddressSpace space;
    private final CortexMState state;
    private final Limits limits;
    private final StackScan scan;
    private final int sp;
    private final int lr;
    private final int pc;

    public Unwinder(AddressSpace space, FaultState fault, Limits limits) {
        this.space = space;
        this.state = fault instanceof CortexMState state ? state : CortexMState.UNKNOWN;
        this.limits = limits;
        this.scan = new StackScan(space, limits);
        this.sp = space.architecture().stackPointer();
        this.lr = space.architecture().linkRegister();
        this.pc = space.architecture().programCounter();
    }

    /** The stack of one thread; never fails, but may be empty and always says why it ends. */
    public Stack unwind(DumpThread thread) {
        if (!thread.frames().isEmpty()) {
            return walkedByDevice(thread);
        }
        var first = start(thread);
        if (!(first instanceof Step.Caller(var registers, var trust))) {
            return new Stack(new ArrayList<Frame>(), why(first));
        }
        var inner = new ArrayList<Frame>();
        var outer = new ArrayDeque<Frame>();
        int most = Math.max(2, limits.frames());
        int outerMost = most / 4;
        var crossed = new HashSet<Long>();
        var current = new Step.Caller(registers, trust);
        for (int index = 0; index < MOST_STEPS; index++) {
            keep(frame(index, current), inner, outer, most - outerMost, outerMost);
            var next = callerOf(current, thread);
            if (!(next instanceof Step.Caller caller)) {
                inner.addAll(outer);
                return new Stack(inner, why(next));
            }
            // an exception may lead to any stack, but never to the same place of it again
            if (caller.trust() == Trust.EXCEPTION && !crossed.add(value(caller.registers(), sp))) {
                inner.addAll(outer);
                return new Stack(inner, "the stack does not go on: an exception frame comes twice");
            }
            current = caller;
        }
        inner.addAll(outer);
        return new Stack(inner, "more than %d frames".formatted(MOST_STEPS));
    }

    /** The canonical frame address of a frame; empty where no row of call frame information leads to it. */
    public static OptionalLong canonicalFrameAddress(Frame frame, AddressSpace space, Limits limits) {
        var row = space.unwindRow(frame.lookupPc());
        if (row.isEmpty() || row.get().origin() != UnwindRow.Origin.CALL_FRAME_INFORMATION) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(CallFrameStep.cfa(space, row.get(), frame.registers(), limits));
        } catch (FormatException e) {
            return OptionalLong.empty(); // based on a register that is not known, as who asks will say
        }
    }

    private Stack walkedByDevice(DumpThread thread) {
        var frames = new ArrayList<Frame>();
        var unknown = Registers.none(space.architecture());
        for (var frame : thread.frames()) {
            var trust = frame.exact() ? Trust.DEVICE : Trust.DEVICE_RETURN;
            boolean isDumped = frames.isEmpty() && thread.registers().get(pc).equals(OptionalLong.of(frame.pc()));
            var registers = isDumped ? thread.registers() : unknown;
            frames.add(new Frame(frames.size(), frame.pc(), 0, trust, registers));
        }
        return new Stack(frames, "the device sent these frames instead of its memory");
    }

    private Step start(DumpThread thread) {
        var registers = thread.registers();
        var counter = registers.get(pc);
        if (counter.isPresent()) {
            long address = space.architecture().instructionAddress(counter.getAsLong());
            return new Step.Caller(registers.with(pc, address), Trust.CONTEXT);
        }
        // The processor could not stack the innermost frame: only its callers can be found.
        return scan.callerOf(registers, OptionalLong.empty(), thread.stack());
    }

    private Step callerOf(Step.Caller frame, DumpThread thread) {
        boolean isTrampoline = frame.trust() == Trust.SIGNAL_TRAMPOLINE;
        boolean exact = isTrampoline || frame.trust() == Trust.CONTEXT || frame.trust() == Trust.EXCEPTION;
        long counter = value(frame.registers(), pc);
        long lookup = exact ? counter : counter - 1;
        if (space.architecture() instanceof Xtensa) {
            return WindowedStep.callerOf(space, frame.registers());
        }
        if (isTrampoline) {
            var interrupted = SignalTrampoline.interrupted(space, frame.registers());
            if (interrupted.isPresent()) {
                long address = space.architecture().instructionAddress(value(interrupted.get(), pc));
                return new Step.Caller(interrupted.get().with(pc, address), Trust.EXCEPTION);
            }
        }
        var step = byRow(frame, lookup, exact);
        boolean known = space.isCode(lookup);
        if (step instanceof Step.Failed && exact && !isTrampoline && (known || !space.mayBeUnknownCode(lookup))) {
            step = byCall(frame, step);
        }
        if (step instanceof Step.Failed failed && exact) {
            var entered = SystemCallEntry.callerOf(frame.registers(), space);
            step = entered instanceof Step.Caller ? entered : failed;
        }
        if (step instanceof Step.Failed failed) {
            var framed = FramePointerStep.callerOf(frame.registers(), space);
            step = framed instanceof Step.Caller ? framed : failed;
        }
        if (step instanceof Step.Failed && exact && !isTrampoline && !known && space.mayBeUnknownCode(lookup)) {
            step = byCall(frame, step);
        }
        if (step instanceof Step.End(String why) && isWithoutTable(frame, lookup, exact)) {
            var scanned = scan.directCallerOf(frame.registers(), lookup, thread.stack());
            return scanned instanceof Step.Failed ? new Step.End(why) : scanned;
        }
        return step instanceof Step.Failed failed ? byScan(frame, lookup, thread, failed) : step;
    }

    /** Whether an exception table says of a caller that it can not be unwound, as linkers do of all code without a table. */
    private boolean isWithoutTable(Step.Caller frame, long lookup, boolean exact) {
        return !exact
                && space.isCode(lookup)
                && space.unwindRow(lookup)
                        .map(row -> row.origin() == UnwindRow.Origin.EXCEPTION_TABLE && row.isOutermost())
                        .orElse(false)
                && frame.registers().has(sp);
    }

    private Step byScan(Step.Caller frame, long lookup, DumpThread thread, Step.Failed failed) {
        var unknown = space.isCode(lookup)
                ? Optional.<LoadedSymbols.Module>empty()
                : space.symbols().unknown(lookup);
        if (unknown.isEmpty() || space.symbols().isAnyKnown()) {
            var scanned = scan.callerOf(frame.registers(), OptionalLong.of(lookup), thread.stack());
            if (!(scanned instanceof Step.Failed)) {
                return scanned;
            }
        }
        return new Step.End(unknown.map(
                        module -> "the symbols of %s are missing: without them nothing more can be told from the stack"
                                .formatted(module.image().name()))
                .orElse(failed.why()));
    }

    private Step byRow(Step.Caller frame, long lookup, boolean exact) {
        if (!space.isCode(lookup)) {
            return new Step.Failed("there is no code at 0x%08x".formatted(lookup));
        }
        var covering = space.unwindRow(lookup);
        if (covering.isEmpty()) {
            return new Step.Failed("no call frame information covers 0x%08x".formatted(lookup));
        }
        var row = covering.get();
        boolean ofExceptionTable = row.origin() == UnwindRow.Origin.EXCEPTION_TABLE;
        if (ofExceptionTable && exact && space.beginsFunction(lookup)) {
            return new Step.Failed(
                    "the exception table does not describe the first instruction at 0x%08x".formatted(lookup));
        }
        CallFrameStep.Unwound unwound;
        try {
            unwound = CallFrameStep.apply(space, row, frame.registers(), limits);
        } catch (FormatException e) {
            return new Step.Failed("%s does not lead on: %s".formatted(nameOf(row), e.getMessage()));
        }
        if (unwound.outermost()) {
            return outermost(ofExceptionTable, exact);
        }
        if (unwound.returnAddress().isEmpty()) {
            return new Step.Failed("the return address was not captured or not saved");
        }
        long before = value(frame.registers(), sp);
        long after = value(unwound.registers(), sp);
        boolean goesOn =
                row.signalFrame() || Long.compareUnsigned(after, before) >= 0; // a handler may have its own stack
        if (!goesOn || (after == before && !exact)) {
            return new Step.Failed("the stack does not go on: sp 0x%08x after 0x%08x".formatted(after, before));
        }
        long word = unwound.returnAddress().getAsLong();
        // the table is right where the function calls; where it pushes or pops, what it calls a return address is none
        if (ofExceptionTable && exact && !mayFollowCall(word)) {
            return new Step.Failed(
                    "by the exception table the return address is 0x%08x, behind no call".formatted(word));
        }
        return follow(word, unwound.registers(), trust(row));
    }

    private static String nameOf(UnwindRow row) {
        return switch (row.origin()) {
            case CALL_FRAME_INFORMATION -> "call frame information";
            case EXCEPTION_TABLE -> "the exception table";
        };
    }

    /** Linkers write EXIDX_CANTUNWIND for all code without a table, so of an innermost leaf it says nothing. */
    private static Step outermost(boolean ofExceptionTable, boolean exact) {
        if (!ofExceptionTable) {
            return new Step.End("outermost frame, as its call frame information says");
        }
        String why = "the exception table says that this frame can not be unwound";
        return exact ? new Step.Failed(why) : new Step.End(why);
    }

    private boolean mayFollowCall(long word) {
        return switch (space.architecture().returnToken(word)) {
            case ReturnToken.Address() -> {
                long address = space.architecture().instructionAddress(word);
                yield space.followsCall(address) || (!space.isCode(address) && space.mayBeUnknownCode(address));
            }
            case ReturnToken.FromException exception -> true;
            case ReturnToken.Outermost outermost -> false;
            case ReturnToken.Unsupported unsupported -> false;
        };
    }

    private static Trust trust(UnwindRow row) {
        if (row.signalFrame()) {
            return Trust.EXCEPTION; // the registers of the code that was interrupted, its pc exact
        }
        return switch (row.origin()) {
            case CALL_FRAME_INFORMATION -> Trust.CFI;
            case EXCEPTION_TABLE -> Trust.EHABI;
        };
    }

    /** Where the call left the return address of an innermost frame: of a leaf, of code without rows, of a jump to nowhere. */
    private Step byCall(Step.Caller frame, Step failed) {
        return lr == Architecture.NONE ? byTopOfStack(frame, failed) : byLinkRegister(frame, failed);
    }

    /** Only of a jump to nowhere: a function may have pushed something since it was called. */
    private Step byTopOfStack(Step.Caller frame, Step failed) {
        var stack = frame.registers().get(sp);
        if (stack.isEmpty() || space.isCode(value(frame.registers(), pc))) {
            return failed;
        }
        var word = space.word(stack.getAsLong());
        if (word.isEmpty() || !space.followsCall(word.getAsLong())) {
            return failed;
        }
        long above = stack.getAsLong() + space.architecture().wordBytes();
        return follow(word.getAsLong(), kept(frame.registers()).with(sp, above), Trust.LINK_REGISTER);
    }

    private Step byLinkRegister(Step.Caller frame, Step failed) {
        var link = frame.registers().get(lr);
        if (link.isEmpty() || frame.registers().get(sp).isEmpty()) {
            return failed;
        }
        long word = link.getAsLong();
        var callee = kept(frame.registers()).without(lr);
        if (!(space.architecture().returnToken(word) instanceof ReturnToken.Address)) {
            return follow(word, callee, Trust.LINK_REGISTER);
        }
        long counter = value(frame.registers(), pc);
        long address = space.architecture().instructionAddress(word);
        if (!space.architecture().mayBeReturnAddress(word)) {
            return failed;
        }
        if (SignalTrampoline.isAt(space, address)) {
            return new Step.Caller(afterCall(callee, address), Trust.SIGNAL_TRAMPOLINE);
        }
        if (space.mayBeUnknownCode(address) && !space.isCode(address)) {
            return new Step.Caller(afterCall(callee, address), Trust.LINK_REGISTER);
        }
        if (!space.isCode(address) || !space.followsCall(address)) {
            return failed;
        }
        boolean callsOn = space.isCode(counter) && space.function(counter).equals(space.function(address - 1));
        if (callsOn && !recurses(counter, address)) {
            return failed; // it called something since: lr points into the function itself
        }
        return new Step.Caller(scan.aligned(afterCall(callee, address)), Trust.LINK_REGISTER);
    }

    /** Without the floating-point registers that a call does not keep. */
    private Registers kept(Registers callee) {
        return callee.withFloatsKeptBy(callee, space.architecture().floats());
    }

    private boolean recurses(long counter, long returnAddress) {
        var target = space.callTarget(returnAddress);
        var function = space.function(counter);
        return target.isPresent()
                && function.isPresent()
                && space.function(target.getAsLong()).equals(function)
                && space.beginsFunction(target.getAsLong());
    }

    /** What a word in the place of the return address leads to; {@code caller} has everything but its pc. */
    private Step follow(long word, Registers caller, Trust trust) {
        return switch (space.architecture().returnToken(word)) {
            case ReturnToken.Outermost(String why) -> new Step.End(why);
            case ReturnToken.Unsupported(String why) -> new Step.End(why);
            case ReturnToken.FromException(var exceptionReturn) ->
                ExceptionCrossing.cross(exceptionReturn, caller, state, space);
            case ReturnToken.Address() -> returnTo(word, caller, trust);
        };
    }

    private Step returnTo(long word, Registers caller, Trust trust) {
        long address = space.architecture().instructionAddress(word);
        if (!space.architecture().mayBeReturnAddress(word)) {
            return new Step.Failed("the return address 0x%08x lacks the Thumb bit".formatted(word));
        }
        if (isTrampoline(address)) {
            return new Step.Caller(afterCall(caller, address), Trust.SIGNAL_TRAMPOLINE);
        }
        if (!space.isCode(address - 1) && !space.mayBeUnknownCode(address)) {
            boolean bottom = space.beginsFunction(address);
            return bottom
                    ? bottomOf(address)
                    : new Step.Failed("there is no code at the return address 0x%08x".formatted(word));
        }
        // A thread's first frame may return to the first instruction of an exit function, which no call precedes.
        if (space.beginsFunction(address) && !space.followsCall(address)) {
            return bottomOf(address);
        }
        return new Step.Caller(afterCall(caller, address), trust);
    }

    private boolean isTrampoline(long address) {
        return SignalTrampoline.isAt(space, address) || space.isSignalFrame(address);
    }

    private Step bottomOf(long address) {
        return new Step.End("bottom of the thread: it would return to the start of `%s`"
                .formatted(space.function(address).orElseThrow().name()));
    }

    private Registers afterCall(Registers registers, long address) {
        return registers.with(pc, address);
    }

    private Frame frame(int index, Step.Caller step) {
        return new Frame(
                index, value(step.registers(), pc), value(step.registers(), sp), step.trust(), step.registers());
    }

    private static void keep(Frame frame, List<Frame> inner, Deque<Frame> outer, int innerMost, int outerMost) {
        if (inner.size() < innerMost) {
            inner.add(frame);
            return;
        }
        outer.add(frame);
        if (outer.size() > outerMost) {
            outer.removeFirst();
        }
    }

    private static long value(Registers registers, int register) {
        return registers.get(register).orElse(0);
    }

    private static String why(Step step) {
        return switch (step) {
            case Step.End(String why) -> why;
            case Step.Failed(String why) -> why;
            case Step.Caller caller -> "";
        };
    }
}
