package dev.faultline.cli.symbols;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.store.LocalSymbols;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code symbols check} says of a file, under the names that the service has for it.
 *
 * @param file as it was named
 * @param state {@code usable} or {@code no-debug-info}
 * @param detail why the state is what it is
 * @param companions files that were found beside it and used
 * @param remarks files that were found beside it and are others than those wanted
 */
record DebugFileJson(
        String file,
        String buildId,
        String architecture,
        String state,
        String detail,
        Quality quality,
        List<String> companions,
        List<String> remarks) {

    private static final JsonMapper MAPPER = new JsonMapper();

    static DebugFileJson of(Path file, LocalSymbols.Build build) {
        IndexSummary summary = build.summary();
        return new DebugFileJson(
                file.toString(),
                summary.buildId().hex(),
                summary.architecture(),
                summary.state().label(),
                summary.reason(),
                Quality.of(summary),
                build.companions().stream().map(Path::toString).toList(),
                build.remarks());
    }

    String text() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a quality is made of numbers and strings", e);
        }
    }
}
