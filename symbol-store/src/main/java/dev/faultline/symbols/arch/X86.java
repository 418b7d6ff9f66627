package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** 32-bit x86. Register numbers as in its psABI, where 8 is the column of the return address, here eip. */
public record X86() implements Architecture {
    public static final int ESP = 4;
    public static final int EBP = 5;
    public static final int EIP = 8;
    public static final int EFLAGS = 9;

    private static final List<String> NAMES =
            List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags");

    @Override
    public String label() {
        return "x86";
    }

    @Override
    public ByteOrder byteOrder() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int wordBytes() {
        return 4;
    }

    @Override
    public List<String> registerNames() {
        return NAMES;
    }

    @Override
    public int debugRegisters() {
        return 10;
    }

    @Override
    public int stackPointer() {
        return ESP;
    }

    @Override
    public int linkRegister() {
        return NONE;
    }

    @Override
    public int programCounter() {
        return EIP;
    }

    @Override
    public int framePointer() {
        return EBP;
    }

    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.of(new FrameRecord(0, 4, 8));
    }

    /** ebx, ebp, esi, edi. */
    @Override
    public boolean isCalleeSaved(int register) {
        return register == 3 || register == EBP || register == 6 || register == 7;
    }

    @Override
    public long instructionAddress(long pointer) {
        return pointer;
    }

    @Override
    public boolean mayBeReturnAddress(long word) {
        return true;
    }

    @Override
    public boolean mayExecute(long address) {
        return true;
    }

    @Override
    public int callBytes() {
        return X86Call.BYTES;
    }

    @Override
    public boolean endsWithCall(long before) {
        return X86Call.endsWithCall(before);
    }

    @Override
    public OptionalLong callTarget(long returnAddress, long before) {
        var target = X86Call.target(returnAddress, before);
        return target.isPresent() ? OptionalLong.of(target.getAsLong() & 0xffff_ffffL) : target;
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a new thread has it")
                : new ReturnToken.Address();
    }
}
