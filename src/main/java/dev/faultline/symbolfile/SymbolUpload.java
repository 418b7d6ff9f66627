package dev.faultline.symbolfile;

import dev.faultline.http.Packing;
import dev.faultline.http.Problem;
import dev.faultline.http.UploadBody;
import dev.faultline.ops.DataDirectory;
import dev.faultline.ops.Transactions;
import dev.faultline.ops.UnnamedBlobs;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.index.BuildTimeException;
import dev.faultline.symbols.store.BlobStore;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes debug files in, and what completes them: one, packed or plain, or an archive of them. */
@ApplicationScoped
class SymbolUpload {
    private static final Logger LOG = Logger.getLogger(SymbolUpload.class);

    /** Most entries that an archive may have, of any kind. */
    static final int ARCHIVE_ENTRIES = 10_000;

    /** Most debug files that are taken out of one archive. */
    static final int ARCHIVE_FILES = 500;

    /** How many times the limit of an upload its contents may be, unpacked. */
    private static final int UNPACKED_FACTOR = 4;

    private static final int SHOWN = 8;
    private static final int NAME_LENGTH = 200;
    private static final int RETRY_SECONDS = 60;

    /** A hash of the file is longer than any build id that a linker makes by itself. */
    private static final int SHA256_DIGITS = 64;

    private static final Duration HEAD_START = Duration.ofSeconds(30);

    private final BlobStore blobs;
    private final UnnamedBlobs unnamed;
    private final Transactions transactions;
    private final SymbolFiles files;
    private final IndexBuilds builds;
    private final DataDirectory directory;
    private final long largest;

    SymbolUpload(
            BlobStore blobs,
            UnnamedBlobs unnamed,
            Transactions transactions,
            SymbolFiles files,
            IndexBuilds builds,
            DataDirectory directory,
            @ConfigProperty(name = "faultline.limits.symbols") MemorySize largest) {
        this.blobs = blobs;
        this.unnamed = unnamed;
        this.transactions = transactions;
        this.files = files;
        this.builds = builds;
        this.directory = directory;
        this.largest = largest.asLongValue();
    }

    /** What the upload says about its files. */
    record About(
            long projectId,
            @Nullable String software,
            @Nullable String version,
            @Nullable String fileName) {}

    /**
     * What became of an upload.
     *
     * @param archive whether it was an archive
     * @param skipped entries of the archive that are not debug files of any use, with the reason
     */
    record Taken(boolean archive, List<UploadedFile> files, List<Skipped> skipped) {}

    /** An entry of an archive that was left out. */
    record Skipped(String name, String reason) {}

    /** Stores, indexes and catalogues; problems say what is wrong with the file. */
    Taken take(About about, UploadBody body, Instant now) {
        directory.checkRoom(now);
        try {
            return takeAny(about, new Budget(largest), body, false, now);
        } catch (UploadBody.Broken e) {
            throw Problem.badRequest("broken-upload", "The file could not be read to its end: %s", e.getMessage());
        } catch (BlobStore.TooLarge e) {
            throw tooLarge();
        } catch (BuildTimeException e) {
            throw Problem.of(
                            503,
                            "index-not-built",
                            "The file is stored, but %s on this machine now; it is tried again by itself",
                            e.getMessage())
                    .with(Map.of(Problem.RETRY_AFTER_SECONDS, RETRY_SECONDS));
        } catch (IOException e) {
            LOG.errorf(e, "cannot store a debug file");
            throw Problem.of(503, "cannot-store", "The file could not be stored: it was not taken")
                    .with(Map.of(Problem.RETRY_AFTER_SECONDS, RETRY_SECONDS));
        }
    }

    /** Bytes that all the files of one upload may still become. */
    private static final class Budget {
        private long left;

        Budget(long upload) {
            this.left = upload * UNPACKED_FACTOR;
        }

        long left() {
            return left;
        }

        void spend(long bytes) {
            left -= bytes;
        }
    }

    private Taken takeAny(About about, Budget budget, UploadBody body, boolean unpacked, Instant now)
            throws IOException {
        var peeked = body.peek(Packing.HEAD);
        byte[] head = peeked.head();
        var packing = Packing.of(head);
        if (packing.isPresent() && !unpacked) {
            return takeAny(about, budget, peeked.whole().unpacked(packing.get()), true, now);
        }
        if (isElf(head)) {
            var file = store(about, budget, peeked.whole(), unpacked, now);
            return new Taken(false, List.of(answer(about, file, build(about, List.of(file), now))), List.of());
        }
        if (Packing.isZip(head) && !unpacked) {
            return takeZip(about, budget, peeked.whole(), now);
        }
        if (isTar(head)) {
            return takeTar(about, budget, peeked.whole(), now);
        }
        throw Problem.of(
                422,
                "not-a-debug-file",
                "%s begins with %s: wanted an ELF file, plain or as gzip, zstd, xz, lz4 or bzip2, or a zip or tar archive of ELF"
                        + " files",
                about.fileName() == null ? "The file" : about.fileName(),
                head.length == 0
                        ? "nothing, it is empty"
                        : HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(SHOWN, head.length)));
    }

    /** A file that is stored, with its row, and whose index is still to be built. */
    private record StoredFile(
            String sha256, long size, @Nullable String fileName, SymbolFacts facts, SymbolFiles.Added added) {}

    private StoredFile store(About about, Budget budget, InputStream elf, boolean unpacked, Instant now)
            throws IOException {
        var blob = blobs.put(elf, unpacked ? budget.left() : largest);
        unnamed.add(blob.sha256(), now);
        budget.spend(blob.size());
        SymbolFacts facts;
        try {
            facts = SymbolFacts.read(blobs.path(blob.sha256()).orElseThrow());
        } catch (FormatException e) {
            throw broken(about.fileName(), String.valueOf(e.getMessage()));
        }
        var file = new SymbolFiles.NewFile(
                about.projectId(),
                blob.sha256(),
                blob.size(),
                about.fileName(),
                about.software(),
                about.version(),
                facts);
        // with a pause before others take it for interrupted: who uploads wants to hear what became of it
        var added = transactions.durable(connection -> files.add(connection, file, blob.added(), now.plus(HEAD_START)));
        unnamed.remove(blob.sha256());
        return new StoredFile(blob.sha256(), blob.size(), about.fileName(), facts, added);
    }

    private static Problem broken(@Nullable String fileName, String reason) {
        return Problem.of(422, "broken-debug-file", "%s: %s", fileName == null ? "The file" : fileName, reason);
    }

    /** The outcome of every build that one of the files is of, each built once. */
    private Map<String, IndexBuilds.Outcome> build(About about, List<StoredFile> stored, Instant now)
            throws IOException {
        var outcomes = new LinkedHashMap<String, IndexBuilds.Outcome>();
        for (var file : stored) {
            for (String build : file.added().builds()) {
                if (!outcomes.containsKey(build)) {
                    outcomes.put(build, builds.build(about.projectId(), build, now));
                }
            }
        }
        return outcomes;
    }

    /** @throws Problem when no index can be made of it */
    private UploadedFile answer(About about, StoredFile file, Map<String, IndexBuilds.Outcome> outcomes) {
        for (var outcome : outcomes.values()) {
            for (var refusal : outcome.refusals()) {
                if (refusal.file().sha256().equals(file.sha256())) {
                    throw broken(file.fileName(), refusal.reason());
                }
            }
        }
        int released = file.added().builds().stream()
                .mapToInt(build -> Objects.requireNonNull(outcomes.get(build)).released())
                .sum();
        boolean kept = transactions.read(connection ->
                files.find(connection, about.projectId(), file.sha256()).isPresent());
        String own = file.facts().buildId();
        if (own == null) {
            return UploadedFile.ofCompanion(
                    file.facts().role(),
                    new UploadedFile.Companion(
                            file.sha256(),
                            file.size(),
                            file.fileName(),
                            file.added().builds()),
                    file.added().added(),
                    released,
                    file.added().builds().isEmpty()
                            ? "no debug file that is here refers to it: it waits for one that does"
                            : null);
        }
        var entry = Objects.requireNonNull(outcomes.get(own)).file();
        if (entry == null) {
            throw broken(file.fileName(), "no index can be made of it");
        }
        return UploadedFile.of(file.facts().role(), entry, kept && file.added().added(), released, note(file, kept));
    }

    private static @Nullable String note(StoredFile file, boolean kept) {
        if (!kept) {
            return "another debug file of this build is here and is no worse: it was kept";
        }
        String own = String.valueOf(file.facts().buildId());
        boolean nameless = own.length() == SHA256_DIGITS;
        return switch (file.facts().role()) {
            case DEBUG_FILE ->
                nameless && file.added().builds().size() == 1
                        ? "it has no build id: only an image whose .gnu_debuglink has its CRC-32 is joined with it,"
                                + " link with --build-id"
                        : null;
            case IMAGE ->
                nameless && file.facts().wants().isEmpty()
                        ? "it has neither a build id nor a .gnu_debuglink: no debug file can be joined with it, link"
                                + " with --build-id"
                        : null;
            case WHOLE, ALTERNATE, SPLIT, PACKAGE -> null;
        };
    }

    private Taken takeTar(About about, Budget budget, InputStream body, Instant now) throws IOException {
        var archive = new Archive(about, budget, now);
        var tar = new TarArchiveInputStream(body);
        for (var entry = next(tar); entry != null; entry = next(tar)) {
            archive.count();
            if (entry.isFile()) {
                archive.take(entry.getName(), tar);
            }
        }
        return archive.taken();
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws UploadBody.Broken {
        try {
            return tar.getNextEntry();
        } catch (UploadBody.Broken e) {
            throw e;
        } catch (IOException e) {
            throw brokenArchive("tar", e);
        }
    }

    /** A zip's directory is at its end, so it has to be on disk first. */
    private Taken takeZip(About about, Budget budget, InputStream body, Instant now) throws IOException {
        Path temporary = Files.createTempFile(directory.incoming(), "archive", ".zip");
        try {
            copy(body, temporary);
            var archive = new Archive(about, budget, now);
            try (var zip = open(temporary)) {
                var entries = zip.getEntries();
                while (entries.hasMoreElements()) {
                    var entry = entries.nextElement();
                    archive.count();
                    if (!entry.isDirectory() && zip.canReadEntryData(entry)) {
                        try (var in = open(zip, entry)) {
                            archive.take(entry.getName(), in);
                        }
                    }
                }
            }
            return archive.taken();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static ZipFile open(Path zip) {
        try {
            return ZipFile.builder().setPath(zip).get();
        } catch (IOException e) {
            throw brokenArchive("zip", e);
        }
    }

    private static InputStream open(ZipFile zip, ZipArchiveEntry entry) {
        try {
            return zip.getInputStream(entry);
        } catch (IOException e) {
            throw brokenArchive("zip", e);
        }
    }

    private static Problem brokenArchive(String format, IOException e) {
        return Problem.of(422, "broken-archive", "The %s archive can not be read: %s", format, e.getMessage());
    }

    private void copy(InputStream body, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] chunk = new byte[64 << 10];
            long size = 0;
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                size += read;
                if (size > largest) {
                    throw new BlobStore.TooLarge(largest);
                }
                out.write(chunk, 0, read);
            }
        }
    }

    /** The entries of one archive, as they come. */
    private final class Archive {
        private final About about;
        private final Budget budget;
        private final Instant now;
        private final List<StoredFile> stored = new ArrayList<>();
        private final List<Skipped> skipped = new ArrayList<>();
        private int entries;

        Archive(About about, Budget budget, Instant now) {
            this.about = about;
            this.budget = budget;
            this.now = now;
        }

        void count() {
            if (++entries > ARCHIVE_ENTRIES) {
                throw Problem.of(413, "archive-too-large", "The archive has more than %d entries", ARCHIVE_ENTRIES);
            }
        }

        void take(String path, InputStream in) throws IOException {
            String name = fileName(path);
            // an entry's end must not close the archive
            var peeked = UploadBody.of(CloseShieldInputStream.wrap(in), null).peek(SHOWN);
            if (!isElf(peeked.head())) {
                return;
            }
            if (stored.size() == ARCHIVE_FILES) {
                throw Problem.of(413, "archive-too-large", "The archive has more than %d debug files", ARCHIVE_FILES);
            }
            var one = new About(about.projectId(), about.software(), about.version(), name);
            try {
                stored.add(store(one, budget, peeked.whole(), true, now));
            } catch (Problem broken) {
                skipped.add(new Skipped(name, broken.detail()));
            }
        }

        Taken taken() throws IOException {
            var outcomes = build(about, stored, now);
            var answers = new ArrayList<UploadedFile>();
            for (var file : stored) {
                try {
                    answers.add(answer(about, file, outcomes));
                } catch (Problem broken) {
                    skipped.add(new Skipped(String.valueOf(file.fileName()), broken.detail()));
                }
            }
            if (answers.isEmpty()) {
                throw Problem.of(
                        422,
                        "no-debug-file",
                        "The archive has %d entries and none of them is a debug file that can be used%s",
                        entries,
                        skipped.isEmpty() ? "" : ": " + skipped.getFirst().reason());
            }
            return new Taken(true, List.copyOf(answers), List.copyOf(skipped));
        }
    }

    private Problem tooLarge() {
        return Problem.of(
                        413,
                        "debug-file-too-large",
                        "The file is larger than the %d bytes that faultline.limits.symbols allows, or becomes more"
                                + " than %d times that when unpacked",
                        largest,
                        UNPACKED_FACTOR)
                .with(Map.of("limit", largest));
    }

    /** The last part of an entry's path, as a name that is only ever shown. */
    static String fileName(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return name.substring(0, Math.min(NAME_LENGTH, name.length()));
    }

    private static boolean isElf(byte[] head) {
        return head.length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    /** POSIX and GNU tar both have {@code ustar} here. */
    private static boolean isTar(byte[] head) {
        return head.length > 262
                && head[257] == 'u'
                && head[258] == 's'
                && head[259] == 't'
                && head[260] == 'a'
                && head[261] == 'r';
    }
}
