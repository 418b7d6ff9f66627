package dev.faultline.symbols.logs;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Bytes of a log as a person may see them: what is no text, and what a terminal would act on, is written out. */
final class EscapedText {
    /** Colours, of which consoles are full, say nothing. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private EscapedText() {}

    static String of(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var text = new StringBuilder();
        while (true) {
            var result = decoder.decode(in, out, true);
            text.append(of(out.flip().toString()));
            out.clear();
            if (!result.isMalformed()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append("\\x%02x".formatted(in.get() & 0xff));
            }
        }
    }

    static String of(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return text;
        }
        var escaped = new StringBuilder();
        COLOUR.matcher(text).replaceAll("").codePoints().forEach(c -> {
            if (c == '\n') {
                escaped.append("\\n");
            } else if (c == '\r') {
                escaped.append("\\r");
            } else if (c != '\t' && c < 0x100 && Character.isISOControl(c)) {
                escaped.append("\\x%02x".formatted(c));
            } else if (Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE) {
                escaped.append("\\u%04x".formatted(c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
