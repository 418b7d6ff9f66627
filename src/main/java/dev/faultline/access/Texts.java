package dev.faultline.access;

import dev.faultline.http.Problem;
import org.jspecify.annotations.Nullable;

/** Short texts that people typed. */
public final class Texts {
    private static final int MOST_SHOWN = 80;

    private Texts() {}

    /** The text without control characters (PostgreSQL refuses NUL), not blank, bounded; else a 400 problem. */
    public static String line(String field, @Nullable String text, int most) {
        if (text == null || text.isBlank()) {
            throw Problem.badRequest("field-missing", "%s is missing", field);
        }
        if (text.length() > most) {
            throw Problem.badRequest(
                    "field-too-long", "%s has %d characters, at most %d fit", field, text.length(), most);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("bad-field", "%s has a control character", field);
        }
        return text.strip();
    }

    /** What was found, for a message: bounded, without control characters. */
    public static String shown(String text) {
        String start = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
