package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One debug file with what its index is made of and what could complete it.
 *
 * @param files the files that the index is made of
 * @param wants what these refer to, in their order, at most {@link #MOST_WANTS}
 */
public record DebugFileDetail(@JsonUnwrapped DebugFile file, List<Part> files, List<SymbolWant> wants) {
    /** An image of a million split units is not read by anybody. */
    public static final int MOST_WANTS = 1_000;

    /**
     * A file that the index is made of.
     *
     * @param role as {@link UploadedFile#role}
     * @param fileName as the upload named it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Part(
            String role, String sha256, long size, @Nullable String fileName) {}

    public DebugFileDetail {
        files = List.copyOf(files);
        wants = List.copyOf(wants);
    }
}
