package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.semver4j.Semver;

/** How the versions of a software type are ordered. Somebody declares it; it is never guessed from what versions look like. */
public enum VersionScheme {
    /** Semantic versioning 2.0.0. Build metadata is no order: {@code 1.0.0+1} and {@code 1.0.0+2} are equal. */
    SEMVER,
    /** Year, month and day, and a number for several of one day: {@code 2026.06.15}, {@code 2026-06-15-2}. */
    DATE,
    /** Numbers by their value, words by their letters: {@code 2.9 < 2.10 < 2.10b}. */
    NATURAL,
    /** Versions say nothing of their order. */
    NONE;

    private static final Pattern DAY =
            Pattern.compile("([0-9]{4})[.-]([0-9]{1,2})[.-]([0-9]{1,2})(?:[.\\-_]([0-9]{1,9}))?");

    /** What the API calls it. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme of a name, if there is one. */
    public static Optional<VersionScheme> named(String label) {
        for (VersionScheme scheme : values()) {
            if (scheme.label().equals(label)) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    /** Whether a version is written as the scheme wants it; else it has no order. */
    public boolean reads(String version) {
        return switch (this) {
            case SEMVER -> semver(version) != null;
            case DATE -> day(version) != null;
            case NATURAL -> version.chars().anyMatch(NaturalOrder::isDigit);
            case NONE -> false;
        };
    }

    /**
     * Older versions first, as {@link Comparator#compare}; equal are also versions that differ in what is no order.
     *
     * @throws IllegalArgumentException for a version that the scheme does not {@link #reads read}
     */
    public int compare(String version, String other) {
        return switch (this) {
            case SEMVER -> read(semver(version)).compareTo(read(semver(other)));
            case DATE -> read(day(version)).compareTo(read(day(other)));
            case NATURAL -> NaturalOrder.compare(version, other);
            case NONE -> throw new IllegalArgumentException("versions have no order");
        };
    }

    /** Whether the scheme says that a version is not meant for everybody yet. */
    public boolean isPreRelease(String version) {
        return switch (this) {
            case SEMVER -> {
                Semver read = semver(version);
                yield read != null && !read.getPreRelease().isEmpty();
            }
            case DATE, NATURAL, NONE -> false;
        };
    }

    private static <T> T read(@Nullable T version) {
        if (version == null) {
            throw new IllegalArgumentException("a version without order is compared");
        }
        return version;
    }

    private static @Nullable Semver semver(String version) {
        return Semver.parse(version);
    }

    private record Day(LocalDate date, int number) implements Comparable<Day> {
        private static final Comparator<Day> ORDER =
                Comparator.comparing(Day::date).thenComparing(Day::number);

        @Override
        public int compareTo(Day other) {
            return ORDER.compare(this, other);
        }
    }

    private static @Nullable Day day(String version) {
        Matcher matcher = DAY.matcher(version);
        if (!matcher.matches()) {
            return null;
        }
        try {
            var date = LocalDate.of(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)));
            return new Day(date, matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4)));
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }
}
