package dev.faultline.similarity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a project has clusters compared.
 *
 * @param autoJoin whether a new cluster joins one that it is very much like, without asking
 * @param weights what the score depends on; 1 each until there is enough to learn from
 * @param tunedAt when the weights were chosen; absent while nobody did
 * @param right how often they are right about what people merged and took apart; absent while nobody knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SimilaritySettings(
        boolean autoJoin,
        Weights weights,
        @Nullable Instant tunedAt,
        @Nullable Double right) {
    static final SimilaritySettings NONE = new SimilaritySettings(false, Weights.ONE, null, null);
}
