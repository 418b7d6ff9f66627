package dev.faultline.fleet;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The software types of a project and the schemes that order their versions. */
@ApplicationScoped
public class SoftwareTypes {
    private static final int MOST = 500;

    private static final String LIST = """
            select distinct on (t.software) t.software, s.scheme, s.revision, s.set_at, s.set_by
            from (
                select software from release where project_id = ?
                union
                select software from software_scheme where project_id = ?
            ) t
            left join software_scheme s on s.project_id = ? and s.software = t.software
            order by t.software, s.revision desc
            limit ?
            """;

    private static final String REVISIONS = """
            select software, scheme, revision, set_at, set_by from software_scheme
            where project_id = ? and software = ?
            order by revision desc
            limit ?
            """;

    private static final String DECLARE = """
            insert into software_scheme (project_id, software, revision, scheme, set_at, set_by) values (?, ?, ?, ?, ?, ?)
            on conflict (project_id, software, revision) do nothing
            """;

    private final Transactions transactions;

    SoftwareTypes(Transactions transactions) {
        this.transactions = transactions;
    }

    /** All of them, by name. */
    public List<SoftwareType> list(long projectId) {
        return transactions.read(connection -> read(connection, LIST, projectId, projectId, projectId, MOST));
    }

    /** One of them, whether or not anything is known of it. */
    public SoftwareType of(long projectId, String software) {
        return transactions.read(connection -> of(connection, projectId, software));
    }

    static SoftwareType of(Connection connection, long projectId, String software) throws SQLException {
        return read(connection, REVISIONS, projectId, software, 1).stream()
                .findFirst()
                .orElseGet(() -> SoftwareType.undeclared(software));
    }

    /** What was declared of one, the last first. */
    public List<SoftwareType> revisions(long projectId, String software) {
        return transactions.read(connection -> read(connection, REVISIONS, projectId, software, MOST));
    }

    /** Declares how its versions are ordered; the same again changes nothing. */
    public SoftwareType declare(Project project, String software, @Nullable String scheme, Actor actor) {
        String name = Texts.line("software", software, Fleet.NAME_LENGTH);
        VersionScheme declared = VersionScheme.named(String.valueOf(scheme))
                .orElseThrow(() -> Problem.badRequest(
                        "unknown-scheme",
                        "scheme %s is none of semver, date, natural, none",
                        Texts.shown(String.valueOf(scheme))));
        return transactions.durable(transaction -> {
            SoftwareType known = of(transaction, project.id(), name);
            if (known.revision() > 0 && known.scheme() == declared) {
                return known;
            }
            int revision = known.revision() + 1;
            int added = Fragment.update(
                    transaction, DECLARE, project.id(), name, revision, declared.label(), actor.now(), actor.name());
            if (added == 0) {
                throw Problem.of(409, "scheme-changed", "Somebody else declared a scheme of %s just now", name);
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "scheme-declared",
                    "%s: versions of %s are ordered by %s, by %s before"
                            .formatted(
                                    project.name(),
                                    name,
                                    declared.label(),
                                    known.scheme().label()),
                    actor.address());
            ReleaseNews.about(transaction, project.id(), name);
            return new SoftwareType(name, declared, revision, actor.now(), actor.name());
        });
    }

    private static List<SoftwareType> read(Connection connection, String sql, Object... values) throws SQLException {
        List<SoftwareType> types = new ArrayList<>();
        try (var query = Fragment.prepare(connection, sql, List.of(values));
                var row = query.executeQuery()) {
            while (row.next()) {
                types.add(type(row));
            }
        }
        return List.copyOf(types);
    }

    private static SoftwareType type(ResultSet row) throws SQLException {
        String scheme = row.getString(2);
        Timestamp at = row.getTimestamp(4);
        return scheme == null
                ? SoftwareType.undeclared(row.getString(1))
                : new SoftwareType(
                        row.getString(1),
                        VersionScheme.named(scheme).orElseThrow(),
                        row.getInt(3),
                        at == null ? null : at.toInstant(),
                        row.getString(5));
    }
}
