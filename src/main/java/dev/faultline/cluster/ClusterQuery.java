package dev.faultline.cluster;

import dev.faultline.search.SearchQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters, in which order. An absent filter lets everything through.
 *
 * @param release version
 * @param hardware hardware revision; empty: crashes that did not say
 * @param reason label of a reason family
 * @param since the day (UTC) of this instant and later
 * @param text a part of signature or title, in any case
 * @param state one of {@link ClusterState#LABELS}; any other word finds nothing
 * @param search chooses clusters, and changes nothing of what is counted
 * @param limit 1 to {@link dev.faultline.http.Page#MOST}
 * @param after what the page before named as its next
 */
public record ClusterQuery(
        @Nullable String software,
        @Nullable String release,
        @Nullable String hardware,
        @Nullable String reason,
        @Nullable Instant since,
        @Nullable String text,
        @Nullable String state,
        SearchQuery<ClusterField> search,
        ClusterSort sort,
        int limit,
        @Nullable String after) {

    /** Everything, most impact first. */
    public static ClusterQuery all(int limit) {
        return new ClusterQuery(
                null, null, null, null, null, null, null, SearchQuery.everything(), ClusterSort.IMPACT, limit, null);
    }
}
