package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * The header of a unit of {@code .debug_info} (DWARF 5, 7.5.1).
 *
 * @param offset where the unit starts in the section
 * @param end where the next one starts
 * @param version 2 to 5
 * @param offsetSize bytes of an offset: 4, or 8 in 64-bit DWARF
 * @param addressSize bytes of an address: 4 or 8
 * @param abbreviationsAt offset of its table in {@code .debug_abbrev}
 * @param firstEntry where its first entry starts
 */
record Unit(
        long offset, long end, int version, int offsetSize, int addressSize, long abbreviationsAt, long firstEntry) {
    private static final int DW_UT_TYPE = 2;
    private static final int DW_UT_SKELETON = 4;
    private static final int DW_UT_SPLIT_COMPILE = 5;
    private static final int DW_UT_SPLIT_TYPE = 6;

    /** Where the unit ends, as far as the first field tells; the reader stays where it is. */
    static long end(ByteReader in) {
        var length = in.copy();
        long start = length.position();
        long size = length.u32();
        if (size == 0xffff_ffffL) {
            size = length.u64();
        } else if (size >= 0xffff_fff0L) {
            throw in.error("unit length 0x%x", size);
        }
        if (size < 0 || size > length.remaining()) {
            throw in.error("unit at +0x%x of 0x%x bytes, 0x%x left", start, size, length.remaining());
        }
        return length.position() + size;
    }

    static Unit read(ByteReader in) {
        long offset = in.position();
        long end = end(in);
        int offsetSize = in.u32() == 0xffff_ffffL ? Long.BYTES : Integer.BYTES;
        if (offsetSize == Long.BYTES) {
            in.skip(Long.BYTES);
        }
        int version = in.u16();
        if (version < 2 || version > 5) {
            throw in.error("DWARF version %d", version);
        }
        int addressSize;
        long abbreviationsAt;
        if (version == 5) {
            int type = in.u8();
            addressSize = in.u8();
            abbreviationsAt = in.unsigned(offsetSize);
            switch (type) {
                case DW_UT_SKELETON, DW_UT_SPLIT_COMPILE -> in.skip(Long.BYTES); // dwo_id
                case DW_UT_TYPE, DW_UT_SPLIT_TYPE -> in.skip(Long.BYTES + offsetSize); // type signature and offset
                default -> {}
            }
        } else {
            abbreviationsAt = in.unsigned(offsetSize);
            addressSize = in.u8();
        }
        if (addressSize != Integer.BYTES && addressSize != Long.BYTES) {
            throw in.error("addresses of %d bytes", addressSize);
        }
        return new Unit(offset, end, version, offsetSize, addressSize, abbreviationsAt, in.position());
    }

    boolean contains(long entry) {
        return entry >= firstEntry && entry < end;
    }
}
