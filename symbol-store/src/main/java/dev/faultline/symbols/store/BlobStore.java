package dev.faultline.symbols.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Bytes by their SHA-256, durable when {@link #put} returns: {@code blobs/ab/<sha256>} under a data directory. Safe for
 * use by many threads; one process owns a directory.
 */
public final class BlobStore {
    private static final int CHUNK = 64 << 10;
    private static final int DIRECTORIES = 256;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Path blobs;
    private final Path incoming;
    private final Object[] locks = new Object[DIRECTORIES];

    private BlobStore(Path blobs, Path incoming) {
        this.blobs = blobs;
        this.incoming = incoming;
        Arrays.setAll(locks, i -> new Object());
    }

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

    /**
     * Makes the directories where they are missing: all of them at once, so that an upload never has to make one durable.
     */
    public static BlobStore at(Path dataDirectory) throws IOException {
        Path blobs = dataDirectory.resolve("blobs");
        Path incoming = dataDirectory.resolve("incoming");
        Files.createDirectories(incoming);
        Files.createDirectories(blobs);
        for (int i = 0; i < DIRECTORIES; i++) {
            Path directory = blobs.resolve("%02x".formatted(i));
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
            }
        }
        force(blobs);
        force(dataDirectory);
        return new BlobStore(blobs, incoming);
    }

    /** Stores a stream to its end (it is not closed); when this returns, a power failure no longer loses it. */
    public Blob put(InputStream bytes, long limit) throws IOException {
        Path temporary = incoming.resolve(UUID.randomUUID().toString());
        boolean moved = false;
        try (var file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var digest = sha256();
            long size = copy(bytes, file, digest, limit);
            String name = HexFormat.of().formatHex(digest.digest());
            Path target = place(name);
            file.force(false);
            boolean added;
            synchronized (lock(name)) {
                added = !Files.exists(target);
                // replacing equal bytes makes them young, so that deleteUnused leaves them to their new owner
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            }
            // also for bytes that were here: who put them may not have come to this point yet
            force(directory(name));
            return new Blob(name, size, added);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(incoming + " and " + blobs + " must be on one file system", e);
        } finally {
            if (!moved) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** Where a blob is, to map or to read it; it never changes. */
    public Optional<Path> path(String sha256) {
        Path path = place(sha256);
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }

    /** Opens a blob; NoSuchFileException where it is not here. */
    public FileChannel open(String sha256) throws IOException {
        return FileChannel.open(place(sha256), StandardOpenOption.READ);
    }

    /** Whether it was there. Readers that have it open keep it. */
    public boolean delete(String sha256) throws IOException {
        synchronized (lock(sha256)) {
            return Files.deleteIfExists(place(sha256));
        }
    }

    /** Deletes a blob unless somebody put it at or after {@code before}; whether it was deleted. */
    public boolean deleteUnused(String sha256, Instant before) throws IOException {
        synchronized (lock(sha256)) {
            return putBefore(place(sha256), before) && Files.deleteIfExists(place(sha256));
        }
    }

    /** Some blobs that were last put before {@code before}, at most {@code most}, of the directory {@code part} of 256. */
    public List<String> putBefore(int part, Instant before, int most) throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(blobs.resolve("%02x".formatted(part)))) {
            for (Path file : files) {
                if (names.size() == most) {
                    break;
                }
                if (putBefore(file, before)) {
                    names.add(String.valueOf(file.getFileName()));
                }
            }
        }
        return names;
    }

    /** Deletes what interrupted uploads left behind before {@code before}; the number of files. */
    public int sweep(Instant before) throws IOException {
        int deleted = 0;
        try (var files = Files.newDirectoryStream(incoming)) {
            for (Path file : files) {
                if (putBefore(file, before) && Files.deleteIfExists(file)) {
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private static boolean putBefore(Path file, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private Object lock(String sha256) {
        return locks[Integer.parseInt(sha256.substring(0, 2), 16)];
    }

    private static long copy(InputStream bytes, FileChannel file, MessageDigest digest, long limit) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long size = 0;
        for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
            size += read;
            if (size > limit) {
                throw new TooLarge(limit);
            }
            digest.update(chunk, 0, read);
            var buffer = ByteBuffer.wrap(chunk, 0, read);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        }
        return size;
    }

    private Path place(String sha256) {
        return directory(sha256).resolve(sha256);
    }

    private Path directory(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256: " + sha256);
        }
        return blobs.resolve(sha256.substring(0, 2));
    }

    /** Makes the names in a directory durable, as {@code fsync} of a directory does on Linux. */
    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
