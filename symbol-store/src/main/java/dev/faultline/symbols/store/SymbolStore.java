package dev.faultline.symbols.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.BuildTimeException;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Debug files and their indexes, by the SHA-256 of what they are made of. An index is derived: it is built when it is
 * missing, damaged or of another format version, once however many threads ask; that files can not have one, because of
 * their bytes, is kept as well.
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
                .weigher((String key, OpenImage image) ->
                        (int) Math.min(Integer.MAX_VALUE, 1 + image.bytes() / KIBIBYTE))
                .executor(Runnable::run)
                .removalListener(SymbolStore::removed)
                .build();
    }

    private static void removed(@Nullable String key, @Nullable OpenImage image, RemovalCause cause) {
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

    /** Builds the index of a debug file by itself, that is a blob already; NoSuchFileException where it is not. */
    public IndexSummary add(String sha256) throws IOException {
        return add(IndexFiles.of(sha256));
    }

    /**
     * Builds the index of files that are blobs already; NoSuchFileException where one is not.
     *
     * @throws FormatException when one of them is not what it is said to be, or they are not of one build
     */
    public IndexSummary add(IndexFiles files) throws IOException {
        try (SymbolIndex index = index(files)) {
            return index.summary();
        }
    }

    /** A lease on a debug file by itself; empty where the blob is not here. */
    public Optional<ModuleSymbols> open(String sha256, String name) throws IOException {
        return open(IndexFiles.of(sha256), name);
    }

    /**
     * A lease on an image and its index; empty where its blobs are not all here.
     *
     * @param name what people call the image
     */
    public Optional<ModuleSymbols> open(IndexFiles files, String name) throws IOException {
        for (var part : files.parts()) {
            if (blobs.path(part.sha256()).isEmpty()) {
                return Optional.empty();
            }
        }
        String key = files.key();
        while (true) {
            // who maps an image leases it before the cache sees it: one that is larger than all the room is evicted at
            // once
            var mapped = new AtomicReference<@Nullable OpenImage>();
            OpenImage image;
            try {
                image = open.get(key, absent -> {
                    OpenImage leased = map(files);
                    leased.lease();
                    mapped.set(leased);
                    return leased;
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            if (image.equals(mapped.get()) || image.lease()) {
                var released = new AtomicBoolean();
                return Optional.of(new ModuleSymbols(name, image.index(), image.elf(), image.companions(), () -> {
                    if (!released.getAndSet(true)) {
                        image.release();
                    }
                }));
            }
            open.asMap().remove(key, image);
        }
    }

    /**
     * Deletes the index of files that are being deleted, or have another one by now; the blobs are the caller's.
     *
     * @param key of {@link IndexFiles#key}: for a debug file by itself its SHA-256
     */
    public void forget(String key) throws IOException {
        open.invalidate(key);
        synchronized (lock(key)) {
            verified.remove(key);
            Files.deleteIfExists(place(key));
            Files.deleteIfExists(refusal(key));
        }
    }

    /** Unmaps what nobody uses; the rest when its last lease ends. */
    @Override
    public void close() {
        open.invalidateAll();
        open.cleanUp();
    }

    private OpenImage map(IndexFiles files) {
        try {
            SymbolIndex index = index(files);
            try {
                long bytes = Files.size(place(files.key())) + index.heapBytes();
                for (var part : files.parts()) {
                    bytes += Files.size(path(part));
                }
                var companions = companions(files);
                try {
                    return new OpenImage(index, elf(files), companions, bytes);
                } catch (IOException | RuntimeException e) {
                    companions.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                index.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ElfFile elf(IndexFiles files) throws IOException {
        var main = files.main();
        ElfFile first = ElfFile.open(path(main.getFirst()), limits);
        if (main.size() == 1) {
            return first;
        }
        try {
            ElfFile second = ElfFile.open(path(main.getLast()), limits);
            try {
                return ElfFile.joined(first, second);
            } catch (RuntimeException e) {
                second.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    private Path path(IndexFiles.Part part) throws IOException {
        return blobs.path(part.sha256()).orElseThrow(() -> new NoSuchFileException(part.sha256()));
    }

    private SymbolIndex index(IndexFiles files) throws IOException {
        String key = files.key();
        Path file = place(key);
        synchronized (lock(key)) {
            if (Files.exists(file)) {
                try {
                    return openVerified(key, file);
                } catch (FormatException damaged) {
                    Files.delete(file);
                }
            }
            Path refusal = refusal(key);
            if (Files.exists(refusal)) {
                throw new FormatException(Files.readString(refusal));
            }
            Files.createDirectories(indexes.resolve(key.substring(0, 2)));
            try {
                build(files, file);
            } catch (BuildTimeException slow) {
                throw slow; // the next time the machine may have more time for it
            } catch (FormatException refused) {
                Files.writeString(refusal, String.valueOf(refused.getMessage()));
                throw refused;
            }
            verified.add(key);
            return SymbolIndex.open(file);
        }
    }

    private void build(IndexFiles files, Path file) throws IOException {
        try (var elf = elf(files);
                var companions = companions(files)) {
            SymbolIndex.build(elf, companions, file, limits);
        }
    }

    private BlobCompanions companions(IndexFiles files) throws IOException {
        var companions = new ArrayList<BlobCompanions.Companion>();
        for (var part : files.companions()) {
            companions.add(new BlobCompanions.Companion(part.role(), path(part)));
        }
        return new BlobCompanions(companions, limits);
    }

    private Object lock(String key) {
        return locks[Integer.parseInt(key.substring(0, 2), 16)];
    }

    /** A disk's damage is found before the first answer: the whole file is read once in the life of this process. */
    private SymbolIndex openVerified(String key, Path file) {
        SymbolIndex index = SymbolIndex.open(file);
        try {
            if (!verified.contains(key)) {
                index.verify();
                verified.add(key);
            }
            return index;
        } catch (FormatException damaged) {
            index.close();
            throw damaged;
        }
    }

    /** Why there is no index: nobody works on a broken file twice, until the format's next version. */
    private Path refusal(String key) {
        return indexes.resolve(key.substring(0, 2)).resolve(key + ".refused");
    }

    private Path place(String key) {
        return indexes.resolve(key.substring(0, 2)).resolve(key + ".idx");
    }
}
