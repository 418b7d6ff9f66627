package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a console before a crash, as many as a log may have bytes. */
final class LastLines {
    private final Deque<String> lines = new ArrayDeque<>();
    private final int most;
    private int characters;

    LastLines(Limits limits) {
        this.most = limits.logBytes();
    }

    void add(String line) {
        if (line.isBlank()) {
            return;
        }
        lines.addLast(line);
        characters += line.length() + 1;
        while (characters > most) {
            characters -= lines.removeFirst().length() + 1;
        }
    }

    /** What is there, which then is no more. */
    List<String> take() {
        var taken = List.copyOf(lines);
        lines.clear();
        characters = 0;
        return taken;
    }
}
