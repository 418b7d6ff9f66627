package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * The header of a unit (DWARF 5, 7.5.1); that of a DWARF 4 type unit as well.
 *
 * @param offset where the unit starts in the section
 * @param end where the next one starts
 * @param encoding how its values are written
 * @param type {@code DW_UT_…}; DW_UT_compile where the version has no types of units
 * @param abbreviationsAt offset of its table in {@code .debug_abbrev}
 * @param firstEntry where its first entry starts
 * @param identity the signature of a type unit, the {@code dwo_id} of a skeleton or split unit; 0 where there is none
 * @param typeAt where the type of a type unit is, from the unit's start; else 0
 */
record UnitHeader(
        long offset,
        long end,
        Encoding encoding,
        int type,
        long abbreviationsAt,
        long firstEntry,
        long identity,
        long typeAt) {
    static final int DW_UT_COMPILE = 1;
    static final int DW_UT_TYPE = 2;
    static final int DW_UT_PARTIAL = 3;
    static final int DW_UT_SKELETON = 4;
    static final int DW_UT_SPLIT_COMPILE = 5;
    static final int DW_UT_SPLIT_TYPE = 6;

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

    /** A unit of {@code .debug_info}. */
    static UnitHeader read(ByteReader in) {
        return read(in, false);
    }

    /** A unit of {@code .debug_types}, where DWARF 4 keeps its type units. */
    static UnitHeader readTypeUnit(ByteReader in) {
        return read(in, true);
    }

    private static UnitHeader read(ByteReader in, boolean typesSection) {
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
        int type = typesSection ? DW_UT_TYPE : DW_UT_COMPILE;
        int addressSize;
        long abbreviationsAt;
        if (version == 5) {
            type = in.u8();
            addressSize = in.u8();
            abbreviationsAt = in.unsigned(offsetSize);
        } else {
            abbreviationsAt = in.unsigned(offsetSize);
            addressSize = in.u8();
        }
        if (addressSize != Short.BYTES && addressSize != Integer.BYTES && addressSize != Long.BYTES) {
            throw in.error("addresses of %d bytes", addressSize);
        }
        long identity = 0;
        long typeAt = 0;
        switch (type) {
            case DW_UT_COMPILE, DW_UT_PARTIAL -> {}
            case DW_UT_SKELETON, DW_UT_SPLIT_COMPILE -> identity = in.u64();
            case DW_UT_TYPE, DW_UT_SPLIT_TYPE -> {
                identity = in.u64();
                typeAt = in.unsigned(offsetSize);
            }
            default -> throw in.error("DW_UT 0x%x", type);
        }
        if (in.position() > end) {
            throw in.error("header of a unit that ends at +0x%x", end);
        }
        return new UnitHeader(
                offset,
                end,
                new Encoding(version, offsetSize, addressSize),
                type,
                abbreviationsAt,
                in.position(),
                identity,
                typeAt);
    }

    int version() {
        return encoding.version();
    }

    int offsetSize() {
        return encoding.offsetSize();
    }

    int addressSize() {
        return encoding.addressSize();
    }

    boolean isTypeUnit() {
        return type == DW_UT_TYPE || type == DW_UT_SPLIT_TYPE;
    }

    /** Whether an offset of the section is one of the unit's entries. */
    boolean contains(long entry) {
        return entry >= firstEntry && entry < end;
    }
}
