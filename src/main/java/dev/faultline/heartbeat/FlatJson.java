package dev.faultline.heartbeat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.Map;

/** Names and their values as the database keeps them. */
final class FlatJson {
    private static final ObjectWriter WRITER = new ObjectMapper().writer();

    private FlatJson() {}

    static String of(Map<String, ?> entries) {
        try {
            return WRITER.writeValueAsString(entries);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers could not be written", e);
        }
    }
}
