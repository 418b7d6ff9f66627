package dev.faultline.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A page's address. Everything a page shows is in it, so that a copied address shows the same to a colleague.
 *
 * @param path not encoded parts are the caller's mistake: build it with {@link #of}
 * @param query in the order of insertion; names and values not encoded
 */
record Address(String path, Map<String, String> query) {

    Address {
        query = Map.copyOf(query).isEmpty() ? Map.of() : new LinkedHashMap<>(query);
    }

    /** The address made of these path segments, each encoded. */
    static Address of(String... segments) {
        var path = new StringBuilder();
        for (String segment : segments) {
            path.append('/').append(encoded(segment));
        }
        return new Address(path.toString(), Map.of());
    }

    static Address ofProject(String project, String... segments) {
        String path = of("projects", project).path()
                + (segments.length == 0 ? "" : of(segments).path());
        return new Address(path, Map.of());
    }

    /** The same page with that parameter; an absent or empty value takes the parameter away. */
    Address with(String name, @Nullable String value) {
        var changed = new LinkedHashMap<>(query);
        changed.remove(name);
        if (value != null && !value.isEmpty()) {
            changed.put(name, value);
        }
        return new Address(path, changed);
    }

    @Override
    public String toString() {
        if (query.isEmpty()) {
            return path;
        }
        return query.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&", path + "?", ""));
    }

    private static String encoded(String text) {
        // URLEncoder writes form encoding, where a blank is a plus; in a path that would stay a plus
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
