package dev.faultline.symbols.arch;

/**
 * A floating-point or vector register.
 *
 * @param at where its low byte lies in the file of such registers
 * @param bytes how wide it is
 * @param saved how many of its low bytes call frame information means when it says where a function saved it
 */
public record FloatRegister(String name, int at, int bytes, int saved) {

    boolean isExtendedReal() {
        return bytes == ExtendedReal.BYTES;
    }
}
