package dev.faultline.search;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one text from left to right. */
final class SearchParser<F extends Field> {
    private static final int SHOWN = 40;
    private static final String DOTS = "..";

    private final String text;
    private final List<F> fields;
    private int at;

    SearchParser(String text, List<F> fields) {
        this.text = text;
        this.fields = List.copyOf(fields);
    }

    SearchQuery<F> query() {
        if (text.length() > SearchQuery.LENGTH) {
            throw new SearchException(
                    SearchQuery.LENGTH, text.length() + " characters", "at most " + SearchQuery.LENGTH);
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new SearchException(nul, "U+0000", "characters of a text");
        }
        List<Term<F>> terms = new ArrayList<>();
        for (skipBlanks(); at < text.length(); skipBlanks()) {
            if (terms.size() == SearchQuery.TERMS) {
                throw new SearchException(at, "another term", "at most " + SearchQuery.TERMS);
            }
            terms.add(term());
        }
        return new SearchQuery<>(terms);
    }

    private Term<F> term() {
        boolean negated = take("-");
        if (ends()) {
            throw error("a word or a field behind -");
        }
        Operand word = operand(":");
        if (!take(":")) {
            endOfTerm();
            return new Term.Word<>(negated, word.value());
        }
        F field = field(word);
        int valueBegin = at;
        Value value = value(field);
        endOfTerm();
        if (!field.kind().takes(value)) {
            throw new SearchException(
                    valueBegin,
                    shown(text.substring(valueBegin, at)),
                    field.kind().wanted());
        }
        return new Term.About<>(negated, field, value);
    }

    private F field(Operand name) {
        return fields.stream()
                .filter(field -> !name.quoted() && field.label().equals(name.text()))
                .findFirst()
                .orElseThrow(() -> new SearchException(
                        name.position(),
                        shown(name.text() + ":"),
                        "one of "
                                + fields.stream()
                                        .map(field -> field.label() + ":")
                                        .collect(Collectors.joining(", "))
                                + " or a word; quotes make one of a text with a colon"));
    }

    private Value value(Field field) {
        Operator operator = operator();
        if (ends()) {
            throw error(field.kind().wanted());
        }
        Operand from = operand(DOTS);
        if (operator != null) {
            return new Comparison(operator, from.plain());
        }
        if (!take(DOTS)) {
            return from.value();
        }
        if (ends()) {
            throw error("the end of the range");
        }
        return new Range(from.plain(), operand(DOTS).plain());
    }

    private @Nullable Operator operator() {
        for (Operator operator : Operator.values()) {
            if (take(operator.symbol())) {
                return operator;
            }
        }
        return null;
    }

    /** Part of a term as it stood there. */
    private record Operand(String text, boolean quoted, int position) {

        Value value() {
            return !quoted && text.contains("*") ? new Wildcard(text) : new Literal(text);
        }

        /** For a comparison. */
        String plain() {
            if (!quoted && text.contains("*")) {
                throw new SearchException(position, shown(text), "a value without *: there is no order among patterns");
            }
            return text;
        }
    }

    /** Up to a blank or {@code end}. */
    private Operand operand(String end) {
        int begin = at;
        if (text.charAt(at) == '"') {
            return new Operand(quoted(), true, begin);
        }
        while (!ends() && !text.startsWith(end, at) && text.charAt(at) != '"') {
            at++;
        }
        if (at == begin) {
            throw error("a value");
        }
        return new Operand(text.substring(begin, at), false, begin);
    }

    private String quoted() {
        int begin = at++;
        var quoted = new StringBuilder();
        while (at < text.length()) {
            char character = text.charAt(at++);
            if (character == '"') {
                return quoted.toString();
            }
            if (character == '\\' && at < text.length()) {
                character = text.charAt(at++);
            }
            quoted.append(character);
        }
        throw new SearchException(begin, shown(text.substring(begin)), "a second quote");
    }

    private void endOfTerm() {
        if (!ends()) {
            throw error("a blank");
        }
    }

    private boolean take(String symbol) {
        boolean there = text.startsWith(symbol, at);
        at += there ? symbol.length() : 0;
        return there;
    }

    private boolean ends() {
        return at == text.length() || Character.isWhitespace(text.charAt(at));
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private SearchException error(String wanted) {
        return new SearchException(at, at == text.length() ? "the end" : shown(text.substring(at)), wanted);
    }

    private static String shown(String found) {
        return found.length() > SHOWN ? found.substring(0, SHOWN) + "…" : found;
    }
}
