package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ReturnToken;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.index.AddressRange;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks on the stack itself for what no table tells: where the caller's frame is, and which word is a return address. A
 * guess counts more when the frame behind it unwinds to a return address that again follows a call.
 */
final class StackScan {
    /** A word this near is believed although nothing behind it confirms it. */
    static final int NEAR_WORDS = 40;

    /** Most words that are looked at for one frame. */
    static final int MOST_WORDS = 512;

    /** Most words that code without call frame information is taken to have pushed. */
    static final int MOST_PUSHED = 32;

    private final AddressSpace space;
    private final Architecture architecture;
    private final Limits limits;

    StackScan(AddressSpace space, Limits limits) {
        this.space = space;
        this.limits = limits;
        this.architecture = space.architecture();
    }

    /** How far the frame behind a guess confirms it. */
    private enum Confirmed {
        NO,
        /** It returns behind a call. */
        CALL,
        /** It returns behind a call of this very function. */
        CALL_OF_IT
    }

    /**
     * The caller of a frame whose call frame information is missing or fails.
     *
     * @param callee the address of an instruction of the frame; empty where even that is lost
     * @param stack the memory of the thread's stack, where known: no word beyond it is looked at
     */
    Step callerOf(Registers registers, OptionalLong callee, @Nullable AddressRange stack) {
        var start = registers.get(architecture.stackPointer());
        if (start.isEmpty()) {
            return new Step.Failed("the stack pointer is not known");
        }
        int word = architecture.wordBytes();
        long slot = (start.getAsLong() + word - 1) / word * word;
        Registers near = null;
        Registers orPointer = null;
        for (int i = 0; i < MOST_WORDS && (stack == null || slot < stack.end()); i++, slot += word) {
            var candidate = space.word(slot);
            if (candidate.isEmpty()) {
                break;
            }
            if (!isReturnAddress(candidate.getAsLong()) || isOwn(candidate.getAsLong(), registers)) {
                continue;
            }
            var caller = returnedTo(candidate.getAsLong(), slot, registers);
            var bare = withoutCalleeSaved(caller);
            boolean direct = callsDirectly(caller, callee);
            var confirmed = confirmed(caller, bare, stack);
            // behind a call that ends a function the next one begins: such a word may as well be a pointer to that one
            if (direct && !space.beginsFunction(architecture.instructionAddress(candidate.getAsLong()))) {
                return new Step.Caller(confirmed == null ? bare : confirmed, Trust.SCAN);
            }
            if (confirmed != null) {
                return new Step.Caller(orPointer == null ? confirmed : orPointer, Trust.SCAN);
            }
            if (direct && orPointer == null) {
                orPointer = bare;
            }
            if (near == null && i < NEAR_WORDS) {
                near = bare;
            }
        }
        var nearest = orPointer == null ? near : orPointer;
        return nearest == null
                ? new Step.Failed("no return address on the stack from 0x%08x on".formatted(start.getAsLong()))
                : new Step.Caller(nearest, Trust.SCAN);
    }

    /** The nearest caller whose call goes to the very function that holds {@code callee}: what nothing else tells. */
    Step directCallerOf(Registers registers, long callee, @Nullable AddressRange stack) {
        int word = architecture.wordBytes();
        long slot = registers.get(architecture.stackPointer()).orElseThrow();
        for (int i = 0; i < NEAR_WORDS && (stack == null || slot < stack.end()); i++, slot += word) {
            var candidate = space.word(slot);
            if (candidate.isEmpty()) {
                break;
            }
            if (!isReturnAddress(candidate.getAsLong())) {
                continue;
            }
            var caller = returnedTo(candidate.getAsLong(), slot, withoutCalleeSaved(registers));
            if (callsDirectly(caller, OptionalLong.of(callee))) {
                return new Step.Caller(caller, Trust.SCAN);
            }
        }
        return new Step.Failed("no call of the function is on the stack");
    }

    /** The registers of a caller whose return address lies in a slot of the stack. */
    private Registers returnedTo(long word, long slot, Registers callee) {
        return callee.withoutFloats()
                .without(architecture.linkRegister())
                .with(architecture.programCounter(), architecture.instructionAddress(word))
                .with(architecture.stackPointer(), slot + architecture.wordBytes());
    }

    /**
     * The caller with its stack pointer put right: code without call frame information may have pushed something since the
     * call. The first place from which the caller's frame unwinds to a call of it counts, else to any call.
     */
    Registers aligned(Registers caller) {
        Registers call = null;
        long from = caller.get(architecture.stackPointer()).orElseThrow();
        for (int i = 0; i < MOST_PUSHED; i++) {
            var guess = caller.with(architecture.stackPointer(), from + (long) i * architecture.wordBytes());
            switch (confirmation(guess, null)) {
                case CALL_OF_IT -> {
                    return guess;
                }
                case CALL -> call = call == null ? guess : call;
                case NO -> {}
            }
        }
        return call == null ? caller : call;
    }

    /**
     * The registers with which the frame behind a guess unwinds: none of those that a callee saves, as nobody knows where
     * it did; only where it does not without them, those of the innermost known frame, if nothing overwrote them since, or
     * the frame pointer that a prologue pushed next to the return address.
     */
    private @Nullable Registers confirmed(Registers caller, Registers bare, @Nullable AddressRange stack) {
        long slot = caller.get(architecture.stackPointer()).orElseThrow() - architecture.wordBytes();
        var saved = space.word(slot - architecture.wordBytes());
        var withFramePointer = saved.isPresent() && saved.getAsLong() > slot
                ? bare.with(architecture.framePointer(), saved.getAsLong())
                : bare;
        for (var guess : List.of(bare, caller, withFramePointer)) {
            if (confirmation(guess, stack) != Confirmed.NO) {
                return guess;
            }
        }
        return null;
    }

    /** Whether the caller's call goes to the very function that the callee's frame is in. */
    private boolean callsDirectly(Registers caller, OptionalLong callee) {
        if (callee.isEmpty()) {
            return false;
        }
        var target = space.callTarget(caller.get(architecture.programCounter()).orElseThrow());
        var function = space.function(callee.getAsLong());
        return target.isPresent()
                && function.isPresent()
                && space.function(target.getAsLong()).equals(function);
    }

    private Confirmed confirmation(Registers caller, @Nullable AddressRange stack) {
        long lookup = caller.get(architecture.programCounter()).orElseThrow() - 1;
        var row = space.unwindRow(lookup);
        if (row.isEmpty()) {
            return Confirmed.NO;
        }
        CallFrameStep.Unwound unwound;
        try {
            unwound = CallFrameStep.words(space, row.get(), caller, limits);
        } catch (FormatException e) {
            return Confirmed.NO;
        }
        long before = caller.get(architecture.stackPointer()).orElseThrow();
        long after = unwound.registers().get(architecture.stackPointer()).orElse(0);
        if (after < before || (stack != null && after > stack.end())) {
            return Confirmed.NO;
        }
        if (unwound.outermost()) {
            // a linker says of all code without a table of its own that it can not be unwound: that confirms nothing
            return row.get().origin() == UnwindRow.Origin.EXCEPTION_TABLE ? Confirmed.NO : Confirmed.CALL;
        }
        if (unwound.returnAddress().isEmpty()) {
            return Confirmed.NO;
        }
        long word = unwound.returnAddress().getAsLong();
        if (architecture.returnToken(word) instanceof ReturnToken.FromException) {
            return Confirmed.CALL;
        }
        if (!isReturnAddress(word)) {
            return Confirmed.NO;
        }
        var target = space.callTarget(architecture.instructionAddress(word));
        var function = space.function(lookup);
        boolean ofIt = target.isPresent()
                && function.isPresent()
                && space.function(target.getAsLong()).equals(function)
                && space.beginsFunction(target.getAsLong());
        return ofIt ? Confirmed.CALL_OF_IT : Confirmed.CALL;
    }

    /**
     * Whether a word is the frame's own pc again, as its callee pushed it, and not that of a caller: the call before it
     * goes to another function than the frame's.
     */
    private boolean isOwn(long word, Registers frame) {
        var own = frame.get(architecture.programCounter());
        long address = architecture.instructionAddress(word);
        if (own.isEmpty() || own.getAsLong() != address) {
            return false;
        }
        var target = space.callTarget(address);
        return target.isPresent() && !space.function(target.getAsLong()).equals(space.function(address - 1));
    }

    private boolean isReturnAddress(long word) {
        if (!architecture.mayBeReturnAddress(word)
                || !(architecture.returnToken(word) instanceof ReturnToken.Address)) {
            return false;
        }
        long address = architecture.instructionAddress(word);
        return space.isCode(address - 1) && space.followsCall(address);
    }

    private Registers withoutCalleeSaved(Registers registers) {
        var bare = registers;
        for (int register = 0; register < architecture.registerNames().size(); register++) {
            bare = architecture.isCalleeSaved(register) ? bare.without(register) : bare;
        }
        return bare;
    }
}
