package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.faultline.symbols.store.FileRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an upload of one file: what it is, the catalogue's entry that it is of, and how many crashes are
 * processed because of it.
 *
 * @param role {@code whole}, {@code image}, {@code debug-file}, {@code alternate}, {@code dwo} or {@code dwp}
 * @param file of an image or a debug file: the catalogue's entry
 * @param companion of a file that others refer to
 * @param added whether it was not here before
 * @param note what is worth knowing, such as why the catalogue's entry is not of the uploaded file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UploadedFile(
        String role,
        @JsonUnwrapped @Nullable DebugFile file,
        @JsonUnwrapped @Nullable Companion companion,
        @JsonIgnore boolean added,
        int released,
        @Nullable String note) {

    /**
     * A file that others refer to.
     *
     * @param fileName as the upload named it
     * @param builds those that refer to it, by build id
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Companion(
            String sha256, long size, @Nullable String fileName, List<String> builds) {

        public Companion {
            builds = List.copyOf(builds);
        }
    }

    static UploadedFile of(FileRole role, DebugFile file, boolean added, int released, @Nullable String note) {
        return new UploadedFile(role.label(), file, null, added, released, note);
    }

    static UploadedFile ofCompanion(
            FileRole role, Companion companion, boolean added, int released, @Nullable String note) {
        return new UploadedFile(role.label(), null, companion, added, released, note);
    }

    /** The answer to an upload of an archive. */
    public record OfArchive(List<UploadedFile> files, List<SymbolUpload.Skipped> skipped) {}
}
