package dev.faultline.symbols.ehabi;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.util.HexFormat;

/** An unwind instruction that EHABI32 gives no meaning to: from a newer version of it, or not one at all. */
final class SpareInstructionException extends FormatException {

    SpareInstructionException(ByteReader in, String kind, int... codes) {
        super(String.valueOf(
                in.error("%s unwind instruction %s", kind, text(codes)).getMessage()));
    }

    private static String text(int... codes) {
        var bytes = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            bytes[i] = (byte) codes[i];
        }
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
