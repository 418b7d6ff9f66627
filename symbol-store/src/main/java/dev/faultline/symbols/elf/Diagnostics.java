package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/** What of a file was left out because it is broken or unknown; some of it is found only when somebody asks for it. */
final class Diagnostics {
    private static final int MOST = 100;

    private final List<String> texts = new ArrayList<>();

    synchronized void add(String text) {
        if (texts.size() < MOST) {
            texts.add(text);
        }
    }

    void add(FormatException damage) {
        add(String.valueOf(damage.getMessage()));
    }

    synchronized List<String> list() {
        return List.copyOf(texts);
    }
}
