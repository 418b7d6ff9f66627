package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import dev.faultline.search.Value;
import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;

/** A word is looked for in the signature and the title of a cluster {@code k}, in any case. */
public final class ClusterWords {
    private static final String WORDS = "lower(k.signature || ' ' || coalesce(k.title, ''))";

    private ClusterWords() {}

    public static Fragment of(Value word) {
        return switch (word) {
            // strpos, not like: % and _ in a name are characters
            case Literal(String text) -> new Fragment("strpos(" + WORDS + ", lower(?)) > 0", text);
            case Wildcard wildcard -> new Fragment(WORDS + " like lower(?)", "%" + wildcard.like() + "%");
            case Comparison _, Range _ -> throw new IllegalArgumentException("a word is no " + word);
        };
    }
}
