package dev.faultline.cli.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request: those of a command's options that were given. */
public final class Query {
    private final Map<String, String> parameters = new LinkedHashMap<>();

    /** Adds a parameter unless it is null. */
    public Query with(String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value.toString());
        }
        return this;
    }

    public Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }
}
