package dev.faultline.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rules of the projects. */
@ApplicationScoped
public class Rules {
    private static final String SAVE = """
            insert into project_rules (project_id, version, rules, changed_at, changed_by)
            values (?, 1, ?::jsonb, ?, ?)
            on conflict do nothing
            """;

    private static final String REPLACE = """
            update project_rules set version = version + 1, rules = ?::jsonb, changed_at = ?, changed_by = ?
            where project_id = ? and version = ?
            """;

    /** No rules where the version is the one that the caller has. */
    private static final String CHANGED =
            "select version, case when version <> ? then rules end from project_rules where project_id = ?";

    private final DataSource database;
    private final ObjectMapper json;
    private final Audit audit;
    private final Fingerprinter fingerprinter;

    /** What was read last, by project. */
    private final Map<Long, Ready> ready = new ConcurrentHashMap<>();

    private record Ready(ProjectRules rules, Fingerprinter.ByRules compiled) {}

    Rules(DataSource database, ObjectMapper json, Audit audit, Fingerprinter fingerprinter) {
        this.database = database;
        this.json = json;
        this.audit = audit;
        this.fingerprinter = fingerprinter;
    }

    /** The rules of a project; {@link ProjectRules#NONE} where it never had any. */
    public ProjectRules of(long projectId) {
        return ready(projectId).rules();
    }

    /** The rules of a project as they are now, with their patterns compiled, which is done once for each version. */
    public Fingerprinter.ByRules compiled(long projectId) {
        return ready(projectId).compiled();
    }

    private Ready ready(long projectId) {
        Ready last = ready.computeIfAbsent(
                projectId, _ -> new Ready(ProjectRules.NONE, fingerprinter.by(ProjectRules.NONE)));
        ProjectRules changed = changed(projectId, last.rules().version());
        if (changed == null) {
            return last;
        }
        var now = new Ready(changed, fingerprinter.by(changed));
        ready.put(projectId, now);
        return now;
    }

    private @Nullable ProjectRules changed(long projectId, int since) {
        try (Connection connection = database.getConnection();
                var select = Fragment.prepare(connection, CHANGED, List.of(since, projectId));
                var row = select.executeQuery()) {
            if (!row.next()) {
                return since == ProjectRules.NONE.version() ? null : ProjectRules.NONE;
            }
            String rules = row.getString(2);
            return rules == null ? null : new ProjectRules(row.getInt(1), read(rules));
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not answer: " + e.getMessage(), e);
        }
    }

    /**
     * Replaces the rules of a project, if they still are what the caller saw; else a 409 problem.
     *
     * @param wanted with the version that they replace
     */
    @Transactional
    public ProjectRules save(Project project, ProjectRules wanted, Actor actor) {
        if (write(project.id(), wanted, actor) == 0) {
            throw Problem.of(
                    409,
                    "rules-changed",
                    "The rules are at version %d by now, not %d; look at them again",
                    of(project.id()).version(),
                    wanted.version());
        }
        audit.record(
                actor.now(),
                actor.name(),
                "rules-changed",
                "%s: %d rules, version %d"
                        .formatted(project.name(), wanted.rules().size(), wanted.version() + 1),
                actor.address());
        return new ProjectRules(wanted.version() + 1, wanted.rules());
    }

    private int write(long projectId, ProjectRules wanted, Actor actor) {
        String rules = text(wanted.rules());
        try (Connection connection = database.getConnection()) {
            return wanted.version() == 0
                    ? Fragment.update(connection, SAVE, projectId, rules, actor.now(), actor.name())
                    : Fragment.update(
                            connection, REPLACE, rules, actor.now(), actor.name(), projectId, wanted.version());
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not take it: " + e.getMessage(), e);
        }
    }

    /** The rules of a request's body; a 400 problem says what is wrong with them. */
    public ProjectRules parsed(@Nullable String body) {
        if (body == null || body.isBlank()) {
            throw Problem.badRequest("body-missing", "rules are a JSON body: {\"version\":0,\"rules\":[…]}");
        }
        try {
            return json.readValue(body, ProjectRules.class);
        } catch (JsonProcessingException e) {
            // Jackson's own words name classes; those of the rules say what to do
            String what = e.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null
                    ? cause.getMessage()
                    : e.getOriginalMessage();
            throw Problem.badRequest("bad-rules", "%s", what);
        }
    }

    /** The version of a project's rules, which stays until the end of the transaction. */
    public static int version(Connection transaction, long projectId) throws SQLException {
        try (var select =
                transaction.prepareStatement("select version from project_rules where project_id = ? for share")) {
            select.setLong(1, projectId);
            try (var row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : ProjectRules.NONE.version();
            }
        }
    }

    private List<ProjectRules.Rule> read(String text) {
        try {
            return json.readValue(text, new TypeReference<List<ProjectRules.Rule>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds rules that are none", e);
        }
    }

    private String text(List<ProjectRules.Rule> rules) {
        try {
            return json.writeValueAsString(rules);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rule is made of strings", e);
        }
    }
}
