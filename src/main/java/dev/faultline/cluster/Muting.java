package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What opens a muted cluster again, whichever comes first; nothing: somebody has to.
 *
 * @param release version: a crash in a release that contains it
 * @param devices so many are affected
 * @param time then
 * @param crashesPerDay so many crashes on one day (UTC) after that on which it was muted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Muting(
        @Nullable String release,
        @Nullable Integer devices,
        @Nullable Instant time,
        @Nullable Integer crashesPerDay) {

    /** {@code until 2.5.0 crashes or 50 devices are affected}; {@code until somebody opens it}. */
    public String words() {
        List<String> conditions = new ArrayList<>();
        if (release != null) {
            conditions.add("it crashes in " + release + " or what contains it");
        }
        if (devices != null) {
            conditions.add(devices + " devices are affected");
        }
        if (time != null) {
            conditions.add(time.toString());
        }
        if (crashesPerDay != null) {
            conditions.add(crashesPerDay + " crashes come in a day");
        }
        return "until " + (conditions.isEmpty() ? "somebody opens it" : String.join(" or ", conditions));
    }
}
