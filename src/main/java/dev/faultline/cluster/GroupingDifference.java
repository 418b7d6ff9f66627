package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What other keys make of crashes. What people merged and took apart holds in both.
 *
 * @param crashes how many were looked at
 * @param changed how many of them are in another variant then
 * @param split clusters that fall apart
 * @param joined clusters that come together
 * @param renamed clusters that stay as they are, with another signature
 */
public record GroupingDifference(
        long crashes,
        long changed,
        int variantsBefore,
        int variantsAfter,
        int clustersBefore,
        int clustersAfter,
        Changes split,
        Changes joined,
        Changes renamed) {

    /** How many, and those with most crashes. */
    public record Changes(int count, List<Example> examples) {
        public Changes {
            examples = List.copyOf(examples);
        }
    }

    /**
     * One of them.
     *
     * @param before signatures of before
     * @param after signatures of after
     * @param crash one of its crashes
     * @param from clusters of before
     * @param to clusters of after that are there already
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Example(
            List<String> before,
            List<String> after,
            long crashes,
            @Nullable UUID crash,
            List<ClusterId> from,
            List<ClusterId> to) {
        public Example {
            before = List.copyOf(before);
            after = List.copyOf(after);
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }
}
