package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.IndexSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Debug files and their indexes, by the SHA-256 of the debug file. An index is derived: it is built when it is missing,
 * damaged or of another format version, once however many threads ask.
 */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class SymbolStore implements AutoCloseable {

    /**
     * Keeps indexes beside the blobs of {@code dataDirectory}.
     *
     * @param openBytes most bytes of debug files and indexes kept mapped while nobody uses them
     */
    public SymbolStore(Path dataDirectory, BlobStore blobs, Limits limits, long openBytes) {
        throw new UnsupportedOperationException();
    }

    /** Stores a debug file and builds its index. */
    public IndexSummary add(Path debugFile) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Builds the index of a debug file that is a blob already; NoSuchFileException where it is not.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when it is not a debug file
     */
    public IndexSummary add(String sha256) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * A lease on a debug file and its index; empty where the blob is not here.
     *
     * @param name what people call the image
     */
    public Optional<ModuleSymbols> open(String sha256, String name) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Deletes the index of a debug file that is being deleted; the blob is the caller's. */
    public void forget(String sha256) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
