package dev.faultline.symbols.logs;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A ring of text in memory that somebody named: a {@code char[]}, or a pointer to one.
 *
 * @param symbol the variable, as the linker has it
 * @param head the variable that says where the next byte goes: an index, a count of all bytes, or a pointer; null: none
 * @param size the variable that says how many bytes the ring has; null: as many as the array
 */
public record LogBuffer(
        String symbol, @Nullable String head, @Nullable String size) {
    /** Longest name of a variable. */
    public static final int LONGEST_NAME = 200;

    private static final Pattern NAME = Pattern.compile("[\\w$.]{1," + LONGEST_NAME + "}");

    /** @throws IllegalArgumentException when a name is none */
    public LogBuffer {
        check(symbol);
        check(head);
        check(size);
    }

    private static void check(@Nullable String name) {
        if (name != null && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("found \"%s\", wanted the name of a variable of at most %d characters"
                    .formatted(EscapedText.of(name), LONGEST_NAME));
        }
    }

    /**
     * {@code NAME[:HEAD[:SIZE]]}.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static LogBuffer parse(String text) {
        var parts = text.split(":", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException(
                    "found \"%s\", wanted NAME[:HEAD[:SIZE]]".formatted(EscapedText.of(text)));
        }
        return new LogBuffer(parts[0], part(parts, 1), part(parts, 2));
    }

    private static @Nullable String part(String[] parts, int index) {
        return index < parts.length && !parts[index].isEmpty() ? parts[index] : null;
    }
}
