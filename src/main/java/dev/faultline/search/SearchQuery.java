package dev.faultline.search;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for: all terms at once. Its text parses to the same query again.
 *
 * <pre>
 * query      = { term }
 * term       = [ "-" ] ( field ":" value | word )
 * value      = operator operand | operand ".." operand | operand
 * operator   = "&lt;" | "&lt;=" | "&gt;" | "&gt;="
 * operand    = characters without blanks, in which * stands for any others | "quoted", where \" and \\ are " and \
 * </pre>
 *
 * @param <F> the fields of the list
 */
public record SearchQuery<F extends Field>(List<Term<F>> terms) {
    /** Longest text, in characters. */
    public static final int LENGTH = 500;

    /** Most terms. */
    public static final int TERMS = 30;

    public SearchQuery {
        terms = List.copyOf(terms);
    }

    /** Restricts nothing. */
    public static <F extends Field> SearchQuery<F> everything() {
        return new SearchQuery<>(List.of());
    }

    /**
     * Reads a text.
     *
     * @throws SearchException if it is no query over these fields
     */
    public static <F extends Field> SearchQuery<F> parse(String text, List<F> fields) {
        return new SearchParser<>(text, fields).query();
    }

    /** Reads what somebody asked for over HTTP, where nothing restricts nothing; a 400 problem if it is no query. */
    public static <F extends Field> SearchQuery<F> asked(@Nullable String text, List<F> fields) {
        try {
            return text == null ? everything() : parse(text, fields);
        } catch (SearchException e) {
            throw e.problem();
        }
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(" "));
    }
}
