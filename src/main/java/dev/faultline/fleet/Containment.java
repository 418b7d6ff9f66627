package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a release has what another one has, a fix for example, and what decided that. The graph that CI registered is asked
 * first; where it says nothing, the declared scheme of versions, and only within one branch: a larger number may be of an
 * older line, and a later date of a backport.
 *
 * @param because what was found, in words
 */
public record Containment(Answer answer, Rule rule, String because) {

    /** Whether it contains it. */
    public enum Answer {
        YES,
        NO,
        UNKNOWN;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What decided. */
    public enum Rule {
        /** It is the same release. */
        SAME,
        /** The parents that CI registered. */
        PARENTS,
        /** The commit that the other one was built of. */
        COMMIT,
        /** The order that the declared scheme gives the versions of one branch. */
        SCHEME,
        /** Nothing that CI or somebody else said. */
        NONE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Both releases with all that they were made from, as far as it was registered; each comes once, so that a circle ends.
     *
     * <p>Nobody can register later that the one has the other as ancestor where every line of the one ends in something that
     * the other was made from: it would close a circle. Only then the graph says no; an end that is not an ancestor of the
     * other may go on behind what was registered so far.
     */
    private static final String GRAPH = """
            with recursive descent (start, id, version, parents, commit_id, revision) as (
                select r.version, r.id, r.version, r.parents, r.commit_id, r.revision from release r
                where r.project_id = ? and r.software = ? and r.version in (?, ?) and r.registered_at is not null
                union
                select d.start, r.id, r.version, r.parents, r.commit_id, r.revision from descent d
                join release r on r.project_id = ? and r.software = ? and r.version = any (d.parents)
                    and r.registered_at is not null
            ), its as (select * from descent where start = ?
            ), others as (select * from descent where start = ?
            ), ends as (
                select version from its where parents = '{}'
                union
                select p from its, unnest(parents) p where p not in (select version from its)
            ), named as (
                select version from others
                union
                select p from others, unnest(parents) p
            ), built as (
                select lower(commit_id) as commit_id from others
                where version = start and commit_id ~* '^[0-9a-f]{7,64}$' and commit_id !~ '^0+$'
            )
            select exists (select from its), exists (select from others),
                exists (select from its where version = ?),
                exists (select from its i join built b on b.commit_id = lower(i.commit_id)),
                exists (select from its i join release_commit c on c.release_id = i.id
                    join built b on b.commit_id = c.commit_id),
                exists (select from ends) and not exists (select from ends where version not in (select version from named)),
                (select string_agg(c.version || ' in revision ' || c.revision, ', ' order by c.version)
                    from (select distinct version, revision from descent where revision > 1 order by version limit 5) c)
            """;

    private static final String LINES = """
            select r.branch, o.branch, coalesce(s.scheme, 'none'), coalesce(s.revision, 0)
            from release r
            join release o on o.project_id = r.project_id and o.software = r.software and o.version = ?
            left join lateral (
                select scheme, revision from software_scheme s
                where s.project_id = r.project_id and s.software = r.software order by revision desc limit 1
            ) s on true
            where r.project_id = ? and r.software = ? and r.version = ?
            """;

    /** Whether {@code version} contains {@code other}, two versions of a software type. */
    public static Containment of(Connection connection, long projectId, String software, String version, String other)
            throws SQLException {
        if (version.equals(other)) {
            return new Containment(Answer.YES, Rule.SAME, "it is the same release");
        }
        Containment byGraph = byGraph(connection, projectId, software, version, other);
        return byGraph == null ? byScheme(connection, projectId, software, version, other) : byGraph;
    }

    private static @Nullable Containment byGraph(
            Connection connection, long projectId, String software, String version, String other) throws SQLException {
        List<Object> values = List.of(projectId, software, version, other, projectId, software, version, other, other);
        try (var query = Fragment.prepare(connection, GRAPH, values);
                var row = query.executeQuery()) {
            row.next();
            if (!row.getBoolean(1)) {
                return unknown("nobody registered %s", version);
            }
            if (!row.getBoolean(2)) {
                return unknown("nobody registered %s", other);
            }
            String corrected = row.getString(7) == null ? "" : "; corrected: " + row.getString(7);
            if (row.getBoolean(3)) {
                return new Containment(
                        Answer.YES, Rule.PARENTS, "%s was made from %s%s".formatted(version, other, corrected));
            }
            if (row.getBoolean(4)) {
                return new Containment(
                        Answer.YES,
                        Rule.COMMIT,
                        "%s, or what it was made from, was built of the commit of %s%s"
                                .formatted(version, other, corrected));
            }
            if (row.getBoolean(5)) {
                return new Containment(
                        Answer.YES,
                        Rule.COMMIT,
                        "the commit of %s is among those listed for %s or for what it was made from%s"
                                .formatted(other, version, corrected));
            }
            return row.getBoolean(6)
                    ? new Containment(
                            Answer.NO,
                            Rule.PARENTS,
                            "%s is not among what %s was made from%s".formatted(other, version, corrected))
                    : null;
        }
    }

    private static Containment byScheme(
            Connection connection, long projectId, String software, String version, String other) throws SQLException {
        List<Object> values = List.of(other, projectId, software, version);
        try (var query = Fragment.prepare(connection, LINES, values);
                var row = query.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("a registered release is gone: " + software + " " + version);
            }
            return byScheme(row, software, version, other);
        }
    }

    private static Containment byScheme(ResultSet row, String software, String version, String other)
            throws SQLException {
        String branch = row.getString(1);
        if (branch == null || !branch.equals(row.getString(2))) {
            return unknown("%s and %s have no ancestors in common and are not of one branch", version, other);
        }
        VersionScheme scheme = VersionScheme.named(row.getString(3)).orElseThrow();
        if (scheme == VersionScheme.NONE) {
            return unknown(
                    "both are of the branch %s, but no scheme that orders versions of %s is declared",
                    branch, software);
        }
        for (String one : List.of(version, other)) {
            if (!scheme.reads(one)) {
                return unknown("%s is no version by the declared scheme %s", one, scheme.label());
            }
        }
        int order = scheme.compare(version, other);
        String declared = "both are of the branch %s, and by %s (revision %d of the declared scheme) %s"
                .formatted(branch, scheme.label(), row.getInt(4), version);
        if (order == 0) {
            return unknown("%s and %s are equal in order", declared, other);
        }
        return new Containment(
                order > 0 ? Answer.YES : Answer.NO,
                Rule.SCHEME,
                "%s comes %s %s".formatted(declared, order > 0 ? "after" : "before", other));
    }

    @FormatMethod
    private static Containment unknown(@FormatString String format, Object... arguments) {
        return new Containment(Answer.UNKNOWN, Rule.NONE, format.formatted(arguments));
    }
}
