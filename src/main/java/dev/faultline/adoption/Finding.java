package dev.faultline.adoption;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something about the releases that a fleet runs that somebody should look at.
 *
 * @param version the release that it is about; absent: all of them
 * @param text in words, with the numbers
 * @param devices behind it; an estimate where only a part of the fleet was looked at
 * @param groups where the devices are, most first
 * @param list where they are listed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(Kind kind, @Nullable String version, String text, long devices, List<Group> groups, String list) {

    public Finding {
        groups = List.copyOf(groups);
    }

    /** What was found. */
    public enum Kind {
        /** Two weeks after its first day, fewer than half of those that could run it do. */
        SLOW_ADOPTION,
        /** More releases than anybody tests are in use. */
        FRAGMENTATION,
        /** Many of the devices that took a release went back. */
        ROLLBACK_STORM,
        /** Devices crash at each start. */
        CRASH_LOOP,
        /** More devices fell silent on a release than on the others. */
        SILENT_AFTER_UPDATE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Kind> named(String label) {
            return List.of(values()).stream()
                    .filter(kind -> kind.label().equals(label))
                    .findFirst();
        }
    }

    /** Devices a day of one hardware revision and cohort, empty where unknown. */
    public record Group(String hardware, String cohort, double devices) {}
}
