package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;

/**
 * What the frame description entries that refer to it share (DWARF 5, 6.4.1).
 *
 * @param codeAlignment factor of advances
 * @param dataAlignment factor of offsets
 * @param returnAddressRegister the column that holds the return address
 * @param pointers how its frame description entries write addresses
 * @param sizedAugmentation whether its frame description entries have augmentation data, behind its length
 * @param signalFrame whether the return address is exact
 * @param instructions the initial instructions
 * @param address address of the first initial instruction
 */
record CommonInformationEntry(
        long codeAlignment,
        long dataAlignment,
        int returnAddressRegister,
        EncodedPointer pointers,
        boolean sizedAugmentation,
        boolean signalFrame,
        ByteReader instructions,
        long address) {
    private static final int MOST_REGISTERS = 1 << 16;

    /**
     * Reads the content behind the id.
     *
     * @param regionAddress the address of the first byte that {@code in} reads
     */
    static CommonInformationEntry read(
            ByteReader in, long regionAddress, int addressSize, boolean exceptionFrames, Limits limits) {
        int version = in.u8();
        if (version != 1 && version != 3 && version != 4) {
            throw in.error("version %d of a common information entry", version);
        }
        String augmentation = in.string(limits);
        int size = addressSize;
        if (version == 4) {
            size = in.u8();
            int selectorSize = in.u8();
            if ((size != Integer.BYTES && size != Long.BYTES) || selectorSize != 0) {
                throw in.error("addresses of %d bytes with segment selectors of %d", size, selectorSize);
            }
        }
        long codeAlignment = in.uleb();
        long dataAlignment = in.sleb();
        long returnAddressRegister = version == 1 ? in.u8() : in.uleb();
        Limits.checkCount(in, "return address register", returnAddressRegister, MOST_REGISTERS);

        int encoding = EncodedPointer.ABSOLUTE;
        boolean signalFrame = false;
        boolean sized = augmentation.startsWith("z");
        if (sized) {
            long length = in.uleb();
            var data = in.take("augmentation data", length);
            for (char letter : augmentation.substring(1).toCharArray()) {
                switch (letter) {
                    case 'R' -> encoding = data.u8();
                    case 'P' -> EncodedPointer.skip(data, data.u8(), size);
                    case 'L' -> data.skip(1);
                    case 'S' -> signalFrame = true;
                    case 'B', 'G' -> {} // AArch64: key B signs, memory is tagged; neither moves a register
                    default -> throw in.error("augmentation \"%s\"", augmentation);
                }
            }
        } else if (!augmentation.isEmpty()) {
            throw in.error("augmentation \"%s\"", augmentation);
        }
        if (!exceptionFrames && encoding != EncodedPointer.ABSOLUTE) {
            throw in.error("encoded pointers in .debug_frame");
        }
        long address = regionAddress + in.position();
        return new CommonInformationEntry(
                codeAlignment,
                dataAlignment,
                (int) returnAddressRegister,
                new EncodedPointer(encoding, size),
                sized,
                signalFrame,
                in.take("initial instructions", in.remaining()),
                address);
    }
}
