package dev.faultline.triage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.cluster.ClusterEdit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a cluster.
 *
 * @param actor a person, or {@code faultline} where crashes changed its state
 * @param kind {@code comment}, {@code title}, {@code assignee}, {@code ticket}, {@code opened}, {@code resolved}, {@code muted},
 *     {@code unmuted}, {@code regressed}, {@code seen-again}, or of an edit {@code merge}, {@code unmerge}, {@code split},
 *     {@code move}, {@code apart}, {@code undo}
 * @param text what was said, or stands behind it; absent with an edit
 * @param edit what moved, with the id that takes it back; absent where nothing moved
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ActivityEntry(
        Instant at,
        String actor,
        String kind,
        @Nullable String text,
        @Nullable ClusterEdit edit) {}
