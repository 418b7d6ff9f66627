package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a frame does in a fingerprint. */
public enum FramePart {
    /** Says what crashed; in the keys. */
    RELEVANT,
    /** Plumbing such as {@code memcpy}: in the keys, but whoever called it has to follow. */
    PREFIX,
    /** Says nothing about the cause, wherever it stands. */
    SKIP,
    /** Where a failed check was noticed: it and everything it called is left out. */
    SENTINEL,
    /** Where threads begin: it and its callers are left out. */
    BASE,
    /** Beyond what is looked at: above a sentinel, below a base, a guess of the stack scan, behind the last key. */
    OUTSIDE,
    /** A repetition of the frames before it. */
    RECURSION;

    /** As stored and shown. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static FramePart of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
