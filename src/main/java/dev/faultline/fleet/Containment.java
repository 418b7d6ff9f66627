package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether a release has what another one has, a fix for example. Only what CI registered tells: a larger number may be an older
 * line, and a later date a backport.
 */
public enum Containment {
    YES,
    NO,
    UNKNOWN;

    /** Ancestors of both, as far as parents were registered; a version comes once for each, so that a circle ends. */
    private static final String LINEAGE = """
            with recursive descent (start, version, parent) as (
                select r.version, r.version, r.parent from release r
                where r.project_id = ? and r.software = ? and r.version in (?, ?) and r.registered_at is not null
                union
                select d.start, r.version, r.parent from descent d
                join release r on r.project_id = ? and r.software = ? and r.version = d.parent and r.registered_at is not null
            )
            select exists (select from descent where start = ? and version = ?),
                exists (select from descent a join descent b on b.version = a.version where a.start = ? and b.start = ?)
            """;

    /**
     * Whether {@code version} contains {@code fix}: it is the same, or its ancestor. Where both descend from one release and
     * {@code fix} is none of the ancestors, it does not; else nobody knows.
     */
    public static Containment of(Connection connection, long projectId, String software, String version, String fix)
            throws SQLException {
        if (version.equals(fix)) {
            return YES;
        }
        List<Object> values =
                List.of(projectId, software, version, fix, projectId, software, version, fix, version, fix);
        try (var query = Fragment.prepare(connection, LINEAGE, values);
                var row = query.executeQuery()) {
            row.next();
            boolean ancestor = row.getBoolean(1);
            boolean related = row.getBoolean(2);
            return ancestor ? YES : related ? NO : UNKNOWN;
        }
    }
}
