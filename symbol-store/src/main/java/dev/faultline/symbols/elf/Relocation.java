package dev.faultline.symbols.elf;

import static dev.faultline.symbols.elf.Relocation.Formula.ABSOLUTE;
import static dev.faultline.symbols.elf.Relocation.Formula.ADD;
import static dev.faultline.symbols.elf.Relocation.Formula.RELATIVE;
import static dev.faultline.symbols.elf.Relocation.Formula.RELATIVE_31;
import static dev.faultline.symbols.elf.Relocation.Formula.SET_6;
import static dev.faultline.symbols.elf.Relocation.Formula.SET_ULEB;
import static dev.faultline.symbols.elf.Relocation.Formula.SUBTRACT;
import static dev.faultline.symbols.elf.Relocation.Formula.SUBTRACT_6;
import static dev.faultline.symbols.elf.Relocation.Formula.SUBTRACT_ULEB;
import static dev.faultline.symbols.elf.Relocation.Formula.TLS_OFFSET;

import org.jspecify.annotations.Nullable;

/**
 * What a relocation of one type does to the field it names. Those of data are here, as debugging information, unwind
 * tables and constants have them; those of instructions are not.
 *
 * @param bytes the field's size
 */
record Relocation(Formula formula, int bytes) {

    /** In the words of the processor supplements: S symbol, A addend, P place, V what the field holds. */
    enum Formula {
        /** Nothing: the assembler's own notes for a linker that would move code about. */
        NONE,
        /** S + A. */
        ABSOLUTE,
        /** S + A - P. */
        RELATIVE,
        /** S + A - P in the lower 31 bits; the topmost is the table's own (EHABI, 4.1). */
        RELATIVE_31,
        /** The symbol's offset in the block of thread-local storage + A, less {@link #threadPointerBias}. */
        TLS_OFFSET,
        /** V + S + A. */
        ADD,
        /** V - S - A. */
        SUBTRACT,
        /** S + A in the lower six bits: the operand of DW_CFA_advance_loc. */
        SET_6,
        /** V - S - A in the lower six bits. */
        SUBTRACT_6,
        /** S + A as a ULEB128 of the length that is there. */
        SET_ULEB,
        /** V - S - A as a ULEB128 of the length that is there. */
        SUBTRACT_ULEB
    }

    private static final Relocation NONE = new Relocation(Formula.NONE, 0);

    /** The relocation of a type; null: not known. */
    static @Nullable Relocation of(ElfHeader header, int type) {
        if (type == 0) {
            return NONE; // R_*_NONE everywhere
        }
        return switch (header.machine()) {
            case Machine.EM_386 -> i386(type);
            case Machine.EM_MIPS -> mips(type);
            case Machine.EM_PPC, Machine.EM_PPC64 -> powerPc(type, header.addressSize());
            case Machine.EM_ARM -> arm(type);
            case Machine.EM_X86_64 -> x86(type);
            case Machine.EM_XTENSA -> xtensa(type);
            case Machine.EM_AARCH64 -> header.is64Bit() ? aarch64(type) : aarch64With32Bits(type);
            case Machine.EM_RISCV -> riscV(type);
            default -> null;
        };
    }

    /** What compilers add to an offset in thread-local storage and the relocation takes off again. */
    static long threadPointerBias(int machine) {
        return switch (machine) {
            case Machine.EM_MIPS, Machine.EM_PPC, Machine.EM_PPC64 -> 0x8000;
            case Machine.EM_RISCV -> 0x800;
            default -> 0;
        };
    }

    private static @Nullable Relocation i386(int type) {
        return switch (type) {
            case 1 -> new Relocation(ABSOLUTE, 4); // R_386_32
            case 2, 4 -> new Relocation(RELATIVE, 4); // R_386_PC32, R_386_PLT32
            case 20 -> new Relocation(ABSOLUTE, 2); // R_386_16
            case 21 -> new Relocation(RELATIVE, 2); // R_386_PC16
            case 22 -> new Relocation(ABSOLUTE, 1); // R_386_8
            case 23 -> new Relocation(RELATIVE, 1); // R_386_PC8
            case 32 -> new Relocation(TLS_OFFSET, 4); // R_386_TLS_LDO_32
            default -> null;
        };
    }

    private static @Nullable Relocation x86(int type) {
        return switch (type) {
            case 1 -> new Relocation(ABSOLUTE, 8); // R_X86_64_64
            case 2, 4 -> new Relocation(RELATIVE, 4); // R_X86_64_PC32, R_X86_64_PLT32
            case 10, 11 -> new Relocation(ABSOLUTE, 4); // R_X86_64_32, R_X86_64_32S
            case 12 -> new Relocation(ABSOLUTE, 2); // R_X86_64_16
            case 13 -> new Relocation(RELATIVE, 2); // R_X86_64_PC16
            case 14 -> new Relocation(ABSOLUTE, 1); // R_X86_64_8
            case 15 -> new Relocation(RELATIVE, 1); // R_X86_64_PC8
            case 17 -> new Relocation(TLS_OFFSET, 8); // R_X86_64_DTPOFF64
            case 21 -> new Relocation(TLS_OFFSET, 4); // R_X86_64_DTPOFF32
            case 24 -> new Relocation(RELATIVE, 8); // R_X86_64_PC64
            default -> null;
        };
    }

    private static @Nullable Relocation arm(int type) {
        return switch (type) {
            case 2, 38 -> new Relocation(ABSOLUTE, 4); // R_ARM_ABS32, R_ARM_TARGET1
            case 3 -> new Relocation(RELATIVE, 4); // R_ARM_REL32
            case 5 -> new Relocation(ABSOLUTE, 2); // R_ARM_ABS16
            case 8 -> new Relocation(ABSOLUTE, 1); // R_ARM_ABS8
            case 40 -> NONE; // R_ARM_V4BX
            case 42 -> new Relocation(RELATIVE_31, 4); // R_ARM_PREL31
            case 106 -> new Relocation(TLS_OFFSET, 4); // R_ARM_TLS_LDO32
            default -> null;
        };
    }

    private static @Nullable Relocation aarch64(int type) {
        return switch (type) {
            case 256 -> NONE; // R_AARCH64_NONE of old
            case 257 -> new Relocation(ABSOLUTE, 8); // R_AARCH64_ABS64
            case 258 -> new Relocation(ABSOLUTE, 4); // R_AARCH64_ABS32
            case 259 -> new Relocation(ABSOLUTE, 2); // R_AARCH64_ABS16
            case 260 -> new Relocation(RELATIVE, 8); // R_AARCH64_PREL64
            case 261, 314 -> new Relocation(RELATIVE, 4); // R_AARCH64_PREL32, R_AARCH64_PLT32
            case 262 -> new Relocation(RELATIVE, 2); // R_AARCH64_PREL16
            case 1029 -> new Relocation(TLS_OFFSET, 8); // R_AARCH64_TLS_DTPREL64
            default -> null;
        };
    }

    private static @Nullable Relocation aarch64With32Bits(int type) {
        return switch (type) {
            case 1 -> new Relocation(ABSOLUTE, 4); // R_AARCH64_P32_ABS32
            case 2 -> new Relocation(ABSOLUTE, 2); // R_AARCH64_P32_ABS16
            case 3, 29 -> new Relocation(RELATIVE, 4); // R_AARCH64_P32_PREL32, R_AARCH64_P32_PLT32
            case 4 -> new Relocation(RELATIVE, 2); // R_AARCH64_P32_PREL16
            default -> null;
        };
    }

    /** The types that PowerPC and PowerPC64 share have the same numbers. */
    private static @Nullable Relocation powerPc(int type, int addressSize) {
        return switch (type) {
            case 1, 24 -> new Relocation(ABSOLUTE, 4); // R_PPC_ADDR32, R_PPC_UADDR32
            case 3, 25 -> new Relocation(ABSOLUTE, 2); // R_PPC_ADDR16, R_PPC_UADDR16
            case 26 -> new Relocation(RELATIVE, 4); // R_PPC_REL32
            case 38, 43 -> new Relocation(ABSOLUTE, 8); // R_PPC64_ADDR64, R_PPC64_UADDR64
            case 44 -> new Relocation(RELATIVE, 8); // R_PPC64_REL64
            case 78 -> new Relocation(TLS_OFFSET, addressSize); // R_PPC_DTPREL32, R_PPC64_DTPREL64
            default -> null;
        };
    }

    private static @Nullable Relocation mips(int type) {
        return switch (type) {
            case 2 -> new Relocation(ABSOLUTE, 4); // R_MIPS_32
            case 18 -> new Relocation(ABSOLUTE, 8); // R_MIPS_64
            case 39 -> new Relocation(TLS_OFFSET, 4); // R_MIPS_TLS_DTPREL32
            case 41 -> new Relocation(TLS_OFFSET, 8); // R_MIPS_TLS_DTPREL64
            case 248 -> new Relocation(RELATIVE, 4); // R_MIPS_PC32
            default -> null;
        };
    }

    private static @Nullable Relocation xtensa(int type) {
        return switch (type) {
            case 1 -> new Relocation(ADD, 4); // R_XTENSA_32, whose addend may stand in the field as well
            case 14 -> new Relocation(RELATIVE, 4); // R_XTENSA_32_PCREL
            // DIFF8 to DIFF32, PDIFF8 to NDIFF32: the field has the difference; only a linker that shrinks code looks
            // here
            case 17, 18, 19, 57, 58, 59, 60, 61, 62 -> NONE;
            default -> null;
        };
    }

    private static @Nullable Relocation riscV(int type) {
        return switch (type) {
            case 1 -> new Relocation(ABSOLUTE, 4); // R_RISCV_32
            case 2 -> new Relocation(ABSOLUTE, 8); // R_RISCV_64
            case 8 -> new Relocation(TLS_OFFSET, 4); // R_RISCV_TLS_DTPREL32
            case 9 -> new Relocation(TLS_OFFSET, 8); // R_RISCV_TLS_DTPREL64
            case 33 -> new Relocation(ADD, 1); // R_RISCV_ADD8
            case 34 -> new Relocation(ADD, 2); // R_RISCV_ADD16
            case 35 -> new Relocation(ADD, 4); // R_RISCV_ADD32
            case 36 -> new Relocation(ADD, 8); // R_RISCV_ADD64
            case 37 -> new Relocation(SUBTRACT, 1); // R_RISCV_SUB8
            case 38 -> new Relocation(SUBTRACT, 2); // R_RISCV_SUB16
            case 39 -> new Relocation(SUBTRACT, 4); // R_RISCV_SUB32
            case 40 -> new Relocation(SUBTRACT, 8); // R_RISCV_SUB64
            case 43, 51 -> NONE; // R_RISCV_ALIGN, R_RISCV_RELAX
            case 52 -> new Relocation(SUBTRACT_6, 1); // R_RISCV_SUB6
            case 53 -> new Relocation(SET_6, 1); // R_RISCV_SET6
            case 54 -> new Relocation(ABSOLUTE, 1); // R_RISCV_SET8
            case 55 -> new Relocation(ABSOLUTE, 2); // R_RISCV_SET16
            case 56 -> new Relocation(ABSOLUTE, 4); // R_RISCV_SET32
            case 57, 59 -> new Relocation(RELATIVE, 4); // R_RISCV_32_PCREL, R_RISCV_PLT32
            case 60 -> new Relocation(SET_ULEB, 1); // R_RISCV_SET_ULEB128
            case 61 -> new Relocation(SUBTRACT_ULEB, 1); // R_RISCV_SUB_ULEB128
            default -> null;
        };
    }
}
