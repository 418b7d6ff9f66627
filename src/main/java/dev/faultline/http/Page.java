package dev.faultline.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, by keyset.
 *
 * @param items in the list's total order
 * @param next what to send as {@code after} for the following part; absent at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String next) {

    /** Most items a request may ask for. */
    public static final int MOST = 500;

    public Page {
        items = List.copyOf(items);
    }

    /** How many items a request may have; a 400 problem for any other number. */
    public static int size(int limit) {
        if (limit < 1 || limit > MOST) {
            throw Problem.badRequest("bad-parameter", "limit: found %d, wanted 1 to %d", limit, MOST);
        }
        return limit;
    }
}
