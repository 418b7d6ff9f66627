package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ReturnToken;

/** The caller by the frame pointer, where the ABI says what lies there. */
final class FramePointerStep {
    /** A frame larger than this is none: the register holds something else. */
    static final long MOST_FRAME_BYTES = 16L << 20;

    private FramePointerStep() {}

    static Step callerOf(Registers registers, AddressSpace space) {
        var architecture = space.architecture();
        var record = architecture.frameRecord();
        var sp = registers.get(architecture.stackPointer());
        var fp = registers.get(architecture.framePointer());
        if (record.isEmpty() || sp.isEmpty() || fp.isEmpty()) {
            return new Step.Failed("no frame pointer is known");
        }
        long pointer = fp.getAsLong();
        long callerSp = pointer + record.get().stackPointer();
        long distance = callerSp - sp.getAsLong();
        if (distance <= 0 || distance > MOST_FRAME_BYTES || pointer % architecture.wordBytes() != 0) {
            return new Step.Failed("the frame pointer 0x%08x does not point into the stack".formatted(pointer));
        }
        var saved = space.word(pointer + record.get().framePointer());
        var returnAddress = space.word(pointer + record.get().returnAddress());
        if (saved.isEmpty() || returnAddress.isEmpty()) {
            return new Step.Failed("the frame at 0x%08x was not captured".formatted(pointer));
        }
        long word = returnAddress.getAsLong();
        long address = architecture.instructionAddress(word);
        boolean isCall = space.isCode(address - 1) || space.mayBeUnknownCode(address - 1);
        if (!architecture.mayBeReturnAddress(word)
                || !(architecture.returnToken(word) instanceof ReturnToken.Address)
                || !isCall
                || space.followsNoCall(address)) {
            return new Step.Failed("the word 0x%08x at the frame pointer is no return address".formatted(word));
        }
        var caller = Registers.none(architecture)
                .with(architecture.stackPointer(), callerSp)
                .with(architecture.framePointer(), saved.getAsLong())
                .with(architecture.programCounter(), address);
        return new Step.Caller(caller, Trust.FRAME_POINTER);
    }
}
