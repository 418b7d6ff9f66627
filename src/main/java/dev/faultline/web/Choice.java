package dev.faultline.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter with a list to pick from. */
public record Choice(String name, String label, List<Option> options) {

    public Choice {
        options = List.copyOf(options);
    }

    public record Option(String value, String label, boolean selected) {}

    /**
     * @param all what the choice of nothing is called
     * @param chosen kept in the list even when it is not one of the values, so that an address always shows what it asks
     */
    static Choice of(String name, String label, String all, List<String> values, @Nullable String chosen) {
        var options = new ArrayList<Option>();
        options.add(new Option("", all, chosen == null));
        for (String value : values) {
            options.add(new Option(value, value, value.equals(chosen)));
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
