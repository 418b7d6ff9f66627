package dev.faultline.symbols.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Debug files and their indexes, by the SHA-256 of the debug file. An index is derived: it is built when it is missing,
 * damaged or of another format version, once however many threads ask; that a file can not have one is kept as well.
 */
public final class SymbolStore implements AutoCloseable {
    private static final int KIBIBYTE = 1 << 10;
    private static final int LOCKS = 256;

    private final Path indexes;
    private final BlobStore blobs;
    private final Limits limits;
    private final Cache<String, OpenImage> open;

    /** Indexes whose checksums were compared. */
    private final Set<String> verified = ConcurrentHashMap.newKeySet();

    /** By the first byte of the hash: one index is built once, different ones mostly at the same time. */
    private final Object[] locks = new Object[LOCKS];

    /**
     * Keeps indexes beside the blobs of {@code dataDirectory}.
     *
     * @param openBytes most bytes of debug files and indexes kept mapped while nobody uses them
     */
    public SymbolStore(Path dataDirectory, BlobStore blobs, Limits limits, long openBytes) {
        this.indexes = dataDirectory.resolve("indexes").resolve("v" + SymbolIndex.FORMAT_VERSION);
        this.blobs = blobs;
        this.limits = limits;
        Arrays.setAll(locks, i -> new Object());
        this.open = Caffeine.newBuilder()
                .maximumWeight(Math.max(1, openBytes / KIBIBYTE))
                .weigher((String sha256, OpenImage image) ->
                        (int) Math.min(Integer.MAX_VALUE, 1 + image.bytes() / KIBIBYTE))
                .executor(Runnable::run)
                .removalListener(SymbolStore::removed)
                .build();
    }

    private static void removed(@Nullable String sha256, @Nullable OpenImage image, RemovalCause cause) {
        if (image != null) {
            image.retire();
        }
    }

    /** Stores a debug file and builds its index. */
    public IndexSummary add(Path debugFile) throws IOException {
        try (var bytes = Files.newInputStream(debugFile)) {
            return add(blobs.put(bytes, Long.MAX_VALUE).sha256());
        }
    }

    /**
     * Builds the index of a debug file that is a blob already; NoSuchFileException where it is not.
     *
     * @throws FormatException when it is not a debug file
     */
    public IndexSummary add(String sha256) throws IOException {
        Path debugFile = blobs.path(sha256).orElseThrow(() -> new NoSuchFileException(sha256));
        try (SymbolIndex index = index(sha256, debugFile)) {
            return index.summary();
        }
    }

    /**
     * A lease on a debug file and its index; empty where the blob is not here.
     *
     * @param name what people call the image
     */
    public Optional<ModuleSymbols> open(String sha256, String name) throws IOException {
        Path debugFile = blobs.path(sha256).orElse(null);
        if (debugFile == null) {
            return Optional.empty();
        }
        while (true) {
            // who maps an image leases it before the cache sees it: one that is larger than all the room is evicted at
            // once
            var mapped = new AtomicReference<@Nullable OpenImage>();
            OpenImage image;
            try {
                image = open.get(sha256, key -> {
                    OpenImage leased = map(key, debugFile);
                    leased.lease();
                    mapped.set(leased);
                    return leased;
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            if (image.equals(mapped.get()) || image.lease()) {
                var released = new AtomicBoolean();
                return Optional.of(new ModuleSymbols(name, image.index(), image.elf(), () -> {
                    if (!released.getAndSet(true)) {
                        image.release();
                    }
                }));
            }
            open.asMap().remove(sha256, image);
        }
    }

    /** Deletes the index of a debug file that is being deleted; the blob is the caller's. */
    public void forget(String sha256) throws IOException {
        open.invalidate(sha256);
        verified.remove(sha256);
        Files.deleteIfExists(place(sha256));
        Files.deleteIfExists(refusal(sha256));
    }

    /** Unmaps what nobody uses; the rest when its last lease ends. */
    @Override
    public void close() {
        open.invalidateAll();
        open.cleanUp();
    }

    private OpenImage map(String sha256, Path debugFile) {
        try {
            SymbolIndex index = index(sha256, debugFile);
            try {
                long bytes = Files.size(debugFile) + Files.size(place(sha256)) + index.heapBytes();
                return new OpenImage(index, ElfFile.open(debugFile, limits), bytes);
            } catch (IOException | RuntimeException e) {
                index.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SymbolIndex index(String sha256, Path debugFile) throws IOException {
        Path file = place(sha256);
        synchronized (locks[Integer.parseInt(sha256.substring(0, 2), 16)]) {
            if (Files.exists(file)) {
                try {
                    return openVerified(sha256, file);
                } catch (FormatException damaged) {
                    Files.delete(file);
                }
            }
            Path refusal = refusal(sha256);
            if (Files.exists(refusal)) {
                throw new FormatException(Files.readString(refusal));
            }
            Files.createDirectories(indexes.resolve(sha256.substring(0, 2)));
            try {
                SymbolIndex.build(debugFile, file, limits);
            } catch (FormatException refused) {
                Files.writeString(refusal, String.valueOf(refused.getMessage()));
                throw refused;
            }
            verified.add(sha256);
            return SymbolIndex.open(file);
        }
    }

    /** A disk's damage is found before the first answer: the whole file is read once in the life of this process. */
    private SymbolIndex openVerified(String sha256, Path file) {
        SymbolIndex index = SymbolIndex.open(file);
        try {
            if (!verified.contains(sha256)) {
                index.verify();
                verified.add(sha256);
            }
            return index;
        } catch (FormatException damaged) {
            index.close();
            throw damaged;
        }
    }

    /** Why there is no index: nobody works on a broken file twice, until the format's next version. */
    private Path refusal(String sha256) {
        return indexes.resolve(sha256.substring(0, 2)).resolve(sha256 + ".refused");
    }

    private Path place(String sha256) {
        return indexes.resolve(sha256.substring(0, 2)).resolve(sha256 + ".idx");
    }
}
