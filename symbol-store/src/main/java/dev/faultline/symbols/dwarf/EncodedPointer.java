package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * How {@code .eh_frame} writes addresses (LSB Core, 10.5, "DWARF Exception Header Encoding"); {@code .debug_frame} uses
 * plain ones.
 *
 * @param encoding the encoding byte: format in bits 0 to 3, what it counts from in bits 4 to 6, indirection in bit 7
 * @param addressSize bytes of a plain address
 */
record EncodedPointer(int encoding, int addressSize) {
    static final int ABSOLUTE = 0;
    private static final int OMITTED = 0xff;
    private static final int FROM_ITSELF = 0x10;

    /**
     * Reads a pointer.
     *
     * @param regionAddress the address of the first byte of the region that {@code in} reads
     */
    long read(ByteReader in, long regionAddress) {
        long here = regionAddress + in.position();
        long value = value(in, encoding & 0xf);
        return switch (encoding & 0xf0) {
            case 0 -> masked(value);
            case FROM_ITSELF -> masked(here + value);
            default -> throw in.error("pointer encoding 0x%x", encoding);
        };
    }

    /** Reads a size: the same format, counted from nothing and never negative. */
    long readSize(ByteReader in) {
        return masked(value(in, encoding & 0xf));
    }

    /** Reads past a pointer that nobody needs, such as that of a personality routine. */
    static void skip(ByteReader in, int encoding, int addressSize) {
        if (encoding != OMITTED) {
            new EncodedPointer(encoding, addressSize).value(in, encoding & 0xf);
        }
    }

    private long value(ByteReader in, int format) {
        return switch (format) {
            case 0x0 -> in.unsigned(addressSize);
            case 0x1 -> in.uleb();
            case 0x2 -> in.u16();
            case 0x3 -> in.u32();
            case 0x4, 0xc -> in.u64();
            case 0x9 -> in.sleb();
            case 0xa -> (short) in.u16();
            case 0xb -> in.i32();
            default -> throw in.error("pointer encoding 0x%x", encoding);
        };
    }

    private long masked(long value) {
        return addressSize == Integer.BYTES ? value & 0xffff_ffffL : value;
    }
}
