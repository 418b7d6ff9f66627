package dev.faultline.web;

import dev.faultline.http.Problem;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far back a list looks. */
enum Span {
    DAY("24h", "24 hours", Duration.ofDays(1)),
    WEEK("7d", "7 days", Duration.ofDays(7)),
    MONTH("30d", "30 days", Duration.ofDays(30)),
    QUARTER("90d", "90 days", Duration.ofDays(90));

    private final String value;
    private final String words;
    private final Duration length;

    Span(String value, String words, Duration length) {
        this.value = value;
        this.words = words;
        this.length = length;
    }

    /** As it stands in an address. */
    String value() {
        return value;
    }

    String words() {
        return words;
    }

    /** When the span begins; null without one, a 400 problem for any other text. */
    static @Nullable Instant start(@Nullable String value, Instant now) {
        if (value == null) {
            return null;
        }
        for (Span span : values()) {
            if (span.value.equals(value)) {
                return now.minus(span.length);
            }
        }
        throw Problem.badRequest("bad-parameter", "since is one of 24h, 7d, 30d and 90d, not %s.", value);
    }
}
