package dev.faultline.symbolfile;

import dev.faultline.crash.CrashQueue;
import dev.faultline.ops.Transactions;
import dev.faultline.ops.UnnamedBlobs;
import dev.faultline.symbolfile.IndexChoice.Candidate;
import dev.faultline.symbolfile.IndexChoice.Current;
import dev.faultline.symbolfile.IndexChoice.Refusal;
import dev.faultline.symbolfile.SymbolFiles.Stored;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.store.BlobStore;
import dev.faultline.symbols.store.FileRole;
import dev.faultline.symbols.store.IndexFiles;
import dev.faultline.symbols.store.SymbolStore;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Builds the indexes of builds whose files changed: at once for who uploaded one, later where that was interrupted. What
 * is to be built is a row that is written with the file, so a kill at any point loses nothing.
 */
@ApplicationScoped
class IndexBuilds {
    private static final Logger LOG = Logger.getLogger(IndexBuilds.class);
    private static final int LOCKS = 64;

    /** Changes that may come while the index is built, each of which has it built again. */
    private static final int ROUNDS = 100;

    private static final int MOST_DUE = 100;

    /** Fewest digits of a SHA-256 that a build is known by. */
    private static final int SHORTEST_HASH = 8;

    /** The first pause after a failure; each is this many times the one before, up to a day. */
    private static final int BACK_OFF_SECONDS = 5;

    private static final int MOST_BACK_OFFS = 7;
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private final Transactions transactions;
    private final DebugFiles catalogue;
    private final SymbolFiles files;
    private final SymbolStore store;
    private final BlobStore blobs;
    private final UnnamedBlobs unnamed;
    private final CrashQueue queue;
    private final boolean alone;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    IndexBuilds(
            Transactions transactions,
            DebugFiles catalogue,
            SymbolFiles files,
            SymbolStore store,
            BlobStore blobs,
            UnnamedBlobs unnamed,
            CrashQueue queue,
            @ConfigProperty(name = "faultline.embedded-database") boolean alone) {
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.files = files;
        this.store = store;
        this.blobs = blobs;
        this.unnamed = unnamed;
        this.queue = queue;
        this.alone = alone;
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /**
     * What became of a build.
     *
     * @param file the catalogue's entry; absent where no file of it can have an index
     * @param released crashes that are processed because of it
     */
    record Outcome(@Nullable DebugFile file, int released, List<Refusal> refusals) {
        Outcome {
            refusals = List.copyOf(refusals);
        }
    }

    /** Our database serves nobody else: what was to be built when it ended is nobody's by now. */
    void start(@Observes StartupEvent event) {
        if (alone) {
            transactions.durable(connection -> {
                try (var update = connection.prepareStatement(
                        "update index_due set run_at = least(run_at, now()) where attempts = 0")) {
                    return update.executeUpdate();
                }
            });
        }
    }

    @Scheduled(every = "10s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void everyTenSeconds() {
        buildDue(Instant.now());
    }

    private record Due(long projectId, String buildId) {}

    /** Builds what nobody came to build; how many. */
    int buildDue(Instant now) {
        int done = 0;
        for (Due due : due(now)) {
            var lock = lock(due.projectId(), due.buildId());
            if (lock.tryLock()) { // else an upload is at it
                try {
                    locked(due.projectId(), due.buildId(), now);
                    done++;
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    LOG.warnf(e, "the index of build %s can not be built; it is tried again", due.buildId());
                } finally {
                    lock.unlock();
                }
            }
        }
        if (done > 0) {
            LOG.infof("built the indexes of %d builds whose uploads were interrupted or changed format", done);
        }
        return done;
    }

    private List<Due> due(Instant now) {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(
                    "select project_id, build_id from index_due where run_at <= ? order by run_at, build_id limit ?")) {
                select.setObject(1, now.atOffset(ZoneOffset.UTC));
                select.setInt(2, MOST_DUE);
                var all = new ArrayList<Due>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        all.add(new Due(row.getLong(1), row.getString(2)));
                    }
                }
                return all;
            }
        });
    }

    /**
     * Builds the index of a build if its files changed, and puts it into the catalogue.
     *
     * @throws dev.faultline.symbols.index.BuildTimeException when there was not enough time; it is tried again later
     */
    Outcome build(long projectId, String buildId, Instant now) throws IOException {
        var lock = lock(projectId, buildId);
        lock.lock();
        try {
            return locked(projectId, buildId, now);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(long projectId, String buildId) {
        return locks[Math.floorMod(Objects.hash(projectId, buildId), LOCKS)];
    }

    private Outcome locked(long projectId, String buildId, Instant now) throws IOException {
        int released = 0;
        var refusals = new ArrayList<Refusal>();
        for (int round = 0; round < ROUNDS; round++) {
            var change = transactions.read(connection -> change(connection, projectId, buildId));
            if (change.isEmpty()) {
                break;
            }
            try {
                var outcome = once(projectId, buildId, change.getAsLong(), now);
                released += outcome.released();
                refusals.addAll(outcome.refusals());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                postpone(projectId, buildId, e, now);
                throw e;
            }
        }
        if (released > 0) {
            queue.wake();
        }
        var file = transactions.read(connection -> catalogue.find(connection, projectId, buildId));
        return new Outcome(file.orElse(null), released, refusals);
    }

    private static OptionalLong change(Connection connection, long projectId, String buildId) throws SQLException {
        try (var select =
                connection.prepareStatement("select change from index_due where project_id = ? and build_id = ?")) {
            select.setLong(1, projectId);
            select.setString(2, buildId);
            try (var row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private void postpone(long projectId, String buildId, Throwable because, Instant now) {
        transactions.durable(connection -> {
            try (var update = connection.prepareStatement("""
                    update index_due
                    set attempts = attempts + 1, last_error = ?,
                        run_at = ?::timestamptz + least(?::interval, ? * interval '1 second' * ? ^ least(attempts, ?))
                    where project_id = ? and build_id = ?
                    """)) {
                update.setString(1, String.valueOf(because).replace('\0', ' '));
                update.setObject(2, now.atOffset(ZoneOffset.UTC));
                update.setString(3, LONGEST_PAUSE.toString());
                update.setInt(4, BACK_OFF_SECONDS);
                update.setInt(5, BACK_OFF_SECONDS);
                update.setInt(6, MOST_BACK_OFFS);
                update.setLong(7, projectId);
                update.setString(8, buildId);
                return update.executeUpdate();
            }
        });
    }

    private Outcome once(long projectId, String buildId, long change, Instant now) throws IOException {
        describe(projectId, buildId);
        var before = transactions.read(connection -> catalogue.find(connection, projectId, buildId));
        var current = transactions.read(connection -> catalogue.files(connection, projectId, buildId));
        var choice = new IndexChoice(
                store,
                before.isEmpty() || current.isEmpty()
                        ? null
                        : new Current(
                                current.get(),
                                before.get().state(),
                                before.get().quality()));
        var main = transactions.read(connection -> files.main(connection, projectId, buildId)).stream()
                .filter(this::isHere)
                .toList();
        for (var way : ways(main)) {
            choice.offer(way, transactions.read(connection -> companions(connection, way)));
        }
        int released = transactions.durable(connection ->
                adopt(connection, new Adoption(projectId, buildId, change, before, current, main, choice), now));
        forgetUnused(choice, current);
        return new Outcome(null, released, choice.refusals());
    }

    /** Files that came before roles were kept say now what they are; one that is broken by now is passed over. */
    private void describe(long projectId, String buildId) {
        for (var file : transactions.read(connection -> files.main(connection, projectId, buildId))) {
            var path = blobs.path(file.sha256());
            if (file.role() == null && path.isPresent()) {
                try {
                    var facts = SymbolFacts.read(path.get());
                    transactions.durable(connection -> {
                        files.describe(connection, projectId, file, facts);
                        return true;
                    });
                } catch (FormatException e) {
                    LOG.warnf("debug file %s can not be read any more: %s", file.sha256(), e.getMessage());
                }
            }
        }
    }

    /** A database that was restored may know files that are not on this disk. */
    private boolean isHere(Stored file) {
        return file.role() != null && blobs.path(file.sha256()).isPresent();
    }

    /** The newest file that has all; the newest image with the newest debug file, or what there is of the two. */
    private List<List<Stored>> ways(List<Stored> main) {
        var ways = new ArrayList<List<Stored>>();
        newest(main, FileRole.WHOLE).ifPresent(whole -> ways.add(List.of(whole)));
        var image = newest(main, FileRole.IMAGE);
        var debugFile = newest(main, FileRole.DEBUG_FILE);
        if (debugFile.isEmpty() && image.isPresent()) {
            // without build ids the checksum of the debug link says which one it is
            debugFile = newest(
                    transactions.read(connection -> files.wanted(connection, List.of(image.get()))),
                    FileRole.DEBUG_FILE);
        }
        var pair = Stream.of(image, debugFile).flatMap(Optional::stream).toList();
        if (!pair.isEmpty()) {
            ways.add(pair);
        }
        if (pair.size() == 2) {
            // where the two do not fit, or the pair is none
            pair.forEach(file -> ways.add(List.of(file)));
        }
        return ways;
    }

    private Optional<Stored> newest(List<Stored> stored, FileRole role) {
        return stored.stream()
                .filter(file -> file.role() == role && isHere(file))
                .findFirst();
    }

    /** All that is here of what the main files refer to: of several that have the same, one. */
    private List<Stored> companions(Connection connection, List<Stored> main) throws SQLException {
        var wanted =
                files.wanted(connection, main).stream().filter(this::isHere).toList();
        var companions = new ArrayList<Stored>();
        newest(wanted, FileRole.ALTERNATE).ifPresent(companions::add);
        var splitPackage = newest(wanted, FileRole.PACKAGE);
        splitPackage.ifPresent(companions::add);
        var splits = new HashSet<>(files.splits(connection, main, splitPackage.orElse(null)));
        wanted.stream()
                .filter(file -> file.role() == FileRole.SPLIT && splits.contains(file.id()))
                .limit(IndexFiles.MOST - companions.size() - main.size())
                .forEach(companions::add);
        return companions;
    }

    private record Adoption(
            long projectId,
            String buildId,
            long change,
            Optional<DebugFile> before,
            Optional<IndexFiles> current,
            List<Stored> main,
            IndexChoice choice) {}

    /** Crashes that are released. */
    private int adopt(Connection transaction, Adoption adoption, Instant now) throws SQLException {
        long projectId = adoption.projectId();
        String buildId = adoption.buildId();
        DebugFiles.lock(transaction, projectId, buildId, true);
        try (var delete = transaction.prepareStatement(
                "delete from index_due where project_id = ? and build_id = ? and change = ?")) {
            delete.setLong(1, projectId);
            delete.setString(2, buildId);
            delete.setLong(3, adoption.change());
            delete.executeUpdate();
        }
        for (var refusal : adoption.choice().refusals()) {
            delete(transaction, refusal.file(), now);
        }
        var best = adoption.choice().best();
        var taken = best.map(Candidate::files).or(adoption::current);
        if (taken.isPresent()) {
            var sha256s =
                    taken.get().parts().stream().map(IndexFiles.Part::sha256).toList();
            for (var file : adoption.main()) {
                if (!sha256s.contains(file.sha256())) {
                    delete(transaction, file, now);
                }
            }
        }
        if (best.isEmpty()) {
            return 0;
        }
        boolean same = adoption.current().equals(best.map(Candidate::files));
        catalogue.put(transaction, projectId, buildId, best.get(), adoption.main(), same ? null : now);
        if (same) {
            return 0;
        }
        DebugFiles.lock(transaction, projectId, MissingSymbols.BY_FILE_HASH, true);
        int waiting = queue.releaseWaiting(transaction, projectId, words(adoption), now);
        return adoption.before().isPresent()
                ? queue.releaseAll(transaction, projectId, buildId, now) + waiting
                : waiting;
    }

    /** What crashes may call the build: its build id, or the beginning of the SHA-256 of one of its files. */
    private static List<String> words(Adoption adoption) {
        var words = new ArrayList<String>();
        words.add(adoption.buildId());
        for (var file : adoption.main()) {
            for (int length = SHORTEST_HASH; length <= file.sha256().length(); length++) {
                words.add(MissingSymbols.BY_FILE_HASH + file.sha256().substring(0, length));
            }
        }
        return words;
    }

    /** The bytes stay for a while: what reads them now must end in peace. */
    private void delete(Connection transaction, Stored file, Instant now) throws SQLException {
        files.delete(transaction, file);
        unnamed.add(file.sha256(), now);
    }

    private void forgetUnused(IndexChoice choice, Optional<IndexFiles> before) throws IOException {
        var keys = new HashSet<>(choice.built());
        before.ifPresent(files -> keys.add(files.key()));
        for (String key : keys) {
            if (!transactions.read(connection -> catalogue.usesIndex(connection, key))) {
                store.forget(key);
            }
        }
    }
}
