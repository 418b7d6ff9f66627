package dev.faultline.symbolfile;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Project;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.store.FileHashMatch;
import dev.faultline.symbols.store.FileRole;
import dev.faultline.symbols.store.IndexFiles;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The catalogue of a project's debug files. */
@ApplicationScoped
public class DebugFiles {

    private static final String COLUMNS = """
            select id, build_id, sha256, size, file_name, software, version, architecture, state, detail, quality, uploaded_at,
                (select count(*) from (
                    select from symbol_file o join symbol_want w on w.file_id = o.id
                    where o.project_id = debug_file.project_id and o.build_id = debug_file.build_id
                        and not exists (
                            select from symbol_key k join symbol_file f on f.id = k.file_id
                            where k.project_id = w.project_id and k.key = w.key
                                and (w.role = f.role or f.role = 'dwp' and w.role = 'dwo'
                                    or f.role = 'whole' and w.role in ('image', 'debug-file')))
                    limit 1000) as wanted) as missing
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
                state, detail, quality, files, index_key, uploaded_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, coalesce(?::timestamptz, now()))
            on conflict (project_id, build_id) do update
            set sha256 = excluded.sha256, size = excluded.size, file_name = excluded.file_name,
                software = coalesce(excluded.software, debug_file.software),
                version = coalesce(excluded.version, debug_file.version),
                architecture = excluded.architecture, state = excluded.state, detail = excluded.detail,
                quality = excluded.quality, files = excluded.files, index_key = excluded.index_key,
                uploaded_at = coalesce(?::timestamptz, debug_file.uploaded_at)
            """;

    /** The name of no index. */
    private static final String ABSENT = "";

    private final Transactions transactions;
    private final SymbolStore store;
    private final SymbolFiles symbolFiles;
    private final Qualities qualities;

    DebugFiles(Transactions transactions, SymbolStore store, SymbolFiles symbolFiles, ObjectMapper json) {
        this.transactions = transactions;
        this.store = store;
        this.symbolFiles = symbolFiles;
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

    /** One debug file with the files that its index is made of and those that it refers to, if the project has it. */
    public Optional<DebugFileDetail> detail(Project project, BuildId buildId) {
        return transactions.read(connection -> {
            var file = find(connection, project.id(), buildId.hex());
            var files = files(connection, project.id(), buildId.hex());
            return file.isPresent() && files.isPresent()
                    ? Optional.of(detail(connection, project, file.get(), files.get()))
                    : Optional.empty();
        });
    }

    private DebugFileDetail detail(Connection connection, Project project, DebugFile file, IndexFiles files)
            throws SQLException {
        var sha256s = files.parts().stream().map(IndexFiles.Part::sha256).toList();
        var parts = symbolFiles.all(connection, project.id(), sha256s).stream()
                .map(part -> new DebugFileDetail.Part(
                        part.role() == null
                                ? FileRole.WHOLE.label()
                                : part.role().label(),
                        part.sha256(),
                        part.size(),
                        part.fileName()))
                .toList();
        var wants = symbolFiles.wants(connection, project.id(), sha256s, DebugFileDetail.MOST_WANTS).stream()
                .map(wanted -> want(project, file, wanted))
                .toList();
        return new DebugFileDetail(file, parts, wants);
    }

    private static SymbolWant want(Project project, DebugFile file, SymbolFiles.Wanted wanted) {
        var want = wanted.want();
        boolean seenFrom = !want.directory().isEmpty() && !want.name().startsWith("/");
        String name = seenFrom ? want.directory() + "/" + want.name() : want.name();
        return new SymbolWant(
                want.role().label(),
                name.isEmpty() ? null : name,
                want.key(),
                wanted.present(),
                wanted.present()
                        ? null
                        : UploadCommand.of(project, name.isEmpty() ? "FILE" : name, file.software(), file.version()));
    }

    /** Symbols for the crashes of a project. */
    public ProjectSymbols of(long projectId) {
        return new ProjectSymbols(projectId);
    }

    /** The symbols of a project, for one analysis. */
    public final class ProjectSymbols implements SymbolSource {
        private final long projectId;

        /** The name of the index of each build that was asked for; empty: nobody had uploaded it. */
        private final Map<String, String> asked = new ConcurrentHashMap<>();

        private ProjectSymbols(long projectId) {
            this.projectId = projectId;
        }

        @Override
        public FileHashMatch byFileHash(String prefix) {
            var files = transactions.read(connection -> symbolFiles.beginning(connection, projectId, prefix));
            if (files.size() > 1) {
                return new FileHashMatch.Ambiguous(files.size());
            }
            if (files.isEmpty()) {
                asked.put(MissingSymbols.BY_FILE_HASH + prefix, ABSENT);
                return new FileHashMatch.None();
            }
            return open(BuildId.parse(files.getFirst()))
                    .<FileHashMatch>map(FileHashMatch.One::new)
                    .orElse(new FileHashMatch.None());
        }

        @Override
        public Optional<ModuleSymbols> open(BuildId buildId) {
            var entry = entry(projectId, buildId);
            asked.put(buildId.hex(), entry.map(found -> found.files().key()).orElse(ABSENT));
            return entry.flatMap(DebugFiles.this::open);
        }
    }

    /** A lease on the symbols of one build, to be closed after use; empty: the project does not have its debug file. */
    public Optional<ModuleSymbols> open(long projectId, BuildId buildId) {
        return entry(projectId, buildId).flatMap(this::open);
    }

    private record Entry(DebugFile file, IndexFiles files) {}

    private Optional<Entry> entry(long projectId, BuildId buildId) {
        return transactions.read(connection -> {
            var file = find(connection, projectId, buildId.hex());
            var files = files(connection, projectId, buildId.hex());
            return file.isPresent() && files.isPresent()
                    ? Optional.of(new Entry(file.get(), files.get()))
                    : Optional.empty();
        });
    }

    private Optional<ModuleSymbols> open(Entry entry) {
        try {
            return store.open(entry.files(), name(entry.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot open the symbols of build " + entry.file().buildId(), e);
        }
    }

    private static String name(DebugFile file) {
        String name = file.software() == null ? file.fileName() : file.software();
        return Objects.requireNonNullElse(
                name, file.buildId().substring(0, Math.min(12, file.buildId().length())));
    }

    /**
     * Whether a build that an analysis asked for has come, or has other symbols, since. Held against uploads until the
     * transaction ends: who stores what came out either sees the new symbols here, or their upload sees the crash.
     */
    public boolean changed(Connection transaction, ProjectSymbols symbols) throws SQLException {
        boolean changed = false;
        for (var build : new TreeMap<>(symbols.asked).entrySet()) {
            if (build.getKey().startsWith(MissingSymbols.BY_FILE_HASH)) {
                // all of them under one lock, which comes behind those of builds wherever both are taken
                lock(transaction, symbols.projectId, MissingSymbols.BY_FILE_HASH, false);
                String prefix = build.getKey().substring(MissingSymbols.BY_FILE_HASH.length());
                changed |= !symbolFiles
                        .beginning(transaction, symbols.projectId, prefix)
                        .isEmpty();
                continue;
            }
            lock(transaction, symbols.projectId, build.getKey(), false);
            String key = files(transaction, symbols.projectId, build.getKey())
                    .map(IndexFiles::key)
                    .orElse(ABSENT);
            changed |= !key.equals(build.getValue());
        }
        return changed;
    }

    static void lock(Connection transaction, long projectId, String buildId, boolean alone) throws SQLException {
        String function = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
        try (var lock = transaction.prepareStatement("select " + function + "(hashtextextended(?, 0))")) {
            lock.setString(1, "symbols " + projectId + " " + buildId);
            lock.executeQuery().close();
        }
    }

    Optional<DebugFile> find(Connection connection, long projectId, String buildId) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where project_id = ? and build_id = ?")) {
            select.setLong(1, projectId);
            select.setString(2, buildId);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(file(row)) : Optional.empty();
            }
        }
    }

    /** The files that the index of a build is made of. */
    Optional<IndexFiles> files(Connection connection, long projectId, String buildId) throws SQLException {
        try (var select =
                connection.prepareStatement("select files from debug_file where project_id = ? and build_id = ?")) {
            select.setLong(1, projectId);
            select.setString(2, buildId);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(qualities.readFiles(row.getString(1))) : Optional.empty();
            }
        }
    }

    /** Whether the index of that name is somebody's, of whatever project. */
    boolean usesIndex(Connection connection, String key) throws SQLException {
        try (var select = connection.prepareStatement("select from debug_file where index_key = ? limit 1")) {
            select.setString(1, key);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Makes an index that of a build.
     *
     * @param of the files of the build; what one of them was said to be of holds for all
     * @param changed when it came to be another one; absent: it is the same and only measured again
     */
    void put(
            Connection transaction,
            long projectId,
            String buildId,
            IndexChoice.Candidate index,
            List<SymbolFiles.Stored> of,
            @Nullable Instant changed)
            throws SQLException {
        var summary = index.summary();
        var file = index.main().stream()
                .filter(part -> part.role() != FileRole.IMAGE)
                .findFirst()
                .orElseGet(() -> index.main().getFirst());
        var time = changed == null ? null : changed.atOffset(ZoneOffset.UTC);
        try (var insert = transaction.prepareStatement(ADD)) {
            insert.setLong(1, projectId);
            insert.setString(2, buildId);
            insert.setString(3, file.sha256());
            insert.setLong(4, file.size());
            insert.setString(5, file.fileName());
            insert.setString(6, said(of, SymbolFiles.Stored::software));
            insert.setString(7, said(of, SymbolFiles.Stored::version));
            insert.setString(8, summary.architecture());
            insert.setString(9, summary.state().label());
            insert.setString(10, summary.reason());
            insert.setString(11, qualities.write(Quality.of(summary)));
            insert.setString(12, qualities.writeFiles(index.files()));
            insert.setString(13, index.files().key());
            insert.setObject(14, time);
            insert.setObject(15, time);
            insert.executeUpdate();
        }
    }

    /** What the newest file that says it says. */
    private static @Nullable String said(
            List<SymbolFiles.Stored> files, Function<SymbolFiles.Stored, @Nullable String> what) {
        for (var file : files) {
            String text = what.apply(file);
            if (text != null) {
                return text;
            }
        }
        return null;
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
                row.getInt("missing"),
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
