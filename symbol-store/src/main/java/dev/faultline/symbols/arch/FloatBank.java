package dev.faultline.symbols.arch;

/**
 * Registers of one kind that debugging information numbers one after the other.
 *
 * @param letters what their names begin with: {@code xmm}
 * @param number that of the first one in DWARF
 * @param count how many there are
 * @param bytes of each
 * @param saved how many of its low bytes a function saves that gives it back: AAPCS64 keeps half a register
 * @param at where the first one lies in the file
 */
record FloatBank(String letters, int number, int count, int bytes, int saved, int at) {

    FloatRegister register(int index) {
        return new FloatRegister(letters + index, at + index * bytes, bytes, saved);
    }
}
