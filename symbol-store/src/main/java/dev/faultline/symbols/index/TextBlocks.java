package dev.faultline.symbols.index;

import dev.faultline.symbols.index.TextPool.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes sorted texts in blocks: the first of a block whole, each of the others as the bytes that it adds to the one before,
 * because neighbours in the order of mangled names differ at their ends.
 */
final class TextBlocks {
    /** Texts in a block. */
    static final int BLOCK = 16;

    private final Bytes places = new Bytes();
    private final Bytes bytes = new Bytes();

    TextBlocks(Text[] sorted) {
        byte[] before = {};
        for (int i = 0; i < sorted.length; i++) {
            byte[] text = sorted[i].value().getBytes(StandardCharsets.UTF_8);
            int common = 0;
            if (i % BLOCK == 0) {
                places.u32(bytes.size());
            } else {
                int different = Arrays.mismatch(before, text);
                common = different < 0 ? text.length : different;
                bytes.uleb(common);
            }
            bytes.uleb(text.length - common);
            bytes.bytes(text, common, text.length - common);
            before = text;
        }
    }

    /** Where each block begins. */
    Bytes places() {
        return places;
    }

    Bytes bytes() {
        return bytes;
    }
}
