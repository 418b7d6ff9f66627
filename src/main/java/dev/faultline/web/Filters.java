package dev.faultline.web;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A page's filters as they stand in its address. Empty parameters are absent ones, since forms send every field.
 *
 * @param values by parameter name, in the address's order
 */
record Filters(Map<String, String> values) {
    /** A place in a list and its order; everything else narrows the list. */
    private static final Set<String> NOT_NARROWING = Set.of("after", "sort");

    Filters {
        values = new LinkedHashMap<>(values);
    }

    static Filters of(MultivaluedMap<String, String> query, List<String> names) {
        var values = new LinkedHashMap<String, String>();
        for (String name : names) {
            String value = query.getFirst(name);
            if (value != null && !value.isBlank()) {
                values.put(name, value.strip());
            }
        }
        return new Filters(values);
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    boolean narrow() {
        return values.keySet().stream().anyMatch(name -> !NOT_NARROWING.contains(name));
    }

    /** The page at {@code path} with these filters, from the beginning of its list. */
    Address on(Address path) {
        Address address = path;
        for (var value : values.entrySet()) {
            if (!value.getKey().equals("after")) {
                address = address.with(value.getKey(), value.getValue());
            }
        }
        return address;
    }
}
