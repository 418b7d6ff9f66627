package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The few instructions that a signal handler returns to on Linux: they call sigreturn, and the kernel takes the interrupted
 * registers from the stack. Known by these instructions, wherever they are: in the vdso, in the C library, in a page of the
 * kernel's, on the stack. Places of the registers are those of the kernel's {@code struct sigcontext} of each processor.
 */
final class SignalTrampoline {
    /** r8 … r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags. */
    private static final int[] X86_64_CONTEXT = {
        8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, X86_64.RSP, X86_64.RIP, X86_64.RFLAGS
    };

    /** edi, esi, ebp, esp, ebx, edx, ecx, eax, trapno, err, eip, cs, eflags, behind four segment registers. */
    private static final int[] X86_CONTEXT = {
        7, 6, X86.EBP, X86.ESP, 3, 2, 1, 0, Architecture.NONE, Architecture.NONE, X86.EIP, Architecture.NONE, X86.EFLAGS
    };

    /** Bytes of {@code siginfo_t}. */
    private static final int SIGNAL_INFORMATION = 128;

    /** Between the stack pointer of a handler and the context that it got a pointer to lies siginfo alone. */
    private static final int MOST_BETWEEN = 1024;

    private SignalTrampoline() {}

    /** Where the interrupted registers are: the address of the first one. */
    private static OptionalLong context(AddressSpace space, long pc, long sp) {
        return switch (space.architecture()) {
            case ArmCortexM arm -> OptionalLong.empty();
            case Xtensa xtensa -> OptionalLong.empty();
            case Arm32 arm -> arm(space, pc, sp);
            case AArch64 arm ->
                // mov x8, #139; svc #0; behind siginfo: flags, link, stack, 128 bytes of mask, fault address
                space.unsigned(pc, 8).orElse(0) == 0xd400_0001_d280_1168L || isUnseenVdso(space, pc)
                        ? OptionalLong.of(sp + SIGNAL_INFORMATION + 176 + 8)
                        : OptionalLong.empty();
            case RiscV riscV ->
                // li a7, 139; ecall; the context is aligned to 16 bytes
                space.unsigned(pc, 8).orElse(0) == 0x0000_0073_08b0_0893L
                        ? OptionalLong.of(sp + SIGNAL_INFORMATION + (riscV.wordBytes() == 8 ? 176 : 160))
                        : OptionalLong.empty();
            case X86_64 x86 ->
                // mov $15, %rax; syscall; the return popped pretcode, so the ucontext is on top
                space.unsigned(pc, 8).orElse(0) == 0x0f00_0000_0fc0_c748L
                                && space.unsigned(pc + 8, 1).orElse(0) == 0x05
                        ? OptionalLong.of(sp + 40)
                        : OptionalLong.empty();
            case X86 x86 -> x86(space, pc, sp);
        };
    }

    /** mov r7, #119 or #173 (rt_sigreturn); svc. The context begins with trap number, error code and mask. */
    private static OptionalLong arm(AddressSpace space, long pc, long sp) {
        long first = space.unsigned(pc, 4).orElse(0);
        long second = space.unsigned(pc + 4, 4).orElse(0);
        boolean wide = (second & 0xffff) == 0xdf00; // mov.w, as the C library has it
        boolean a32 = second == 0xef00_0000L || second == 0xef90_0077L || second == 0xef90_00adL;
        if (first == 0xdf00_2777L || (first == 0x0777_f04fL && wide) || (first == 0xe3a0_7077L && a32)) {
            return OptionalLong.of(sp + 20 + 12);
        }
        if (first == 0xdf00_27adL || (first == 0x07ad_f04fL && wide) || (first == 0xe3a0_70adL && a32)) {
            return OptionalLong.of(sp + SIGNAL_INFORMATION + 20 + 12);
        }
        return OptionalLong.empty();
    }

    /** pop %eax; mov $119, %eax; int $0x80 with the context on the stack, or mov $173, %eax; int $0x80 with its address. */
    private static OptionalLong x86(AddressSpace space, long pc, long sp) {
        if (space.unsigned(pc, 8).orElse(0) == 0x80cd_0000_0077_b858L) {
            return OptionalLong.of(sp + 4 + 16);
        }
        if (isUnseenVdso(space, pc)) {
            long pointed = space.unsigned(sp + 8, 4).orElse(0); // to the context of rt_sigreturn, on the same stack
            boolean isNear = pointed > sp && pointed - sp < MOST_BETWEEN;
            return OptionalLong.of(isNear ? pointed + 20 + 16 : sp + 4 + 16);
        }
        boolean rt = space.unsigned(pc, 4).orElse(0) == 0x0000_adb8L
                && space.unsigned(pc + 4, 3).orElse(0) == 0x80_cd00L;
        var context = rt ? space.unsigned(sp + 8, 4) : OptionalLong.empty();
        return context.isPresent() ? OptionalLong.of(context.getAsLong() + 20 + 16) : OptionalLong.empty();
    }

    /** A dump without the vdso's bytes: nothing but its trampoline is ever returned to. */
    private static boolean isUnseenVdso(AddressSpace space, long pc) {
        return space.unsigned(pc, 1).isEmpty() && space.symbols().isInVdso(pc);
    }

    static boolean isAt(AddressSpace space, long pc) {
        return context(space, pc, 0).isPresent()
                || (space.architecture() instanceof X86
                        && space.unsigned(pc, 4).orElse(0) == 0x0000_adb8L
                        && space.unsigned(pc + 4, 3).orElse(0) == 0x80_cd00L);
    }

    /** The registers of the code that the signal interrupted; empty where this is no trampoline or they were not captured. */
    static Optional<Registers> interrupted(AddressSpace space, Registers registers) {
        var architecture = space.architecture();
        var pc = registers.get(architecture.programCounter());
        var sp = registers.get(architecture.stackPointer());
        if (pc.isEmpty() || sp.isEmpty()) {
            return Optional.empty();
        }
        var context = context(space, pc.getAsLong(), sp.getAsLong());
        if (context.isEmpty()) {
            return Optional.empty();
        }
        var interrupted = Registers.none(architecture);
        int[] order = order(architecture);
        for (int i = 0; i < order.length; i++) {
            var value = space.word(context.getAsLong() + (long) i * architecture.wordBytes());
            if (value.isPresent() && order[i] != Architecture.NONE) {
                interrupted = interrupted.with(order[i], value.getAsLong());
            }
        }
        boolean isThere =
                interrupted.has(architecture.programCounter()) && interrupted.has(architecture.stackPointer());
        return isThere ? Optional.of(interrupted) : Optional.empty();
    }

    private static int[] order(Architecture architecture) {
        return switch (architecture) {
            case ArmCortexM arm -> new int[0];
            case Xtensa xtensa -> new int[0];
            case Arm32 arm -> ascending(Arm32.CPSR);
            case AArch64 arm -> ascending(AArch64.PSTATE);
            case RiscV riscV -> {
                int[] order = ascending(31);
                order[0] = RiscV.PC; // in the place of the register that is always 0
                yield order;
            }
            case X86_64 x86 -> X86_64_CONTEXT;
            case X86 x86 -> X86_CONTEXT;
        };
    }

    private static int[] ascending(int last) {
        int[] order = new int[last + 1];
        for (int register = 0; register <= last; register++) {
            order[register] = register;
        }
        return order;
    }
}
