package dev.faultline.symbols.dwarf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes the bytes of one section by hand, in one byte order. */
final class DwarfBytes {
    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DwarfBytes(ByteOrder order) {
        this.order = order;
    }

    DwarfBytes() {
        this(ByteOrder.LITTLE_ENDIAN);
    }

    ByteOrder order() {
        return order;
    }

    int position() {
        return out.size();
    }

    /** An integer of any number of bytes. */
    DwarfBytes number(long value, int size) {
        for (int i = 0; i < size; i++) {
            int shift = order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i;
            out.write((int) (shift < Long.BYTES ? value >>> (8 * shift) : 0));
        }
        return this;
    }

    DwarfBytes u8(long... values) {
        for (long value : values) {
            number(value, 1);
        }
        return this;
    }

    DwarfBytes u16(long value) {
        return number(value, 2);
    }

    DwarfBytes u32(long value) {
        return number(value, 4);
    }

    DwarfBytes u64(long value) {
        return number(value, 8);
    }

    DwarfBytes uleb(long value) {
        long left = value;
        do {
            long group = left & 0x7f;
            left >>>= 7;
            out.write((int) (left == 0 ? group : group | 0x80));
        } while (left != 0);
        return this;
    }

    DwarfBytes sleb(long value) {
        long left = value;
        while (true) {
            long group = left & 0x7f;
            left >>= 7;
            if ((left == 0 && (group & 0x40) == 0) || (left == -1 && (group & 0x40) != 0)) {
                out.write((int) group);
                return this;
            }
            out.write((int) (group | 0x80));
        }
    }

    DwarfBytes text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8)).u8(0);
    }

    DwarfBytes hex(String hex) {
        return raw(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    DwarfBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** What a body takes with its length before it: a unit, a line table. */
    DwarfBytes unit(boolean is64Bit, DwarfBytes body) {
        if (is64Bit) {
            u32(0xffff_ffffL).u64(body.position());
        } else {
            u32(body.position());
        }
        return raw(body.bytes());
    }
}
