package dev.faultline.triage;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * What was said of a cluster, or happened to its state.
 *
 * @param actor a person, or {@value #SERVICE}
 * @param text the comment, the new title, assignee or ticket, or what stands behind the state
 */
record Note(long id, Instant at, String actor, Kind kind, String text) {
    /** Who changes states because of crashes. */
    static final String SERVICE = "faultline";

    enum Kind {
        COMMENT,
        TITLE,
        ASSIGNEE,
        TICKET,
        OPENED,
        RESOLVED,
        MUTED,
        /** What it was muted until is there. */
        UNMUTED,
        /** Resolved, and crashed in a release with the fix. */
        REGRESSED,
        /** Resolved, and crashed in a release of which nobody knows. */
        SEEN_AGAIN;

        @JsonValue
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
