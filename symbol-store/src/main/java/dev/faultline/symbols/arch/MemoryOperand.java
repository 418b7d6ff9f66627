package dev.faultline.symbols.arch;

import java.util.OptionalInt;

/**
 * What a load or store reaches: through which register, and how far from where that points.
 *
 * @param store whether it writes
 * @param bytes of all that it reads or writes
 * @param base the register that holds the pointer
 * @param index a register that is added, where there is one
 * @param shift by how many bits the index is shifted to the left
 * @param offset the number that is added
 */
public record MemoryOperand(boolean store, int bytes, int base, OptionalInt index, int shift, long offset) {

    static MemoryOperand of(boolean store, int bytes, int base, long offset) {
        return new MemoryOperand(store, bytes, base, OptionalInt.empty(), 0, offset);
    }
}
