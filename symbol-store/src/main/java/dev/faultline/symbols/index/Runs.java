package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.Machine;

/**
 * How the runs of a function are written: in blocks, each of which begins anew, so that a search may begin at any of them.
 *
 * <p>A run is one byte of flags and what they announce, in this order: the distance from the run before in bytes
 * (where the low three bits are 0; else they are the distance in steps), the innermost inlined call (its place plus 1, 0 for the function
 * itself, as a difference), the file, the line (as a difference), the column.
 */
final class Runs {
    /** Runs in a block. */
    static final int BLOCK = 8;

    /** The distance in steps; 0: bytes follow. */
    static final int STEPS = 0x07;

    /** The line: as before, one more, a difference follows, or no source position at all. */
    static final int LINE = 0x18;

    static final int LINE_SAME = 0x00;
    static final int LINE_NEXT = 0x08;
    static final int LINE_FOLLOWS = 0x10;
    static final int LINE_NONE = 0x18;

    /** Another call follows; its own file holds unless one follows as well. */
    static final int CALL_FOLLOWS = 0x20;

    /** A file follows. */
    static final int FILE_FOLLOWS = 0x40;

    /** A column follows. */
    static final int COLUMN_FOLLOWS = 0x80;

    /** Anchors hold distance and place of each block in two or in four bytes each. */
    static final int NARROW_ANCHOR = 4;

    static final int WIDE_ANCHOR = 8;

    private Runs() {}

    static int blocks(int runs) {
        return (runs + BLOCK - 1) / BLOCK;
    }

    /** How many bytes apart instructions may begin: what a step is. */
    static int step(int machine) {
        return switch (machine) {
            case Machine.EM_ARM, Machine.EM_RISCV -> 2;
            case Machine.EM_AARCH64, Machine.EM_PPC, Machine.EM_MIPS -> 4;
            default -> 1;
        };
    }
}
