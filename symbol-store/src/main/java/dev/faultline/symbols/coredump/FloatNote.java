package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import java.util.List;

/** Which notes of a core have the floating-point registers of the thread before them, and where ({@code elf.h} of Linux). */
final class FloatNote {
    private static final int NT_FPREGSET = 2;
    private static final int NT_X86_XSTATE = 0x202;
    private static final int NT_ARM_VFP = 0x400;
    private static final int NT_PRXFPREG = 0x46e62b7f;

    private static final List<FloatRows> FPSIMD = List.of(new FloatRows(0, 16, "v", 32));
    private static final List<FloatRows> VFP = List.of(new FloatRows(0, 8, "d", 32));
    private static final List<FloatRows> RISC_V = List.of(new FloatRows(0, 8, "f", 32));
    private static final List<FloatRows> FXSAVE_64 = FloatRows.fxsave(0, 16);
    private static final List<FloatRows> FXSAVE_32 = FloatRows.fxsave(0, 8);

    /** What FSAVE writes: seven words, then the registers without a gap. */
    private static final List<FloatRows> FSAVE = List.of(new FloatRows(28, 10, "st", 8));

    private FloatNote() {}

    /** The registers of a note; none of a note about something else. */
    static List<FloatRows> rows(Architecture architecture, String owner, long type) {
        boolean isGeneral = owner.equals("CORE") && type == NT_FPREGSET;
        boolean isState = owner.equals("LINUX") && type == NT_X86_XSTATE;
        boolean isExtended = owner.equals("LINUX") && type == NT_PRXFPREG;
        boolean isVfp = owner.equals("LINUX") && type == NT_ARM_VFP;
        return switch (architecture) {
            case ArmCortexM arm -> isVfp ? VFP : List.of();
            case Arm32 arm -> isVfp ? VFP : List.of();
            case AArch64 arm -> isGeneral ? FPSIMD : List.of();
            case RiscV riscV -> isGeneral ? RISC_V : List.of();
            case Xtensa xtensa -> List.of();
            case X86_64 x86 -> isGeneral || isState ? FXSAVE_64 : List.of();
            case X86 x86 -> isExtended || isState ? FXSAVE_32 : isGeneral ? FSAVE : List.of();
        };
    }
}
