package dev.faultline.web;

import java.util.List;

/**
 * A cluster's readable name, taken apart: the function that crashed and who called it.
 *
 * @param function the innermost relevant function
 * @param callers nearest first
 */
public record Signature(String text, String function, List<String> callers) {
    private static final String SEPARATOR = " | ";

    public Signature {
        callers = List.copyOf(callers);
    }

    /** Leaves the family out, since a chip beside the name says it. */
    static Signature of(String text, String family) {
        List<String> parts = List.of(text.split(" \\| "));
        if (parts.size() > 1 && parts.getFirst().equals(family)) {
            parts = parts.subList(1, parts.size());
        }
        return new Signature(String.join(SEPARATOR, parts), parts.getFirst(), parts.subList(1, parts.size()));
    }
}
