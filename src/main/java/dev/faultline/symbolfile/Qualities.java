package dev.faultline.symbolfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.store.FileRole;
import dev.faultline.symbols.store.IndexFiles;
import java.util.List;
import java.util.stream.Stream;

/** What debug files are good for and made of, as the database keeps it. */
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
        var unknown =
                new Quality(List.of(), 0, 0, 0, 0, 0, 0, 0, linkerBuildId, false, false, List.of(), "", List.of());
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

    /** The files of an index as the database keeps them. */
    IndexFiles readFiles(String text) {
        try {
            return new IndexFiles(Stream.of(json.readValue(text, PartRow[].class))
                    .map(part -> new IndexFiles.Part(FileRole.of(part.role()), part.sha256()))
                    .toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the files of an index were written by this service", e);
        }
    }

    String writeFiles(IndexFiles files) {
        try {
            return json.writeValueAsString(files.parts().stream()
                    .map(part -> new PartRow(part.role().label(), part.sha256()))
                    .toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the files of an index are made of strings", e);
        }
    }

    private record PartRow(String role, String sha256) {}
}
