package dev.faultline.symbolfile;

import dev.faultline.symbols.store.FileRole;
import dev.faultline.symbols.store.Want;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored files of a project by what they are among others, and the builds whose index is to be built because of
 * them. All in the caller's transaction.
 */
@ApplicationScoped
class SymbolFiles {
    private static final String COLUMNS =
            "select f.id, f.sha256, f.size, f.file_name, f.software, f.version, f.role from symbol_file f ";

    private static final String ADD = """
            insert into symbol_file (project_id, sha256, size, file_name, software, version, role, build_id, uploaded_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (project_id, sha256) do nothing
            returning id
            """;

    /** Builds of which a file wants what this one is. */
    private static final String WANTED_BY = """
            select distinct o.build_id
            from symbol_key k
                join symbol_want w on w.project_id = k.project_id and w.key = k.key
                join symbol_file o on o.id = w.file_id
            where k.file_id = ? and o.build_id is not null
                and (w.role = ? or ? = 'dwp' and w.role = 'dwo' or ? = 'whole' and w.role in ('image', 'debug-file'))
            order by o.build_id
            """;

    private static final String DUE = """
            insert into index_due (project_id, build_id, run_at) values (?, ?, ?)
            on conflict (project_id, build_id) do update
            set change = index_due.change + 1, attempts = 0, run_at = excluded.run_at
            """;

    /** What is here of that which some files want; the newest of each comes first. */
    private static final String PROVIDERS = """
            select f.id, f.sha256, f.size, f.file_name, f.software, f.version, f.role, count(distinct w.key) as units
            from symbol_want w
                join symbol_key k on k.project_id = w.project_id and k.key = w.key
                join symbol_file f on f.id = k.file_id
            where w.file_id = any (?) and not (f.id = any (?))
                and (w.role = f.role or f.role = 'dwp' and w.role = 'dwo')
            group by f.id
            order by units desc, f.id desc
            """;

    /** The split units that each of some files has of those that are wanted. */
    private static final String UNITS = """
            select distinct on (k.key) k.file_id, k.key
            from symbol_want w
                join symbol_key k on k.project_id = w.project_id and k.key = w.key
                join symbol_file f on f.id = k.file_id
            where w.file_id = any (?) and w.role = 'dwo' and f.role = 'dwo'
                and not exists (select from symbol_key p where p.file_id = ? and p.key = k.key)
            order by k.key, k.file_id desc
            """;

    private static final String WANTS = """
            select distinct on (w.file_id, w.place) w.role, w.key, w.name, w.directory, exists (
                select from symbol_key k join symbol_file f on f.id = k.file_id
                where k.project_id = w.project_id and k.key = w.key
                    and (w.role = f.role or f.role = 'dwp' and w.role = 'dwo'
                        or f.role = 'whole' and w.role in ('image', 'debug-file'))) as present
            from symbol_want w join symbol_file o on o.id = w.file_id
            where o.project_id = ? and o.sha256 = any (?)
            order by w.file_id, w.place
            limit ?
            """;

    /** A stored file. */
    record Stored(
            long id,
            String sha256,
            long size,
            @Nullable String fileName,
            @Nullable String software,
            @Nullable String version,
            @Nullable FileRole role) {}

    /** The builds of files whose SHA-256 begins so, one for each file; more than two are as good as two. */
    List<String> beginning(Connection connection, long projectId, String prefix) throws SQLException {
        try (var select = connection.prepareStatement("select build_id from symbol_file where project_id = ?"
                + " and build_id is not null and sha256 like ? order by sha256 limit 2")) {
            select.setLong(1, projectId);
            // hexadecimal digits, which no pattern has another meaning for
            select.setString(2, prefix + "%");
            var builds = new ArrayList<String>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    builds.add(row.getString(1));
                }
            }
            return builds;
        }
    }

    /** A file that came in. */
    record NewFile(
            long projectId,
            String sha256,
            long size,
            @Nullable String fileName,
            @Nullable String software,
            @Nullable String version,
            SymbolFacts facts) {}

    /**
     * What adding a file did.
     *
     * @param added whether it was not here before
     * @param builds whose index it is, or may become, a part of
     */
    record Added(boolean added, List<String> builds) {
        Added {
            builds = List.copyOf(builds);
        }
    }

    /**
     * Adds a file, and has the indexes built that it is of; nothing is to be built where it was here before.
     *
     * @param newBytes whether its bytes were not, so that no index has them even if its row was
     * @param now when an index is built that nobody came to build
     */
    Added add(Connection transaction, NewFile file, boolean newBytes, Instant now) throws SQLException {
        // one after the other: who comes with a file, and who comes with another one that wants it, must see each other
        try (var lock = transaction.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "symbol files " + file.projectId());
            lock.executeQuery().close();
        }
        var id = insert(transaction, file, now);
        if (id.isPresent()) {
            link(transaction, id.get(), file.projectId(), file.facts());
        }
        long known = id.isPresent() ? id.get() : known(transaction, file);
        var builds = new ArrayList<>(wantedBy(transaction, known, file.facts().role()));
        String own = file.facts().buildId();
        if (own != null && !builds.contains(own)) {
            builds.add(own);
        }
        if (id.isPresent() || newBytes) {
            due(transaction, file.projectId(), builds, now);
        }
        return new Added(id.isPresent(), builds);
    }

    private long known(Connection transaction, NewFile file) throws SQLException {
        return find(transaction, file.projectId(), file.sha256()).orElseThrow().id();
    }

    private static Optional<Long> insert(Connection transaction, NewFile file, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(ADD)) {
            insert.setLong(1, file.projectId());
            insert.setString(2, file.sha256());
            insert.setLong(3, file.size());
            insert.setString(4, file.fileName());
            insert.setString(5, file.software());
            insert.setString(6, file.version());
            insert.setString(7, file.facts().role().label());
            insert.setString(8, file.facts().buildId());
            insert.setObject(9, now.atOffset(ZoneOffset.UTC));
            try (var row = insert.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static void link(Connection transaction, long file, long projectId, SymbolFacts facts) throws SQLException {
        try (var insert = transaction.prepareStatement(
                "insert into symbol_key (file_id, project_id, key) values (?, ?, ?) on conflict do nothing")) {
            for (String key : facts.keys()) {
                insert.setLong(1, file);
                insert.setLong(2, projectId);
                insert.setString(3, key);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var insert = transaction.prepareStatement(
                "insert into symbol_want (file_id, place, project_id, role, key, name, directory)"
                        + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing")) {
            for (int place = 0; place < facts.wants().size(); place++) {
                Want want = facts.wants().get(place);
                insert.setLong(1, file);
                insert.setInt(2, place);
                insert.setLong(3, projectId);
                insert.setString(4, want.role().label());
                insert.setString(5, want.key());
                insert.setString(6, want.name());
                insert.setString(7, want.directory());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<String> wantedBy(Connection transaction, long file, FileRole role) throws SQLException {
        try (var select = transaction.prepareStatement(WANTED_BY)) {
            select.setLong(1, file);
            select.setString(2, role.label());
            select.setString(3, role.label());
            select.setString(4, role.label());
            return strings(select);
        }
    }

    private static void due(Connection transaction, long projectId, Collection<String> builds, Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(DUE)) {
            for (String build : builds) {
                insert.setLong(1, projectId);
                insert.setString(2, build);
                insert.setObject(3, now.atOffset(ZoneOffset.UTC));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    Optional<Stored> find(Connection connection, long projectId, String sha256) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where f.project_id = ? and f.sha256 = ?")) {
            select.setLong(1, projectId);
            select.setString(2, sha256);
            return stored(select).stream().findFirst();
        }
    }

    /** Some files, in the order in which they came. */
    List<Stored> all(Connection connection, long projectId, Collection<String> sha256s) throws SQLException {
        try (var select =
                connection.prepareStatement(COLUMNS + "where f.project_id = ? and f.sha256 = any (?) order by f.id")) {
            select.setLong(1, projectId);
            select.setArray(2, connection.createArrayOf("text", sha256s.toArray()));
            return stored(select);
        }
    }

    /** The images and debug files of a build, newest first. */
    List<Stored> main(Connection connection, long projectId, String buildId) throws SQLException {
        try (var select =
                connection.prepareStatement(COLUMNS + "where f.project_id = ? and f.build_id = ? order by f.id desc")) {
            select.setLong(1, projectId);
            select.setString(2, buildId);
            return stored(select);
        }
    }

    /** Says of a file that came before roles were kept what it is. */
    void describe(Connection transaction, long projectId, Stored file, SymbolFacts facts) throws SQLException {
        try (var update = transaction.prepareStatement("update symbol_file set role = ? where id = ?")) {
            update.setString(1, facts.role().label());
            update.setLong(2, file.id());
            update.executeUpdate();
        }
        link(transaction, file.id(), projectId, facts);
    }

    /** What is here of that which some files want: those of most units first, and of equal ones the newest. */
    List<Stored> wanted(Connection connection, List<Stored> by) throws SQLException {
        try (var select = connection.prepareStatement(PROVIDERS)) {
            var ids = ids(connection, by);
            select.setArray(1, ids);
            select.setArray(2, ids);
            return stored(select);
        }
    }

    /** The ids of the newest files that have split units which some files want and a package does not have. */
    List<Long> splits(Connection connection, List<Stored> by, @Nullable Stored splitPackage) throws SQLException {
        try (var select = connection.prepareStatement(UNITS)) {
            select.setArray(1, ids(connection, by));
            select.setLong(2, splitPackage == null ? 0 : splitPackage.id());
            var files = new ArrayList<Long>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    files.add(row.getLong("file_id"));
                }
            }
            return files.stream().distinct().toList();
        }
    }

    /**
     * A file that another one refers to.
     *
     * @param present whether it is here
     */
    record Wanted(Want want, boolean present) {}

    /** What files want, in their order; at most {@code limit}. */
    List<Wanted> wants(Connection connection, long projectId, Collection<String> sha256s, int limit)
            throws SQLException {
        try (var select = connection.prepareStatement(WANTS)) {
            select.setLong(1, projectId);
            select.setArray(2, connection.createArrayOf("text", sha256s.toArray()));
            select.setInt(3, limit);
            var wants = new ArrayList<Wanted>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    var want = new Want(
                            FileRole.of(row.getString("role")),
                            row.getString("key"),
                            row.getString("name"),
                            row.getString("directory"));
                    wants.add(new Wanted(want, row.getBoolean("present")));
                }
            }
            return wants;
        }
    }

    void delete(Connection transaction, Stored file) throws SQLException {
        try (var delete = transaction.prepareStatement("delete from symbol_file where id = ?")) {
            delete.setLong(1, file.id());
            delete.executeUpdate();
        }
    }

    private static java.sql.Array ids(Connection connection, List<Stored> files) throws SQLException {
        return connection.createArrayOf("bigint", files.stream().map(Stored::id).toArray());
    }

    private static List<Stored> stored(PreparedStatement select) throws SQLException {
        var files = new ArrayList<Stored>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                files.add(stored(row));
            }
        }
        return files;
    }

    private static Stored stored(ResultSet row) throws SQLException {
        String role = row.getString("role");
        return new Stored(
                row.getLong("id"),
                row.getString("sha256"),
                row.getLong("size"),
                row.getString("file_name"),
                row.getString("software"),
                row.getString("version"),
                role == null ? null : FileRole.of(role));
    }

    private static List<String> strings(PreparedStatement select) throws SQLException {
        var strings = new ArrayList<String>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                strings.add(row.getString(1));
            }
        }
        return strings;
    }
}
