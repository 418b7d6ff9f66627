package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.symbols.index.Quality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One debug file of the catalogue.
 *
 * @param buildId lower-case hexadecimal
 * @param size of the debug file in bytes
 * @param fileName as the upload named it
 * @param software the software type, such as {@code main-fw}
 * @param version the release
 * @param architecture such as {@code arm}
 * @param state {@code usable} or {@code no-debug-info}
 * @param detail why the state is what it is
 * @param missing files that it refers to and that are not here, at most {@link DebugFileDetail#MOST_WANTS}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DebugFile(
        String buildId,
        String sha256,
        long size,
        @Nullable String fileName,
        @Nullable String software,
        @Nullable String version,
        String architecture,
        String state,
        @Nullable String detail,
        Quality quality,
        int missing,
        Instant uploadedAt) {}
