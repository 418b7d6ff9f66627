package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.X86;

/**
 * The way into the kernel of a 32-bit x86 process, {@code __kernel_vsyscall} of the vdso, for dumps without the vdso's bytes:
 * it pushes ecx, edx and ebp, and the kernel knows the registers behind that (arch/x86/entry/vdso/vdso32/system_call.S).
 */
final class SystemCallEntry {
    private static final int PUSHED = 3;

    private SystemCallEntry() {}

    static Step callerOf(Registers registers, AddressSpace space) {
        var pc = registers.get(X86.EIP);
        var sp = registers.get(X86.ESP);
        boolean isThere = space.architecture() instanceof X86
                && pc.isPresent()
                && sp.isPresent()
                && space.symbols().isInVdso(pc.getAsLong());
        if (!isThere) {
            return new Step.Failed("no entry into the kernel");
        }
        int word = space.architecture().wordBytes();
        long slot = sp.getAsLong() + (long) PUSHED * word;
        var returnAddress = space.word(slot);
        if (returnAddress.isEmpty() || !space.followsCall(returnAddress.getAsLong())) {
            return new Step.Failed("no return address behind what the entry into the kernel pushes");
        }
        var caller = registers
                .withoutFloats()
                .with(X86.EIP, returnAddress.getAsLong())
                .with(X86.ESP, slot + word);
        return new Step.Caller(caller, Trust.SCAN);
    }
}
