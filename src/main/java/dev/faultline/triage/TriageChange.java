package dev.faultline.triage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.cluster.Muting;
import org.jspecify.annotations.Nullable;

/**
 * What a person says of a cluster; members that are left out stay as they are.
 *
 * @param title beside the signature; empty takes it away
 * @param state open, resolved or muted
 * @param resolvedIn with resolved: the version that has the fix, registered or not. Without one nothing opens the cluster
 *     again; that it still crashes in releases of later is shown
 * @param until with muted: what opens the cluster again; without it somebody has to
 * @param assignee empty: nobody
 * @param ticket its address in the bug tracker, http or https; empty takes it away
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TriageChange(
        @Nullable String title,
        @Nullable String state,
        @Nullable String resolvedIn,
        @Nullable Muting until,
        @Nullable String assignee,
        @Nullable String ticket) {

    /** Nobody resolved or muted it. */
    public static TriageChange opened() {
        return new TriageChange(null, "open", null, null, null, null);
    }

    /** Resolved, if known in which version. */
    public static TriageChange resolved(@Nullable String in) {
        return new TriageChange(null, "resolved", in, null, null, null);
    }

    public static TriageChange muted(Muting until) {
        return new TriageChange(null, "muted", null, until, null, null);
    }
}
