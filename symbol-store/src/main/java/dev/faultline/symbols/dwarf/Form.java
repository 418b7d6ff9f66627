package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/** How attribute values are written: every form of DWARF 2 to 5 (DWARF 5, 7.5.6) and those of GNU and LLVM. */
final class Form {
    static final int ADDR = 0x01;
    static final int BLOCK2 = 0x03;
    static final int BLOCK4 = 0x04;
    static final int DATA2 = 0x05;
    static final int DATA4 = 0x06;
    static final int DATA8 = 0x07;
    static final int STRING = 0x08;
    static final int BLOCK = 0x09;
    static final int BLOCK1 = 0x0a;
    static final int DATA1 = 0x0b;
    static final int FLAG = 0x0c;
    static final int SDATA = 0x0d;
    static final int STRP = 0x0e;
    static final int UDATA = 0x0f;
    static final int REF_ADDR = 0x10;
    static final int REF1 = 0x11;
    static final int REF2 = 0x12;
    static final int REF4 = 0x13;
    static final int REF8 = 0x14;
    static final int REF_UDATA = 0x15;
    static final int INDIRECT = 0x16;
    static final int SEC_OFFSET = 0x17;
    static final int EXPRLOC = 0x18;
    static final int FLAG_PRESENT = 0x19;
    static final int STRX = 0x1a;
    static final int ADDRX = 0x1b;
    static final int REF_SUP4 = 0x1c;
    static final int STRP_SUP = 0x1d;
    static final int DATA16 = 0x1e;
    static final int LINE_STRP = 0x1f;
    static final int REF_SIG8 = 0x20;
    static final int IMPLICIT_CONST = 0x21;
    static final int LOCLISTX = 0x22;
    static final int RNGLISTX = 0x23;
    static final int REF_SUP8 = 0x24;
    static final int STRX1 = 0x25;
    static final int STRX2 = 0x26;
    static final int STRX3 = 0x27;
    static final int STRX4 = 0x28;
    static final int ADDRX1 = 0x29;
    static final int ADDRX2 = 0x2a;
    static final int ADDRX3 = 0x2b;
    static final int ADDRX4 = 0x2c;
    static final int GNU_ADDR_INDEX = 0x1f01;
    static final int GNU_STR_INDEX = 0x1f02;
    static final int GNU_REF_ALT = 0x1f20;
    static final int GNU_STRP_ALT = 0x1f21;
    static final int LLVM_ADDRX_OFFSET = 0x2001;

    private Form() {}

    /** Whether the value is one integer: a constant, a flag, an address, an offset or an index. */
    static boolean isNumber(int form) {
        return switch (form) {
            case BLOCK, BLOCK1, BLOCK2, BLOCK4, EXPRLOC, STRING, DATA16, IMPLICIT_CONST, INDIRECT, LLVM_ADDRX_OFFSET ->
                false;
            default -> true;
        };
    }

    /** Whether the value is an index into the unit's contribution to {@code .debug_addr}. */
    static boolean isAddressIndex(int form) {
        return switch (form) {
            case ADDRX, ADDRX1, ADDRX2, ADDRX3, ADDRX4, GNU_ADDR_INDEX -> true;
            default -> false;
        };
    }

    /** Whether the value is an index into the unit's contribution to {@code .debug_str_offsets}. */
    static boolean isStringIndex(int form) {
        return switch (form) {
            case STRX, STRX1, STRX2, STRX3, STRX4, GNU_STR_INDEX -> true;
            default -> false;
        };
    }

    /** Reads an integer, sign extended for DW_FORM_sdata only. */
    static long number(ByteReader in, int form, Encoding encoding) {
        return switch (form) {
            case ADDR -> in.unsigned(encoding.addressSize());
            case DATA1, FLAG, REF1, STRX1, ADDRX1 -> in.u8();
            case DATA2, REF2, STRX2, ADDRX2 -> in.u16();
            case STRX3, ADDRX3 -> in.u24();
            case DATA4, REF4, REF_SUP4, STRX4, ADDRX4 -> in.u32();
            case DATA8, REF8, REF_SUP8, REF_SIG8 -> in.u64();
            case SDATA -> in.sleb();
            case UDATA, REF_UDATA, STRX, ADDRX, LOCLISTX, RNGLISTX, GNU_ADDR_INDEX, GNU_STR_INDEX -> in.uleb();
            case STRP, SEC_OFFSET, LINE_STRP, STRP_SUP, GNU_REF_ALT, GNU_STRP_ALT -> in.unsigned(encoding.offsetSize());
            // DWARF 2 gave it the size of an address
            case REF_ADDR -> in.unsigned(encoding.version() == 2 ? encoding.addressSize() : encoding.offsetSize());
            case FLAG_PRESENT -> 1;
            default -> throw in.error("DW_FORM 0x%x", form);
        };
    }

    /** Reads past a value of any form but DW_FORM_indirect. */
    static void skip(ByteReader in, int form, Encoding encoding) {
        switch (form) {
            case BLOCK, EXPRLOC -> in.skip(in.uleb());
            case BLOCK1 -> in.skip(in.u8());
            case BLOCK2 -> in.skip(in.u16());
            case BLOCK4 -> in.skip(in.u32());
            case STRING -> skipString(in);
            case DATA16 -> in.skip(16);
            case IMPLICIT_CONST -> {}
            case LLVM_ADDRX_OFFSET -> {
                in.uleb();
                in.skip(Integer.BYTES);
            }
            default -> number(in, form, encoding);
        }
    }

    /** Reads past a text and its NUL. */
    static void skipString(ByteReader in) {
        while (in.u8() != 0) {
            // a text that nobody asked for
        }
    }

    /** What {@link #size} says of a form whose values differ in size. */
    static final int VARIABLE = -1;

    /** What {@link #size} says of a form that is not known. */
    static final int UNKNOWN = -2;

    /** Bytes of every value of the form. */
    static int size(int form, Encoding encoding) {
        return switch (form) {
            case ADDR -> encoding.addressSize();
            case IMPLICIT_CONST, FLAG_PRESENT -> 0;
            case DATA1, FLAG, REF1, STRX1, ADDRX1 -> 1;
            case DATA2, REF2, STRX2, ADDRX2 -> 2;
            case STRX3, ADDRX3 -> 3;
            case DATA4, REF4, REF_SUP4, STRX4, ADDRX4 -> 4;
            case DATA8, REF8, REF_SUP8, REF_SIG8 -> 8;
            case DATA16 -> 16;
            case STRP, SEC_OFFSET, LINE_STRP, STRP_SUP, GNU_REF_ALT, GNU_STRP_ALT -> encoding.offsetSize();
            // DWARF 2 gave it the size of an address
            case REF_ADDR -> encoding.version() == 2 ? encoding.addressSize() : encoding.offsetSize();
            case SDATA,
                    UDATA,
                    REF_UDATA,
                    STRX,
                    ADDRX,
                    LOCLISTX,
                    RNGLISTX,
                    GNU_ADDR_INDEX,
                    GNU_STR_INDEX,
                    LLVM_ADDRX_OFFSET,
                    BLOCK,
                    BLOCK1,
                    BLOCK2,
                    BLOCK4,
                    EXPRLOC,
                    STRING,
                    INDIRECT -> VARIABLE;
            default -> UNKNOWN;
        };
    }
}
