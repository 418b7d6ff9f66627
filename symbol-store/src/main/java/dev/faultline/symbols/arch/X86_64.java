package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * x86-64. Register numbers as in its psABI, where 16 is the column of the return address, here rip; behind it rflags and the
 * bases of fs (the thread pointer) and gs.
 */
public record X86_64() implements Architecture {
    public static final int RBP = 6;
    public static final int RSP = 7;
    public static final int RIP = 16;
    public static final int RFLAGS = 17;
    public static final int FS_BASE = 18;
    public static final int GS_BASE = 19;

    private static final List<String> NAMES = List.of(
            "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
            "r15", "rip", "rflags", "fs_base", "gs_base");

    @Override
    public String label() {
        return "x86-64";
    }

    @Override
    public ByteOrder byteOrder() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int wordBytes() {
        return 8;
    }

    @Override
    public List<String> registerNames() {
        return NAMES;
    }

    @Override
    public int debugRegisters() {
        return 17; // 17 is xmm0
    }

    @Override
    public int stackPointer() {
        return RSP;
    }

    @Override
    public int linkRegister() {
        return NONE;
    }

    @Override
    public int programCounter() {
        return RIP;
    }

    @Override
    public int framePointer() {
        return RBP;
    }

    @Override
    public Optional<FrameRecord> frameRecord() {
        return Optional.of(new FrameRecord(0, 8, 16));
    }

    /** rbx, rbp, r12 to r15; fs_base and gs_base, which no function changes. */
    @Override
    public boolean isCalleeSaved(int register) {
        return register == 3
                || register == RBP
                || (register >= 12 && register <= 15)
                || register == FS_BASE
                || register == GS_BASE;
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
        return X86Call.target(returnAddress, before);
    }

    @Override
    public ReturnToken returnToken(long word) {
        return word == 0
                ? new ReturnToken.Outermost("the return address is 0, as a new thread has it")
                : new ReturnToken.Address();
    }
}
