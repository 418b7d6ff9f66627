package dev.faultline.crash;

import dev.faultline.http.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** A place in the list of crashes: {@code <time>~<id>} of the last one shown. */
record Place(Instant at, UUID id) {

    static Place parse(String after) {
        int tilde = after.indexOf('~');
        try {
            return new Place(
                    Instant.parse(after.substring(0, Math.max(0, tilde))), UUID.fromString(after.substring(tilde + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw Problem.badRequest(
                    "bad-parameter", "after: wanted what the list before gave as next, found %s", after);
        }
    }

    @Override
    public String toString() {
        return at + "~" + id;
    }
}
