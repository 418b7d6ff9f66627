package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import org.jspecify.annotations.Nullable;

/**
 * Which devices are listed, by what they said last; absent parts ask for nothing.
 *
 * @param name how the name begins
 */
public record DeviceFilter(
        @Nullable String name,
        @Nullable String software,
        @Nullable String version,
        @Nullable String hardware,
        @Nullable String cohort) {

    /** Conditions on a device {@code d} and its release {@code r}. */
    Fragment conditions() {
        var conditions = new Fragment();
        add(conditions, "starts_with(d.name, ?)", name);
        add(conditions, "r.software = ?", software);
        add(conditions, "r.version = ?", version);
        add(conditions, "d.hardware = ?", hardware);
        add(conditions, "d.cohort = ?", cohort);
        return conditions;
    }

    private static void add(Fragment conditions, String condition, @Nullable String value) {
        if (value != null && value.chars().anyMatch(Character::isISOControl)) {
            conditions.and("false"); // no name has one, and the database takes no text with a zero
        } else if (value != null) {
            conditions.and(condition, value);
        }
    }
}
