package dev.faultline.web;

import dev.faultline.search.Field;
import dev.faultline.search.SearchException;
import dev.faultline.search.SearchQuery;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The search of a list as it stands in its field.
 *
 * @param text as typed
 * @param trouble what is wrong with it
 * @param fields what it knows, for people
 */
public record Search(String text, @Nullable String trouble, String fields) {

    /** The query that a text is; of a text that is none the trouble. */
    record Parsed<F extends Field>(Search search, SearchQuery<F> query) {}

    static <F extends Field> Parsed<F> parse(String text, List<F> known) {
        String fields = known.stream().map(field -> field.label() + ":").collect(Collectors.joining(" "));
        try {
            return new Parsed<>(new Search(text, null, fields), SearchQuery.parse(text, known));
        } catch (SearchException e) {
            return new Parsed<>(new Search(text, e.getMessage(), fields), SearchQuery.everything());
        }
    }
}
