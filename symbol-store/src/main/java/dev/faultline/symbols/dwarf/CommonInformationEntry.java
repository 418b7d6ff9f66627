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
 * @param selectorSize bytes of the segment selector before an address
 * @param sizedAugmentation whether its frame description entries have augmentation data, behind its length
 * @param signalFrame whether the return address is exact
 * @param instructions the initial instructions
 * @param instructionsAt where they are in the section
 * @param initial what the initial instructions come to
 */
record CommonInformationEntry(
        long codeAlignment,
        long dataAlignment,
        int returnAddressRegister,
        EncodedPointer pointers,
        int selectorSize,
        boolean sizedAugmentation,
        boolean signalFrame,
        ByteReader instructions,
        long instructionsAt,
        FrameRules initial) {
    private static final int MOST_REGISTERS = 1 << 16;

    /**
     * Reads the content behind the id.
     *
     * @param at where the first byte that {@code in} reads is in the section
     */
    static CommonInformationEntry read(ByteReader in, long at, CallFrameSection section, Limits limits) {
        int version = in.u8();
        if (version != 1 && version != 3 && version != 4) {
            throw in.error("version %d of a common information entry", version);
        }
        String augmentation = in.string(limits);
        int addressSize = section.addressSize();
        int selectorSize = 0;
        if (version == 4) {
            addressSize = in.u8();
            selectorSize = in.u8();
            if ((addressSize != 2 && addressSize != 4 && addressSize != 8) || selectorSize > 8) {
                throw in.error("addresses of %d bytes with segment selectors of %d", addressSize, selectorSize);
            }
        }
        if (augmentation.equals("eh")) { // GCC 2: a pointer to exception tables
            in.skip(addressSize);
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
            long dataAt = at + in.position();
            var data = in.take("augmentation data", length);
            for (char letter : augmentation.substring(1).toCharArray()) {
                switch (letter) {
                    case 'R' -> encoding = data.u8();
                    case 'P' -> new EncodedPointer(data.u8(), addressSize).skip(data, section.address() + dataAt);
                    case 'L' -> data.skip(1);
                    case 'S' -> signalFrame = true;
                    case 'B', 'G' -> {} // AArch64: key B signs, memory is tagged; neither moves a register
                    default -> throw in.error("augmentation \"%s\"", augmentation);
                }
            }
        } else {
            signalFrame = readUnsized(in, augmentation);
        }
        var pointers = new EncodedPointer(encoding, addressSize);
        if (!section.exceptionFrames() && !pointers.isPlain()) {
            throw in.error("pointer encoding 0x%x in .debug_frame", encoding);
        }
        long instructionsAt = at + in.position();
        return new CommonInformationEntry(
                codeAlignment,
                dataAlignment,
                (int) returnAddressRegister,
                pointers,
                selectorSize,
                sized,
                signalFrame,
                in.take("initial instructions", in.remaining()),
                instructionsAt,
                new FrameRules());
    }

    /** Augmentations without data: whether it is a signal frame. */
    private static boolean readUnsized(ByteReader in, String augmentation) {
        // "armcc+" says that the CFA is what the standard says it is, unlike in older compilers of that name
        if (augmentation.isEmpty() || augmentation.equals("eh") || augmentation.equals("armcc+")) {
            return false;
        }
        // the GNU assembler leaves the z out in .debug_frame, where S and B have no data
        if (!augmentation.matches("[SBG]+")) {
            throw in.error("augmentation \"%s\"", augmentation);
        }
        return augmentation.indexOf('S') >= 0;
    }
}
