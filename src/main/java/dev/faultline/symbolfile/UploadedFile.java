package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an upload of one debug file: the catalogue's entry, and how many waiting crashes it releases.
 *
 * @param note why the catalogue's entry is not the uploaded file, where it is not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UploadedFile(
        @JsonUnwrapped DebugFile file,
        int released,
        @Nullable String note) {

    static UploadedFile of(DebugFiles.Addition addition) {
        return new UploadedFile(addition.file(), addition.released(), addition.note());
    }

    /** The answer to an upload of an archive. */
    public record OfArchive(List<UploadedFile> files, List<SymbolUpload.Skipped> skipped) {}
}
