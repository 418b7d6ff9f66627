package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where people are with a cluster, and what its crashes since then say about that.
 *
 * @param stateSince absent: open since its first crash
 * @param resolvedIn version that has the fix; absent: not resolved, or nobody said
 * @param regressedIn version with the fix that it crashed in all the same; absent: not regressed
 * @param seenAgainIn a version that the resolved cluster crashed in, empty where the crash named none, of which nobody knows
 *     whether it has the fix; absent: there is none
 * @param mutedUntil absent: not muted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Standing(
        ClusterState state,
        @Nullable Instant stateSince,
        @Nullable String resolvedIn,
        @Nullable String regressedIn,
        @Nullable String seenAgainIn,
        @Nullable Muting mutedUntil,
        @Nullable String assignee,
        @Nullable String ticket) {}
