package dev.faultline.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The beginning of a list of the service, fetched in as many parts as it takes.
 *
 * @param items in the list's order
 * @param more whether the list goes on
 */
public record Listing(List<JsonNode> items, boolean more) {
    /** Most items the service gives at once. */
    private static final int PART = 500;

    public Listing {
        items = List.copyOf(items);
    }

    /** Fetches up to {@code limit} items. */
    public static Listing of(Server server, String path, Map<String, String> filter, int limit) {
        List<JsonNode> items = new ArrayList<>();
        Map<String, String> query = new LinkedHashMap<>(filter);
        while (true) {
            query.put("limit", Integer.toString(Math.min(PART, limit - items.size())));
            JsonNode part = server.get(path, query);
            part.path("items").forEach(items::add);
            JsonNode next = part.path("next");
            if (next.isMissingNode() || next.isNull()) {
                return new Listing(items, false);
            }
            // an empty part with a continuation would never end
            if (items.size() >= limit || part.path("items").isEmpty()) {
                return new Listing(items.subList(0, Math.min(limit, items.size())), true);
            }
            query.put("after", next.asText());
        }
    }
}
