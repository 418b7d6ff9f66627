package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.elf.Machine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where {@code struct elf_prstatus} of a processor has what: signal and process id at places that only depend on the word's
 * size, then the general registers in the order of the kernel.
 */
final class PrstatusLayout {
    /** A word that is no register of ours: a segment, or the first argument of a system call. */
    static final int SKIPPED = -1;

    private static final int[] ARM_REGISTERS = IntStream.rangeClosed(0, 17)
            .map(register -> register <= Arm32.CPSR ? register : SKIPPED)
            .toArray();
    private static final int[] AARCH64_REGISTERS =
            IntStream.rangeClosed(0, AArch64.PSTATE).toArray();
    private static final int[] RISCV_REGISTERS = IntStream.concat(IntStream.of(RiscV.PC), IntStream.rangeClosed(1, 31))
            .toArray();

    /** r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs. */
    private static final int[] X86_64_REGISTERS = {
        15,
        14,
        13,
        12,
        6,
        3,
        11,
        10,
        9,
        8,
        0,
        2,
        1,
        4,
        5,
        SKIPPED,
        X86_64.RIP,
        SKIPPED,
        X86_64.RFLAGS,
        X86_64.RSP,
        SKIPPED,
        X86_64.FS_BASE,
        X86_64.GS_BASE,
        SKIPPED,
        SKIPPED,
        SKIPPED,
        SKIPPED
    };

    /** ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss. */
    private static final int[] X86_REGISTERS = {
        3, 1, 2, 6, 7, 5, 0, SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED, X86.EIP, SKIPPED, X86.EFLAGS, X86.ESP, SKIPPED
    };

    /** pc ps lbeg lend lcount sar windowstart windowbase, 56 reserved words, 64 of the register file, a spare one. */
    private static final int[] XTENSA_REGISTERS = xtensa();

    private static int[] xtensa() {
        int[] registers = new int[129];
        Arrays.fill(registers, SKIPPED);
        int[] special = {Xtensa.PC, Xtensa.PS, Xtensa.LBEG, Xtensa.LEND, Xtensa.LCOUNT, Xtensa.SAR};
        System.arraycopy(special, 0, registers, 0, special.length);
        for (int register = Xtensa.A0; register < Xtensa.A0 + 16; register++) {
            registers[64 + register] = register; // the window of the thread is the first one
        }
        return registers;
    }

    private final Architecture architecture;
    private final int bytes;

    /** By place in the note: the DWARF number; {@link #SKIPPED} for what has no place here. */
    private final int[] registers;

    private PrstatusLayout(Architecture architecture, int bytes, int[] registers) {
        this.architecture = architecture;
        this.bytes = bytes;
        this.registers = registers;
    }

    static Optional<PrstatusLayout> of(ElfCore core) {
        return switch (core.machine()) {
            case Machine.EM_ARM -> only(!core.is64Bit(), of(new Arm32()));
            case Machine.EM_AARCH64 -> only(core.is64Bit(), of(new AArch64()));
            case Machine.EM_RISCV -> Optional.of(of(new RiscV(core.is64Bit() ? 8 : 4)));
            case Machine.EM_X86_64 -> only(core.is64Bit(), of(new X86_64()));
            case Machine.EM_386 -> only(!core.is64Bit(), of(new X86()));
            default -> Optional.empty();
        };
    }

    /** That of a core of the device library. */
    static Optional<PrstatusLayout> ofDevice(ElfCore core) {
        return switch (core.machine()) {
            case Machine.EM_ARM -> only(!core.is64Bit(), of(new ArmCortexM()));
            case Machine.EM_RISCV -> Optional.of(of(new RiscV(core.is64Bit() ? 8 : 4)));
            default -> Optional.empty();
        };
    }

    /** That of a processor; a Cortex-M has the one of 32-bit Arm. */
    static PrstatusLayout of(Architecture architecture) {
        return switch (architecture) {
            case ArmCortexM arm -> new PrstatusLayout(arm, 148, ARM_REGISTERS);
            case Arm32 arm -> new PrstatusLayout(arm, 148, ARM_REGISTERS);
            case AArch64 arm -> new PrstatusLayout(arm, 392, AARCH64_REGISTERS);
            case RiscV riscV -> new PrstatusLayout(riscV, riscV.wordBytes() == 8 ? 376 : 204, RISCV_REGISTERS);
            case Xtensa xtensa -> new PrstatusLayout(xtensa, 588, XTENSA_REGISTERS);
            case X86_64 x86 -> new PrstatusLayout(x86, 336, X86_64_REGISTERS);
            case X86 x86 -> new PrstatusLayout(x86, 144, X86_REGISTERS);
        };
    }

    private static Optional<PrstatusLayout> only(boolean fits, PrstatusLayout layout) {
        return fits ? Optional.of(layout) : Optional.empty();
    }

    Architecture architecture() {
        return architecture;
    }

    /** Of the whole note. */
    int bytes() {
        return bytes;
    }

    int[] registers() {
        return registers.clone();
    }

    int wordBytes() {
        return architecture.wordBytes();
    }

    /** Where {@code pr_cursig} is. */
    int signalAt() {
        return 12;
    }

    /** Where {@code pr_pid} is. */
    int idAt() {
        return wordBytes() == 8 ? 32 : 24;
    }

    /** Where {@code pr_reg} begins. */
    int registersAt() {
        return wordBytes() == 8 ? 112 : 72;
    }

    /** The general registers of a note by number. */
    Map<Integer, Long> read(ByteReader note) {
        note.seek(registersAt());
        var values = new HashMap<Integer, Long>();
        for (int register : registers) {
            long value = note.unsigned(wordBytes());
            if (register != SKIPPED) {
                values.put(register, value);
            }
        }
        return values;
    }
}
