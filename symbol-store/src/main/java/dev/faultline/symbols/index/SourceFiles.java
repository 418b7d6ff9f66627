package dev.faultline.symbols.index;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths of source files, directory and name apart because directories repeat; named by their number from 1. */
final class SourceFiles {
    private final StringPool strings;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Bytes bytes = new Bytes();

    SourceFiles(StringPool strings) {
        this.strings = strings;
    }

    /** 0: no file. */
    int number(@Nullable String path) {
        if (path == null) {
            return 0;
        }
        Integer known = numbers.get(path);
        if (known != null) {
            return known;
        }
        int number = numbers.size() + 1;
        numbers.put(path, number);
        int slash = path.lastIndexOf('/');
        bytes.u32(strings.place(path.substring(0, slash + 1)));
        bytes.u32(strings.place(path.substring(slash + 1)));
        return number;
    }

    Bytes bytes() {
        return bytes;
    }
}
