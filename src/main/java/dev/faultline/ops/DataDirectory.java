package dev.faultline.ops;

import dev.faultline.http.Problem;
import dev.faultline.symbols.store.BlobStore;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where blobs, indexes and the embedded database live. */
@ApplicationScoped
public class DataDirectory {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int RETRY_SECONDS = 60;

    private final Path path;
    private final long reserve;
    private volatile Space seen = new Space(Long.MAX_VALUE, Instant.MIN);

    DataDirectory(
            @ConfigProperty(name = "faultline.data-dir") Path path,
            @ConfigProperty(name = "faultline.disk-reserve") MemorySize reserve)
            throws IOException {
        this.path = Files.createDirectories(path.toAbsolutePath().normalize());
        this.reserve = reserve.asLongValue();
    }

    private record Space(long free, Instant at) {}

    public Path path() {
        return path;
    }

    /** Files that are being received; what stays behind is swept away. */
    public Path incoming() {
        return path.resolve("incoming");
    }

    /** The blobs of every project. */
    @Produces
    @Singleton
    BlobStore blobs() throws IOException {
        return BlobStore.at(path);
    }

    /** Whether uploads are taken: the disk has more than its reserve left, which the database needs to go on. */
    public boolean hasRoom(Instant now) {
        return free(now) > reserve;
    }

    /** Bytes that the file system has left. */
    public long free(Instant now) {
        var last = seen;
        if (last.at().plus(LOOK_AGAIN).isBefore(now)) {
            try {
                last = new Space(Files.getFileStore(path).getUsableSpace(), now);
            } catch (IOException e) {
                throw new UncheckedIOException("the data directory does not answer", e);
            }
            seen = last;
        }
        return last.free();
    }

    /** A 503 problem when uploads are not taken. */
    public void checkRoom(Instant now) {
        if (!hasRoom(now)) {
            throw Problem.of(
                            503,
                            "disk-full",
                            "The disk has %d bytes left, the reserve of faultline.disk-reserve is %d: nothing more is"
                                    + " taken until there is room",
                            free(now),
                            reserve)
                    .with(Map.of(Problem.RETRY_AFTER_SECONDS, RETRY_SECONDS));
        }
    }
}
