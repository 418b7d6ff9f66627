package dev.faultline.symbols.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Bytes by their SHA-256, durable when {@link #put} returns: {@code blobs/ab/cd/<sha256>} under a data directory. Safe
 * for use by many threads; one process owns a directory.
 */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class BlobStore {

    /**
     * What was stored.
     *
     * @param sha256 64 lower-case hexadecimal digits
     * @param size bytes
     * @param added whether these bytes were new here
     */
    public record Blob(String sha256, long size, boolean added) {}

    /** Thrown when the bytes are more than the caller allows; nothing is kept. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        public TooLarge(long limit) {
            super("more than the " + limit + " bytes allowed");
        }
    }

    /** Makes the directories where they are missing. */
    public static BlobStore at(Path dataDirectory) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Stores a stream to its end (it is not closed); when this returns, a power failure no longer loses it. */
    public Blob put(InputStream bytes, long limit) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Where a blob is, to map or to read it; it never changes. */
    public Optional<Path> path(String sha256) {
        throw new UnsupportedOperationException();
    }

    /** Opens a blob; NoSuchFileException where it is not here. */
    public FileChannel open(String sha256) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Whether it was there. Readers that have it open keep it. */
    public boolean delete(String sha256) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Deletes what interrupted uploads left behind before {@code before}; the number of files. */
    public int sweep(Instant before) throws IOException {
        throw new UnsupportedOperationException();
    }
}
