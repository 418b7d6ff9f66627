package dev.faultline.web;

import java.util.ArrayList;
import java.util.List;

/**
 * A sentence with names of code in it, which reports put between back quotes.
 *
 * @param parts in order
 */
public record Prose(List<Part> parts) {

    public Prose {
        parts = List.copyOf(parts);
    }

    /** A piece of the sentence, or a name out of the code. */
    public record Part(String text, boolean code) {}

    static Prose of(String sentence) {
        String[] pieces = sentence.split("`", -1);
        if (pieces.length % 2 == 0) {
            // a quote without its partner is part of a name
            return new Prose(List.of(new Part(sentence, false)));
        }
        var parts = new ArrayList<Part>();
        for (int piece = 0; piece < pieces.length; piece++) {
            if (!pieces[piece].isEmpty()) {
                parts.add(new Part(pieces[piece], piece % 2 == 1));
            }
        }
        return new Prose(parts);
    }

    /** Where no markup can be, such as the window's title. */
    public String text() {
        var text = new StringBuilder();
        parts.forEach(part -> text.append(part.text()));
        return text.toString();
    }
}
