package dev.faultline.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;

/**
 * What a change of the rules would make of the crashes that were looked at. Clusters are counted as the keys make them, without
 * what people merged.
 *
 * @param crashes how many were looked at, the newest ones
 * @param changed how many of them would get another key or signature
 * @param variantsBefore variants of these crashes
 * @param clustersBefore groups with the same k3
 * @param split clusters that would fall apart
 * @param joined clusters that would come together
 * @param renamed clusters that would stay as they are, with another signature
 */
public record RulesPreview(
        int crashes,
        int changed,
        int variantsBefore,
        int variantsAfter,
        int clustersBefore,
        int clustersAfter,
        Changes split,
        Changes joined,
        Changes renamed) {

    /** How many, and the first of them. */
    public record Changes(int count, List<Example> examples) {
        public Changes {
            examples = List.copyOf(examples);
        }
    }

    /**
     * One of them.
     *
     * @param before signatures of the clusters now
     * @param after signatures of the clusters then
     * @param crash one of its crashes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Example(List<String> before, List<String> after, int crashes, UUID crash) {
        public Example {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }
}
