package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Texts of the index, each once, named by its place in the section; 0 is the empty one. */
final class StringPool {
    /** Strings of a file may share their bytes, which makes more text out of a hostile file than it has bytes. */
    private static final int MOST = 1 << 30;

    private final Map<String, Integer> places = new HashMap<>();
    private final Bytes bytes = new Bytes();

    StringPool() {
        place("");
    }

    int place(String text) {
        Integer known = places.get(text);
        if (known != null) {
            return known;
        }
        int place = bytes.size();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MOST - place) {
            throw new FormatException("more than %d bytes of different names".formatted(MOST));
        }
        bytes.uleb(utf8.length);
        bytes.bytes(utf8);
        places.put(text, place);
        return place;
    }

    Bytes bytes() {
        return bytes;
    }
}
