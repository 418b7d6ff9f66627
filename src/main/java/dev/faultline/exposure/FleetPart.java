package dev.faultline.exposure;

import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The part of a fleet that a question is about, and the time. */
final class FleetPart {
    static final Duration USUAL = Duration.ofDays(30);
    static final Duration LONGEST = Duration.ofDays(366);

    @QueryParam("software")
    @Nullable
    String software;

    @QueryParam("version")
    @Nullable
    String version;

    @QueryParam("hardware")
    @Nullable
    String hardware;

    @QueryParam("cohort")
    @Nullable
    String cohort;

    @QueryParam("from")
    @Nullable
    String from;

    @QueryParam("until")
    @Nullable
    String until;

    /** A time in whole hours; {@code until} is behind it. */
    record Span(Instant from, Instant until) {

        LocalDate firstDay() {
            return LocalDate.ofInstant(from, ZoneOffset.UTC);
        }

        LocalDate lastDay() {
            return LocalDate.ofInstant(until.minusMillis(1), ZoneOffset.UTC);
        }
    }

    /** From the beginning of its first hour to the end of its last; a 400 problem where it is none. */
    Span span(Instant now) {
        Instant end = time("until", until, now).plus(1, ChronoUnit.HOURS).minusNanos(1);
        Instant last = end.truncatedTo(ChronoUnit.HOURS);
        Instant first = time("from", from, last.minus(USUAL)).truncatedTo(ChronoUnit.HOURS);
        if (!first.isBefore(last) || first.isBefore(last.minus(LONGEST))) {
            throw Problem.badRequest(
                    "bad-parameter", "from: wanted a time before until, by %d days at most", LONGEST.toDays());
        }
        return new Span(first, last);
    }

    /** Conditions on a release {@code r}. */
    Fragment releases(long projectId) {
        if (version != null && software == null) {
            throw Problem.badRequest("bad-parameter", "software: a version alone is no release");
        }
        return named(named(new Fragment("r.project_id = ?", projectId), "r.software", software), "r.version", version);
    }

    /** Conditions on the columns hardware and cohort of {@code table}. */
    Fragment devices(String table) {
        return named(named(new Fragment(), table + ".hardware", hardware), table + ".cohort", cohort);
    }

    private static Fragment named(Fragment conditions, String column, @Nullable String name) {
        if (name == null) {
            return conditions;
        }
        // none has one, and the database takes no text with a zero
        return name.chars().anyMatch(Character::isISOControl)
                ? conditions.and("false")
                : conditions.and(column + " = ?", name);
    }

    private static Instant time(String name, @Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isAfter(Instant.EPOCH) && time.isBefore(Instant.EPOCH.plus(Duration.ofDays(365_000)))) {
                return time;
            }
        } catch (DateTimeException e) {
            throw bad(name, text);
        }
        throw bad(name, text);
    }

    private static Problem bad(String name, String text) {
        return Problem.badRequest(
                "bad-parameter", "%s: found \"%s\", wanted a time such as 2026-11-21T08:00:00Z", name, text);
    }
}
