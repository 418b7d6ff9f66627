package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * A section of call frame information, and what of its image pointers and instructions in it depend on.
 *
 * @param bytes its contents
 * @param exceptionFrames whether it is an {@code .eh_frame} (LSB Core, 10.6) instead of a {@code .debug_frame}
 * @param address where the image has it, for pointers that count from themselves
 * @param text where the image has its {@code .text}, for pointers that count from there; 0: nowhere
 * @param data where the image has its {@code .got}, for pointers that count from there; 0: nowhere
 * @param machine {@code e_machine}, for instructions that processors give meanings of their own
 * @param addressSize bytes of an address
 */
public record CallFrameSection(
        ByteReader bytes, boolean exceptionFrames, long address, long text, long data, int machine, int addressSize) {

    /** A {@code .debug_frame}, whose pointers are plain. */
    public static CallFrameSection debugFrame(ByteReader bytes, int machine, int addressSize) {
        return new CallFrameSection(bytes, false, 0, 0, 0, machine, addressSize);
    }
}
