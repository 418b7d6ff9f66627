package dev.faultline.access;

import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The projects, by name. */
@ApplicationScoped
public class Projects {
    /** It stands in paths, so nothing that needs escaping there. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Sql sql;
    private final Audit audit;

    Projects(Sql sql, Audit audit) {
        this.sql = sql;
        this.audit = audit;
    }

    /** The project of that name; a 404 problem if there is none. */
    public Project named(String name) {
        return find(name).orElseThrow(() -> Problem.notFound("project-not-found", "No project has the name %s", name));
    }

    /** Projects whose name is behind {@code after}, by name. */
    List<Project> after(String after, int limit) {
        return sql.list(
                "select id, name from project where name collate \"C\" > ? order by name collate \"C\" limit ?",
                row -> new Project(row.getLong("id"), row.getString("name")),
                after,
                limit);
    }

    /** A new project; a 409 problem if the name is taken. */
    @Transactional
    Project create(String name, Caller creator, Instant now, String address) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.badRequest(
                    "bad-project-name",
                    "name is \"%s\"; wanted 1 to 63 of a-z, 0-9 and -, the first not -",
                    Texts.shown(name));
        }
        Project project = sql.first("""
                        insert into project (name, created_at) values (?, ?)
                        on conflict (name) do nothing
                        returning id
                        """, row -> new Project(row.getLong("id"), name), name, now)
                .orElseThrow(() -> Problem.of(409, "project-exists", "A project has the name %s already", name));
        audit.record(now, creator.getName(), "project-created", name, address);
        return project;
    }

    private Optional<Project> find(String name) {
        return sql.first("select id from project where name = ?", row -> new Project(row.getLong("id"), name), name);
    }
}
