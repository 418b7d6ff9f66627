package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A data item of CBOR (RFC 8949), of the kinds that logs are made of. */
sealed interface Cbor {
    /** Deepest nesting; a log has two levels. */
    int DEEPEST = 8;

    /** One of 64 bits without sign comes out negative above 2^63-1. */
    record Whole(long value) implements Cbor {}

    record Real(double value) implements Cbor {}

    record Text(String text) implements Cbor {}

    record Items(List<Cbor> items) implements Cbor {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys and values by turns. */
    record Pairs(List<Cbor> pairs) implements Cbor {
        public Pairs {
            pairs = List.copyOf(pairs);
        }
    }

    /** Reads one item; anything that is no such item is a {@link dev.faultline.symbols.bytes.FormatException}. */
    static Cbor read(ByteReader in) {
        return read(in.order(ByteOrder.BIG_ENDIAN), 0);
    }

    private static Cbor read(ByteReader in, int depth) {
        if (depth > DEEPEST) {
            throw in.error("items inside each other, more than %d deep", DEEPEST);
        }
        int head = in.u8();
        int kind = head >> 5;
        if (kind == 7) {
            return real(in, head & 0x1f);
        }
        long argument = argument(in, head & 0x1f);
        return switch (kind) {
            case 0 -> new Whole(argument);
            case 1 -> new Whole(-1 - argument);
            case 2, 3 -> new Text(new String(in.bytes(count(in, argument, 1)), StandardCharsets.UTF_8));
            case 4 -> new Items(items(in, count(in, argument, 1), depth));
            case 5 -> new Pairs(items(in, 2 * count(in, argument, 2), depth));
            default -> read(in, depth + 1); // a tag says something about the item behind it
        };
    }

    private static long argument(ByteReader in, int additional) {
        return switch (additional) {
            case 24 -> in.u8();
            case 25 -> in.u16();
            case 26 -> in.u32();
            case 27 -> in.u64();
            default -> {
                if (additional > 27) {
                    throw in.error("additional information %d, which no log has", additional);
                }
                yield additional;
            }
        };
    }

    /** Every item has at least a byte. */
    private static int count(ByteReader in, long count, int bytesEach) {
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw in.error("a count of %s with 0x%x bytes left", Long.toUnsignedString(count), in.remaining());
        }
        return (int) count;
    }

    private static List<Cbor> items(ByteReader in, int count, int depth) {
        var items = new ArrayList<Cbor>(count);
        for (int i = 0; i < count; i++) {
            items.add(read(in, depth + 1));
        }
        return items;
    }

    private static Cbor real(ByteReader in, int additional) {
        return switch (additional) {
            case 25 -> new Real(Float.float16ToFloat((short) in.u16()));
            case 26 -> new Real(Float.intBitsToFloat(in.i32()));
            case 27 -> new Real(Double.longBitsToDouble(in.u64()));
            default -> throw in.error("a simple value %d, which no log has", additional);
        };
    }
}
