package dev.faultline.differential;

import org.jspecify.annotations.Nullable;

/**
 * One level of an answer.
 *
 * @param function the linker's name where the tool knows it, else that of the source; absent: the tool knows none
 * @param file absent: unknown
 * @param line 0: unknown
 * @param column 0: unknown, or the tool does not tell
 */
record Level(@Nullable String function, @Nullable String file, int line, int column) {

    Level withoutFile() {
        return new Level(function, null, line, column);
    }

    /** In one piece, for {@link Recorded}. */
    String text() {
        return "%s|%s|%d|%d".formatted(orEmpty(function), orEmpty(file), line, column);
    }

    static Level parse(String text) {
        String[] parts = text.split("\\|", -1);
        return new Level(
                parts[0].isEmpty() ? null : parts[0],
                parts[1].isEmpty() ? null : parts[1],
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    @Override
    public String toString() {
        return "%s %s".formatted(function == null ? "??" : function, place());
    }

    String place() {
        return "%s:%d".formatted(file == null ? "??" : file, line);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
