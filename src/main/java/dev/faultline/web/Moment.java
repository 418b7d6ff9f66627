package dev.faultline.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A point in time as people read it: how long ago, with the exact time in UTC beside it. */
public record Moment(Instant at, Instant now) {
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** For the {@code datetime} attribute. */
    public String iso() {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    public String exact() {
        return EXACT.format(at);
    }

    public String ago() {
        Duration age = Duration.between(at, now);
        if (age.isNegative()) {
            // device clocks run ahead; "in 3 minutes" would be true and useless
            return "just now";
        }
        if (age.toMinutes() < 1) {
            return "just now";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min ago";
        }
        if (age.toDays() < 1) {
            return age.toHours() + " h ago";
        }
        if (age.toDays() < 60) {
            return counted(age.toDays(), "day") + " ago";
        }
        return counted(age.toDays() / 30, "month") + " ago";
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
