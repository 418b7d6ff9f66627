package dev.faultline.symbols.rtos;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;

/** Registers that a kernel saved of a thread that does not run: where, depends on the kernel's port to the processor. */
final class SavedContext {
    private final AddressSpace space;

    SavedContext(AddressSpace space) {
        this.space = space;
    }

    /** Whether it is known where kernels save on such a processor. */
    static boolean isKnown(Architecture architecture) {
        return switch (architecture) {
            case ArmCortexM arm -> true;
            case RiscV riscV -> true;
            case AArch64 arm -> true;
            case Arm32 arm -> false;
            case Xtensa xtensa -> true;
            case X86_64 x86 -> false;
            case X86 x86 -> false;
        };
    }

    /**
     * What FreeRTOS saved at {@code top}.
     *
     * @param stackStart the low end of the thread's stack
     * @param controlBlock its memory
     */
    Optional<Registers> ofFreeRtos(long top, long stackStart, AddressRange controlBlock) {
        return switch (space.architecture()) {
            case ArmCortexM arm -> new CortexMContext(space).ofFreeRtos(top, stackStart, controlBlock);
            case RiscV riscV -> new RiscVContext(space, riscV).ofFreeRtos(top);
            case AArch64 arm -> new AArch64Context(space).ofFreeRtos(top);
            case Arm32 arm -> Optional.empty();
            case Xtensa xtensa -> new XtensaContext(space).ofFreeRtos(top, stackStart);
            case X86_64 x86 -> Optional.empty();
            case X86 x86 -> Optional.empty();
        };
    }

    /** What ThreadX saved at its stack pointer. */
    Optional<Registers> ofThreadX(long top) {
        return switch (space.architecture()) {
            case ArmCortexM arm -> new CortexMContext(space).ofThreadX(top);
            case RiscV riscV -> new RiscVContext(space, riscV).ofThreadX(top);
            case AArch64 arm -> Optional.empty();
            case Arm32 arm -> Optional.empty();
            case Xtensa xtensa -> Optional.empty();
            case X86_64 x86 -> Optional.empty();
            case X86 x86 -> Optional.empty();
        };
    }

    /**
     * What Zephyr keeps in a thread.
     *
     * @param stackPointerAt where its saved stack pointer is
     * @param members where its types say that other registers are
     * @param floats whether the thread used the FPU, where the processor's frame says so
     */
    Optional<Registers> ofZephyr(long stackPointerAt, SavedMembers members, boolean floats) {
        return switch (space.architecture()) {
            case ArmCortexM arm -> {
                var psp = space.word(stackPointerAt);
                yield psp.isEmpty()
                        ? Optional.empty()
                        : new CortexMContext(space)
                                .frame(psp.getAsLong(), floats, members.at("v1").orElse(stackPointerAt - 0x20));
            }
            case RiscV riscV -> new RiscVContext(space, riscV).ofZephyr(stackPointerAt, members);
            case AArch64 arm -> new AArch64Context(space).ofZephyr(stackPointerAt, members);
            case Arm32 arm -> Optional.empty();
            case Xtensa xtensa -> Optional.empty();
            case X86_64 x86 -> Optional.empty();
            case X86 x86 -> Optional.empty();
        };
    }

    /** The registers of a thread that goes on with that stack; empty where it can not go on. */
    static Optional<Registers> resumed(AddressSpace space, Registers registers, long stackPointer) {
        var pc = registers.get(space.architecture().programCounter());
        return pc.isPresent() && mayResumeAt(space, pc.getAsLong())
                ? Optional.of(registers.with(space.architecture().stackPointer(), stackPointer))
                : Optional.empty();
    }

    /** Whether a thread can go on there; else the context was written over. */
    static boolean mayResumeAt(AddressSpace space, long pc) {
        long address = space.architecture().instructionAddress(pc);
        return space.isCode(address) || space.mayBeUnknownCode(address);
    }
}
