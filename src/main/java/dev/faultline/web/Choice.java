package dev.faultline.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A filter with a list to pick from. */
public record Choice(String name, String label, List<Option> options) {

    public Choice {
        options = List.copyOf(options);
    }

    public record Option(String value, String label, boolean selected) {}

    /** A choice of values that are shown as they are. */
    static Choice of(String name, String label, String all, List<String> values, @Nullable String chosen) {
        return of(name, label, all, values, value -> value, chosen);
    }

    /**
     * @param all what the choice of nothing is called
     * @param shown what people read of a value
     * @param chosen kept in the list even when it is not one of the values, so that an address always shows what it asks
     */
    static Choice of(
            String name,
            String label,
            String all,
            List<String> values,
            UnaryOperator<String> shown,
            @Nullable String chosen) {
        var options = new ArrayList<Option>();
        options.add(new Option("", all, chosen == null));
        for (String value : values) {
            options.add(new Option(value, shown.apply(value), value.equals(chosen)));
        }
        if (chosen != null && !values.contains(chosen)) {
            options.add(new Option(chosen, chosen, true));
        }
        return new Choice(name, label, options);
    }

    /** The spans of time that lists can be narrowed to; the API takes them as an instant. */
    static Choice since(@Nullable String chosen) {
        var options = new ArrayList<Option>();
        options.add(new Option("", "any time", chosen == null));
        for (Span span : Span.values()) {
            options.add(new Option(span.value(), span.words(), span.value().equals(chosen)));
        }
        return new Choice("since", "Seen within", options);
    }
}
