package dev.faultline.crash;

import dev.faultline.cluster.ClusterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which crashes are wanted; what is null filters nothing.
 *
 * @param device the device's name
 * @param software the software type
 * @param release a version, such as {@code 1.2.0}
 * @param hardware the hardware revision
 * @param reason label of the reason family
 * @param since those of this time or later
 * @param after continue behind this place of the list, as {@link dev.faultline.http.Page#next} said it
 * @param limit 1 to {@link dev.faultline.http.Page#MOST}
 */
public record CrashQuery(
        @Nullable ClusterId cluster,
        @Nullable String device,
        @Nullable String software,
        @Nullable String release,
        @Nullable String hardware,
        @Nullable String reason,
        @Nullable CrashState state,
        @Nullable Instant since,
        @Nullable String after,
        int limit) {

    /** The newest crashes of a project. */
    public static CrashQuery newest(int limit) {
        return new CrashQuery(null, null, null, null, null, null, null, null, null, limit);
    }

    /** The newest crashes of a cluster. */
    public static CrashQuery of(ClusterId cluster, int limit) {
        return new CrashQuery(cluster, null, null, null, null, null, null, null, null, limit);
    }
}
