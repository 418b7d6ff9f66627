package dev.faultline.fleet;

import dev.faultline.access.Actor;
import dev.faultline.access.Texts;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One registration, checked. What CI said once is not said differently: the order would flip, and with it what was decided by
 * it. What was left out can be said later.
 */
record Registering(
        String software,
        String version,
        @Nullable String branch,
        List<String> parents,
        @Nullable String commit,
        Set<String> contains) {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** One after the other within a software type, so that no two of them close a circle together. */
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended(?, ?))";

    private static final String KNOWN = """
            select id, branch, parents, commit_id, array(select commit_id from release_commit where release_id = release.id)
            from release where project_id = ? and software = ? and version = ? for update
            """;

    private static final String ABOVE = """
            with recursive above (version) as (
                select unnest(?)
                union
                select p from above a
                join release r on r.project_id = ? and r.software = ? and r.version = a.version, unnest(r.parents) p
            )
            select exists (select from above where version = ?)
            """;

    private static final String INSERT = """
            insert into release (registered_at, branch, parents, commit_id, project_id, software, version)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (project_id, software, version) do nothing returning id
            """;

    private static final String UPDATE = """
            update release set registered_at = coalesce(registered_at, ?), branch = coalesce(branch, ?),
                parents = case when parents = '{}' then ? else parents end, commit_id = coalesce(commit_id, ?),
                deleted_at = null
            where id = ?
            """;

    private static final String CONTAINS =
            "insert into release_commit (release_id, commit_id) select ?, unnest(?) on conflict do nothing";

    Registering {
        parents = List.copyOf(parents);
        contains = Set.copyOf(contains);
    }

    static Registering of(Registration registration) {
        String software = required("software", registration.software());
        String version = required("version", registration.version());
        return new Registering(
                software,
                version,
                bounded("branch", registration.branch()),
                parents(version, registration),
                bounded("commit", registration.commit()),
                commits(registration.contains() == null ? List.of() : registration.contains()));
    }

    private static List<String> parents(String version, Registration registration) {
        List<@Nullable String> named = new ArrayList<>();
        if (registration.parent() != null && !registration.parent().isBlank()) {
            named.add(registration.parent());
        }
        if (registration.parents() != null) {
            named.addAll(registration.parents());
        }
        if (named.size() > Releases.MOST_PARENTS) {
            throw Problem.badRequest(
                    "too-many-parents",
                    "parents has %d versions, at most %d are allowed",
                    named.size(),
                    Releases.MOST_PARENTS);
        }
        Set<String> parents = new LinkedHashSet<>();
        for (String name : named) {
            String parent = required("parents", name);
            if (parent.equals(version)) {
                throw Problem.badRequest("own-parent", "%s can not be made from itself", Texts.shown(version));
            }
            parents.add(parent);
        }
        return List.copyOf(parents);
    }

    private static Set<String> commits(List<@Nullable String> named) {
        if (named.size() > Releases.MOST_COMMITS) {
            throw Problem.badRequest(
                    "too-many-commits",
                    "contains has %d commits, at most %d are allowed: list those since the parent",
                    named.size(),
                    Releases.MOST_COMMITS);
        }
        Set<String> commits = new TreeSet<>();
        for (String name : named) {
            String commit = String.valueOf(name).strip().toLowerCase(Locale.ROOT);
            if (!COMMIT.matcher(commit).matches()) {
                throw Problem.badRequest(
                        "bad-commit",
                        "contains: found \"%s\", wanted a commit of 7 to 64 hexadecimal digits",
                        Texts.shown(commit));
            }
            commits.add(commit);
        }
        return commits;
    }

    private static final String CORRECT = """
            with before as (select id, parents from release where id = ?),
            kept as (
                insert into release_correction (release_id, revision, parents, corrected_at, corrected_by, because)
                select r.id, r.revision + 1, b.parents, ?, ?, ? from release r join before b on b.id = r.id
            )
            update release set parents = ?, revision = revision + 1 where id = ?
            """;

    private static final String REGISTERED = """
            select id from release where project_id = ? and software = ? and version = ? and registered_at is not null for update
            """;

    /** What stands in place of the parents that were registered. */
    static Registering correcting(String software, String version, @Nullable List<@Nullable String> parents) {
        if (parents == null) {
            throw Problem.badRequest("member-missing", "parents is missing: all of them, or [] for none");
        }
        return of(new Registration(version, software, null, null, parents, null, null));
    }

    /** Writes what corrects the parents, and what they were; a 404 problem where nobody registered the release. */
    void correct(Connection transaction, long projectId, String because, Actor actor) throws SQLException {
        try (var lock = Fragment.prepare(transaction, LOCK, List.of("release " + software, projectId))) {
            lock.execute();
        }
        noCircle(transaction, projectId);
        List<Long> id = Rows.ids(transaction, REGISTERED, List.of(projectId, software, version));
        if (id.isEmpty()) {
            throw Problem.notFound("release-not-found", "Nobody registered %s of %s: register it", version, software);
        }
        Fragment.update(
                transaction,
                CORRECT,
                id.getFirst(),
                actor.now(),
                actor.name(),
                because,
                parents.toArray(String[]::new),
                id.getFirst());
        ReleaseNews.about(transaction, projectId, software);
    }

    private record Known(
            long id,
            @Nullable String branch,
            List<String> parents,
            @Nullable String commit,
            Set<String> contains) {}

    /** Writes it; whether the release was unknown until now. */
    boolean write(Connection transaction, long projectId, Instant now) throws SQLException {
        try (var lock = Fragment.prepare(transaction, LOCK, List.of("release " + software, projectId))) {
            lock.execute();
        }
        noCircle(transaction, projectId);
        Long inserted = insert(transaction, projectId, now);
        if (inserted == null) {
            update(transaction, known(transaction, projectId), now);
        } else {
            contains(transaction, inserted);
        }
        ReleaseNews.about(transaction, projectId, software);
        return inserted != null;
    }

    private void noCircle(Connection transaction, long projectId) throws SQLException {
        if (parents.isEmpty()) {
            return;
        }
        List<Object> values = List.of(parents.toArray(String[]::new), projectId, software, version);
        try (var query = Fragment.prepare(transaction, ABOVE, values);
                var row = query.executeQuery()) {
            row.next();
            if (row.getBoolean(1)) {
                throw Problem.of(
                        409,
                        "release-circle",
                        "%s can not be made from %s, which was made from it",
                        version,
                        String.join(" and ", parents));
            }
        }
    }

    private @Nullable Long insert(Connection transaction, long projectId, Instant now) throws SQLException {
        List<@Nullable Object> values =
                Arrays.asList(now, branch, parents.toArray(String[]::new), commit, projectId, software, version);
        try (var insert = Fragment.prepare(transaction, INSERT, values);
                var row = insert.executeQuery()) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    private Known known(Connection transaction, long projectId) throws SQLException {
        try (var query = Fragment.prepare(transaction, KNOWN, List.of(projectId, software, version));
                var row = query.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("release " + software + " " + version + " is neither new nor known");
            }
            return new Known(
                    row.getLong(1), row.getString(2), texts(row, 3), row.getString(4), Set.copyOf(texts(row, 5)));
        }
    }

    private void update(Connection transaction, Known known, Instant now) throws SQLException {
        unchanged("branch", known.branch(), branch);
        unchanged("commit", known.commit(), commit);
        if (!parents.isEmpty()
                && !known.parents().isEmpty()
                && !Set.copyOf(parents).equals(Set.copyOf(known.parents()))) {
            throw changed("parents", String.join(", ", known.parents()));
        }
        if (!contains.isEmpty() && !known.contains().isEmpty() && !contains.equals(known.contains())) {
            throw changed("contains", known.contains().size() + " other commits");
        }
        List<@Nullable Object> values = Arrays.asList(now, branch, parents.toArray(String[]::new), commit, known.id());
        try (var update = Fragment.prepare(transaction, UPDATE, values)) {
            update.executeUpdate();
        }
        contains(transaction, known.id());
    }

    private void unchanged(String member, @Nullable String known, @Nullable String wanted) {
        if (known != null && wanted != null && !known.equals(wanted)) {
            throw changed(member, known);
        }
    }

    private Problem changed(String member, String known) {
        return Problem.of(
                409,
                "release-registered",
                "%s of %s was registered with %s %s, which stays: what was decided by it would flip",
                version,
                software,
                member,
                known);
    }

    private void contains(Connection transaction, long id) throws SQLException {
        if (!contains.isEmpty()) {
            Fragment.update(transaction, CONTAINS, id, contains.toArray(String[]::new));
        }
    }

    /** The texts of an array. */
    static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    private static String required(String member, @Nullable String text) {
        String bounded = bounded(member, text);
        if (bounded == null) {
            throw Problem.badRequest("member-missing", "%s is missing", member);
        }
        return bounded;
    }

    static @Nullable String bounded(String member, @Nullable String text) {
        return text == null || text.isBlank() ? null : Texts.line(member, text, Fleet.NAME_LENGTH);
    }
}
