package dev.faultline.symbolfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.symbols.index.Quality;
import java.util.List;

/** Qualities as the database keeps them. */
final class Qualities {
    private static final int SHA256_DIGITS = 64;

    private final ObjectMapper json;

    Qualities(ObjectMapper json) {
        this.json = json;
    }

    /** Rows of an earlier version lack what it did not measure: that is as good as unknown. */
    Quality read(String text, String buildId) {
        // a hash of the file is longer than any build id that a linker makes by itself
        boolean linkerBuildId = buildId.length() < SHA256_DIGITS;
        var unknown = new Quality(
                List.of(), 0, 0, 0, 0, 0, 0, 0, linkerBuildId, false, false, List.of(), "", List.of());
        try {
            ObjectNode members = json.valueToTree(unknown);
            members.setAll((ObjectNode) json.readTree(text));
            return json.treeToValue(members, Quality.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("qualities were written by this service", e);
        }
    }

    String write(Quality quality) {
        try {
            return json.writeValueAsString(quality);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a quality is made of numbers and strings", e);
        }
    }
}
