package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The strings of a mapped index. */
final class Texts {
    private final MemorySegment bytes;
    private final RecentTexts recent = new RecentTexts();

    Texts(MemorySegment bytes) {
        this.bytes = bytes;
    }

    String at(long place) {
        String known = recent.get(place);
        return known == null ? recent.put(place, read(place)) : known;
    }

    /** Compares as unsigned bytes, without making a string. */
    int compare(long place, byte[] text) {
        var cursor = new Cursor(bytes, place);
        long length = cursor.uleb();
        long from = cursor.position();
        long common = Math.min(length, text.length);
        for (int i = 0; i < common; i++) {
            int order = Integer.compare(bytes.get(ValueLayout.JAVA_BYTE, from + i) & 0xff, text[i] & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return Long.compare(length, text.length);
    }

    private String read(long place) {
        var cursor = new Cursor(bytes, place);
        int length = (int) cursor.uleb();
        byte[] utf8 = new byte[length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, cursor.position(), utf8, 0, length);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
