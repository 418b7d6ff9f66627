package dev.faultline.symbols.elf;

/** {@code e_machine} of the architectures that have a name here; any other is fine to index. */
public final class Machine {
    public static final int EM_386 = 3;
    public static final int EM_MIPS = 8;
    public static final int EM_PPC = 20;
    public static final int EM_PPC64 = 21;
    public static final int EM_ARM = 40;
    public static final int EM_X86_64 = 62;
    public static final int EM_XTENSA = 94;
    public static final int EM_AARCH64 = 183;
    public static final int EM_RISCV = 243;

    private Machine() {}

    /** What people call it: {@code arm}, {@code aarch64}, {@code x86-64}; {@code machine-N} for others. */
    public static String name(int machine) {
        return switch (machine) {
            case EM_386 -> "x86";
            case EM_MIPS -> "mips";
            case EM_PPC -> "powerpc";
            case EM_PPC64 -> "powerpc64";
            case EM_ARM -> "arm";
            case EM_X86_64 -> "x86-64";
            case EM_XTENSA -> "xtensa";
            case EM_AARCH64 -> "aarch64";
            case EM_RISCV -> "riscv";
            default -> "machine-" + machine;
        };
    }
}
