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
    private static final int INDIRECT = 0x80;
    private static final int ALIGNED = 0x50;

    /** Whether it counts from nothing, as all pointers of {@code .debug_frame} have to. */
    boolean isPlain() {
        return (encoding & 0xf0) == 0;
    }

    /**
     * Reads the address of code.
     *
     * @param regionAddress the address of the first byte of the region that {@code in} reads
     * @param function start of the function that the pointer belongs to; 0 where that is what it says
     */
    long read(ByteReader in, CallFrameSection section, long regionAddress, long function) {
        if ((encoding & INDIRECT) != 0) {
            // the address would be in a cell of the data of the running program; no producer does that for code
            throw in.error("pointer encoding 0x%x: an indirect pointer to code", encoding);
        }
        if ((encoding & 0xf0) == ALIGNED) {
            long misplaced = regionAddress + in.position() & addressSize - 1;
            in.skip(misplaced == 0 ? 0 : addressSize - misplaced);
            return in.unsigned(addressSize);
        }
        long here = regionAddress + in.position();
        long value = value(in);
        return switch (encoding & 0xf0) {
            case 0x00 -> masked(value);
            case 0x10 -> masked(here + value);
            case 0x20 -> masked(base(in, section.text(), ".text") + value);
            case 0x30 -> masked(base(in, section.data(), ".got") + value);
            case 0x40 -> masked(base(in, function, "its function") + value);
            default -> throw in.error("pointer encoding 0x%x", encoding);
        };
    }

    /** Reads a size: the same format, counted from nothing and never negative. */
    long readSize(ByteReader in) {
        if ((encoding & 0xf0) == ALIGNED) {
            return in.unsigned(addressSize);
        }
        return switch (encoding & 0xf) {
            case 0xa -> in.u16();
            case 0xb -> in.u32();
            default -> masked(value(in));
        };
    }

    /**
     * Reads past a pointer that nobody needs, such as that of a personality routine.
     *
     * @param regionAddress as in {@link #read}
     */
    void skip(ByteReader in, long regionAddress) {
        if (encoding == OMITTED) {
            return;
        }
        if ((encoding & 0x70) == ALIGNED) {
            long misplaced = regionAddress + in.position() & addressSize - 1;
            in.skip((misplaced == 0 ? 0 : addressSize - misplaced) + addressSize);
        } else {
            value(in);
        }
    }

    private long value(ByteReader in) {
        return switch (encoding & 0xf) {
            case 0x0 -> in.unsigned(addressSize);
            case 0x1 -> in.uleb();
            case 0x2 -> in.u16();
            case 0x3 -> in.u32();
            case 0x4, 0xc -> in.u64();
            case 0x8 -> signed(in.unsigned(addressSize));
            case 0x9 -> in.sleb();
            case 0xa -> (short) in.u16();
            case 0xb -> in.i32();
            default -> throw in.error("pointer encoding 0x%x", encoding);
        };
    }

    private static long base(ByteReader in, long base, String name) {
        if (base == 0) {
            throw in.error("pointer counts from %s, and nobody knows where that is", name);
        }
        return base;
    }

    private long signed(long value) {
        int unused = Long.SIZE - 8 * addressSize;
        return value << unused >> unused;
    }

    private long masked(long value) {
        int unused = Long.SIZE - 8 * addressSize;
        return value << unused >>> unused;
    }
}
