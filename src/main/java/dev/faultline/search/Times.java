package dev.faultline.search;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The times from one, which is included, to another, which is not. */
public record Times(Instant from, Instant until) {
    /** Times that every database has. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private static final Pattern AGE = Pattern.compile("([0-9]{1,4})([mhdw])");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** A day, an instant, or a distance from now, as the time that it covers. */
    private record Span(Instant from, Instant until, boolean age) {}

    static boolean understands(Value value) {
        return find(value, Instant.EPOCH) != null;
    }

    /** The times of a value of a {@link Kind.Time}. */
    public static Times of(Value value, Instant now) {
        Times times = find(value, now);
        if (times == null) {
            throw new IllegalArgumentException("no time: " + value);
        }
        return times;
    }

    private static @Nullable Times find(Value value, Instant now) {
        return switch (value) {
            case Comparison(Operator operator, String operand) -> {
                Span span = span(operand, now);
                yield span == null ? null : beside(operator, span);
            }
            case Range(String one, String other) -> {
                Span from = span(one, now);
                Span to = span(other, now);
                yield from == null || to == null || from.age() != to.age() ? null : between(from, to);
            }
            case Literal(String text) -> {
                Span span = span(text, now);
                yield span == null || span.age() ? null : new Times(span.from(), span.until());
            }
            case Wildcard _ -> null;
        };
    }

    /** A small age is a late time. */
    private static Times beside(Operator operator, Span span) {
        boolean late = switch (operator) {
            case AT_LEAST, ABOVE -> !span.age();
            case AT_MOST, BELOW -> span.age();
        };
        boolean itself = switch (operator) {
            case AT_LEAST, AT_MOST -> true;
            case ABOVE, BELOW -> span.age();
        };
        if (late) {
            return new Times(itself ? span.from() : span.until(), LATEST);
        }
        return new Times(EARLIEST, itself ? span.until() : span.from());
    }

    private static Times between(Span from, Span to) {
        return from.age() ? new Times(to.from(), from.until()) : new Times(from.from(), to.until());
    }

    private static @Nullable Span span(String text, Instant now) {
        var age = AGE.matcher(text);
        if (age.matches()) {
            Instant at = now.minus(unit(age.group(2)).multipliedBy(Long.parseLong(age.group(1))));
            return new Span(at, at, true);
        }
        try {
            if (DAY.matcher(text).matches()) {
                LocalDate day = LocalDate.parse(text);
                return known(start(day), start(day.plusDays(1)));
            }
            Instant at = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
            return known(at, at.plus(1, ChronoUnit.MICROS));
        } catch (DateTimeException noTime) {
            return null;
        }
    }

    private static @Nullable Span known(Instant from, Instant until) {
        return from.isBefore(EARLIEST) || until.isAfter(LATEST) ? null : new Span(from, until, false);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }
}
