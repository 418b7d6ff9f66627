package dev.faultline.search;

import dev.faultline.http.Problem;
import java.util.Map;

/** A text that is no query, and where it stops being one. */
public final class SearchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int position;
    private final String found;
    private final String wanted;

    SearchException(int position, String found, String wanted) {
        super("at %d: found %s, wanted %s".formatted(position + 1, found, wanted));
        this.position = position;
        this.found = found;
        this.wanted = wanted;
    }

    /** Characters before the place. */
    public int position() {
        return position;
    }

    public String found() {
        return found;
    }

    public String wanted() {
        return wanted;
    }

    /** For who asked over HTTP. */
    public Problem problem() {
        return Problem.badRequest("bad-query", "q %s", String.valueOf(getMessage()))
                .with(Map.of("position", position, "found", found, "wanted", wanted));
    }
}
