package dev.faultline.symbols.index;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pairs of source name and linker's name, each once, named by their number. */
final class Names {
    private record Pair(int name, int linkageName) {}

    private final StringPool strings;
    private final Map<Pair, Integer> numbers = new HashMap<>();
    private final Bytes bytes = new Bytes();

    Names(StringPool strings) {
        this.strings = strings;
    }

    int number(String name, @Nullable String linkageName) {
        var pair = new Pair(strings.place(name), linkageName == null ? 0 : strings.place(linkageName));
        Integer known = numbers.get(pair);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        numbers.put(pair, number);
        bytes.u32(pair.name());
        bytes.u32(pair.linkageName());
        return number;
    }

    Bytes bytes() {
        return bytes;
    }
}
