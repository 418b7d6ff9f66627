package dev.faultline.symbolfile;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Project;
import dev.faultline.crash.CrashQueue;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.store.FileHashMatch;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.store.SymbolSource;
import dev.faultline.symbols.store.SymbolStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The catalogue of a project's debug files. */
@ApplicationScoped
public class DebugFiles {

    private static final String COLUMNS = """
            select id, build_id, sha256, size, file_name, software, version, architecture, state, detail, quality, uploaded_at
            from debug_file
            """;

    private static final String WANTED = """
            with wanted as (
                select m.build_id, count(*) as crashes, count(distinct c.device_id) as devices,
                    min(c.effective_at) as first_seen, max(c.effective_at) as last_seen,
                    (array_agg(c.id order by c.effective_at desc, c.id desc))[1] as latest
                from crash_missing_symbols m join crash c on c.id = m.crash_id
                where m.project_id = ?
                group by m.build_id)
            select w.build_id, coalesce(r.software, c.claims->>'software') as software,
                coalesce(r.version, c.claims->>'version') as version, w.crashes, w.devices, w.first_seen, w.last_seen
            from wanted w join crash c on c.id = w.latest left join release r on r.id = c.release_id
            order by w.crashes desc, w.devices desc, w.build_id
            offset ? limit ?
            """;

    private static final String ADD = """
            insert into debug_file (project_id, build_id, sha256, size, file_name, software, version, architecture,
                state, detail, quality, uploaded_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
            on conflict (project_id, build_id) do update
            set sha256 = excluded.sha256, size = excluded.size, file_name = excluded.file_name,
                software = coalesce(excluded.software, debug_file.software),
                version = coalesce(excluded.version, debug_file.version),
                architecture = excluded.architecture, state = excluded.state, detail = excluded.detail,
                quality = excluded.quality, uploaded_at = excluded.uploaded_at
            """;

    /** Fewest digits of a SHA-256 that a build is known by. */
    private static final int SHORTEST_HASH = 8;

    private final Transactions transactions;
    private final SymbolStore store;
    private final CrashQueue queue;
    private final Qualities qualities;

    DebugFiles(Transactions transactions, SymbolStore store, CrashQueue queue, ObjectMapper json) {
        this.transactions = transactions;
        this.store = store;
        this.queue = queue;
        this.qualities = new Qualities(json);
    }

    /** The catalogue, latest upload first. */
    public Page<DebugFile> list(long projectId, @Nullable String after, int limit) {
        long before = after == null ? Long.MAX_VALUE : number(after);
        return transactions.read(connection -> {
            try (var select =
                    connection.prepareStatement(COLUMNS + "where project_id = ? and id < ? order by id desc limit ?")) {
                select.setLong(1, projectId);
                select.setLong(2, before);
                select.setInt(3, limit + 1);
                var files = new ArrayList<DebugFile>();
                long last = 0;
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        if (files.size() == limit) {
                            return new Page<>(files, Long.toString(last));
                        }
                        last = row.getLong("id");
                        files.add(file(row));
                    }
                }
                return new Page<>(files, null);
            }
        });
    }

    /** Debug files that crashes wait for, those that most crashes and then devices wait for first. */
    public Page<WantedFile> missing(Project project, @Nullable String after, int limit) {
        // by offset: the ranking changes with every crash, so no key of it would hold a place
        long offset = after == null ? 0 : number(after);
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(WANTED)) {
                select.setLong(1, project.id());
                select.setLong(2, offset);
                select.setInt(3, limit + 1);
                var wanted = new ArrayList<WantedFile>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        if (wanted.size() == limit) {
                            return new Page<>(wanted, Long.toString(offset + limit));
                        }
                        wanted.add(wanted(project, row));
                    }
                }
                return new Page<>(wanted, null);
            }
        });
    }

    /** One debug file, if the project has it. */
    public Optional<DebugFile> file(long projectId, BuildId buildId) {
        return transactions.read(connection -> find(connection, projectId, buildId.hex()));
    }

    /** Symbols for the crashes of a project. */
    public ProjectSymbols of(long projectId) {
        return new ProjectSymbols(projectId);
    }

    /** The symbols of a project, for one analysis. */
    public final class ProjectSymbols implements SymbolSource {
        private final long projectId;
        private final Set<String> absent = ConcurrentHashMap.newKeySet();

        private ProjectSymbols(long projectId) {
            this.projectId = projectId;
        }

        @Override
        public FileHashMatch byFileHash(String prefix) {
            var files = transactions.read(connection -> beginning(connection, projectId, prefix));
            if (files.isEmpty()) {
                absent.add(MissingSymbols.BY_FILE_HASH + prefix);
                return new FileHashMatch.None();
            }
            if (files.size() > 1) {
                return new FileHashMatch.Ambiguous(files.size());
            }
            return DebugFiles.this
                    .open(projectId, BuildId.parse(files.getFirst().buildId()))
                    .<FileHashMatch>map(FileHashMatch.One::new)
                    .orElse(new FileHashMatch.None());
        }

        @Override
        public Optional<ModuleSymbols> open(BuildId buildId) {
            if (file(projectId, buildId).isEmpty()) {
                absent.add(buildId.hex());
                return Optional.empty();
            }
            return DebugFiles.this.open(projectId, buildId);
        }

        /** Builds that were asked for and that nobody had uploaded. */
        public List<String> absent() {
            return List.copyOf(absent);
        }
    }

    /** A lease on the symbols of one build, to be closed after use; empty: the project does not have its debug file. */
    public Optional<ModuleSymbols> open(long projectId, BuildId buildId) {
        var file = file(projectId, buildId);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return store.open(file.get().sha256(), name(file.get()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the symbols of build " + buildId, e);
        }
    }

    private static String name(DebugFile file) {
        String name = file.software() == null ? file.fileName() : file.software();
        return Objects.requireNonNullElse(
                name, file.buildId().substring(0, Math.min(12, file.buildId().length())));
    }

    /**
     * What adding a file did.
     *
     * @param file the file that the catalogue now has for the build
     * @param added whether the catalogue did not have it before
     * @param note why the catalogue's file is another one than that which was added, where it is
     * @param replaced SHA-256 of the worse file whose place it took, where it did
     * @param released crashes that are processed because of it
     */
    record Addition(
            DebugFile file,
            boolean added,
            @Nullable String note,
            @Nullable String replaced,
            int released) {}

    /** Puts a file into the catalogue unless a better one of the same build is there, and releases who waited for it. */
    Addition add(long projectId, NewFile file, Instant now) {
        String buildId = file.summary().buildId().hex();
        var addition = transactions.durable(connection -> {
            lock(connection, projectId, buildId, true);
            lock(connection, projectId, MissingSymbols.BY_FILE_HASH, true);
            var before = find(connection, projectId, buildId);
            if (before.isPresent() && !better(file, before.get())) {
                boolean same = before.get().sha256().equals(file.sha256());
                return new Addition(
                        before.get(),
                        false,
                        same ? null : "another debug file of this build is here and is no worse: it was kept",
                        null,
                        queue.releaseWaiting(connection, projectId, words(file), now));
            }
            insert(connection, projectId, file, now);
            int released = before.isPresent()
                    ? queue.releaseAll(connection, projectId, buildId, now)
                    : queue.releaseWaiting(connection, projectId, words(file), now);
            return new Addition(
                    find(connection, projectId, buildId).orElseThrow(),
                    true,
                    null,
                    before.map(DebugFile::sha256).orElse(null),
                    released);
        });
        if (addition.released() > 0) {
            queue.wake();
        }
        return addition;
    }

    /** What crashes may call a build: its build id, or the beginning of its file's SHA-256. */
    private static List<String> words(NewFile file) {
        var words = new ArrayList<String>();
        words.add(file.summary().buildId().hex());
        for (int length = SHORTEST_HASH; length <= file.sha256().length(); length++) {
            words.add(MissingSymbols.BY_FILE_HASH + file.sha256().substring(0, length));
        }
        return words;
    }

    /** Debug files whose SHA-256 begins so; more than two are as good as two. */
    private List<DebugFile> beginning(Connection connection, long projectId, String prefix) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where project_id = ? and sha256 like ? limit 2")) {
            select.setLong(1, projectId);
            // hexadecimal digits, which no pattern has another meaning for
            select.setString(2, prefix + "%");
            var files = new ArrayList<DebugFile>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    files.add(file(row));
                }
            }
            return files;
        }
    }

    /** A file whose bytes and index are stored. */
    record NewFile(
            String sha256,
            long size,
            @Nullable String fileName,
            @Nullable String software,
            @Nullable String version,
            IndexSummary summary) {}

    private static boolean better(NewFile file, DebugFile before) {
        if (file.sha256().equals(before.sha256())) {
            return false;
        }
        boolean usable = file.summary().state() == IndexSummary.State.USABLE;
        boolean wasUsable = before.state().equals(IndexSummary.State.USABLE.label());
        return usable == wasUsable
                ? file.summary().lineCoverage() > before.quality().lineCoverage()
                : usable;
    }

    /**
     * Which of these builds have a debug file by now. Held against uploads until the transaction ends: who stores that a
     * crash waits either sees the file here, or the upload sees the crash.
     */
    public List<String> present(Connection transaction, long projectId, List<String> buildIds) throws SQLException {
        var present = new ArrayList<String>();
        var byHash = new ArrayList<String>();
        for (String buildId : buildIds.stream().sorted().toList()) {
            if (buildId.startsWith(MissingSymbols.BY_FILE_HASH)) {
                byHash.add(buildId);
                continue;
            }
            lock(transaction, projectId, buildId, false);
            if (find(transaction, projectId, buildId).isPresent()) {
                present.add(buildId);
            }
        }
        // an upload does not know which beginnings are asked for: one lock for all of them, after those of builds as
        // there
        for (String word : byHash) {
            lock(transaction, projectId, MissingSymbols.BY_FILE_HASH, false);
            var prefix = word.substring(MissingSymbols.BY_FILE_HASH.length());
            if (!beginning(transaction, projectId, prefix).isEmpty()) {
                present.add(word);
            }
        }
        return present;
    }

    private static void lock(Connection transaction, long projectId, String buildId, boolean alone)
            throws SQLException {
        String function = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
        try (var lock = transaction.prepareStatement("select " + function + "(hashtextextended(?, 0))")) {
            lock.setString(1, "symbols " + projectId + " " + buildId);
            lock.executeQuery().close();
        }
    }

    private Optional<DebugFile> find(Connection connection, long projectId, String buildId) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where project_id = ? and build_id = ?")) {
            select.setLong(1, projectId);
            select.setString(2, buildId);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(file(row)) : Optional.empty();
            }
        }
    }

    private void insert(Connection connection, long projectId, NewFile file, Instant now) throws SQLException {
        var summary = file.summary();
        try (var insert = connection.prepareStatement(ADD)) {
            insert.setLong(1, projectId);
            insert.setString(2, summary.buildId().hex());
            insert.setString(3, file.sha256());
            insert.setLong(4, file.size());
            insert.setString(5, file.fileName());
            insert.setString(6, file.software());
            insert.setString(7, file.version());
            insert.setString(8, summary.architecture());
            insert.setString(9, summary.state().label());
            insert.setString(10, summary.reason());
            insert.setString(11, qualities.write(Quality.of(summary)));
            insert.setObject(12, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    private DebugFile file(ResultSet row) throws SQLException {
        return new DebugFile(
                row.getString("build_id"),
                row.getString("sha256"),
                row.getLong("size"),
                row.getString("file_name"),
                row.getString("software"),
                row.getString("version"),
                row.getString("architecture"),
                row.getString("state"),
                row.getString("detail"),
                qualities.read(row.getString("quality"), row.getString("build_id")),
                row.getObject("uploaded_at", OffsetDateTime.class).toInstant());
    }

    private static WantedFile wanted(Project project, ResultSet row) throws SQLException {
        String software = row.getString("software");
        String version = row.getString("version");
        return new WantedFile(
                row.getString("build_id"),
                software,
                version,
                row.getLong("crashes"),
                row.getLong("devices"),
                row.getObject("first_seen", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen", OffsetDateTime.class).toInstant(),
                UploadCommand.of(project, "FILE", software, version));
    }

    private static long number(String after) {
        try {
            return Long.parseUnsignedLong(after);
        } catch (NumberFormatException e) {
            throw Problem.badRequest(
                    "bad-parameter", "after: wanted what the list before gave as next, found %s", after);
        }
    }
}
