package dev.faultline.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.crash.Crashes;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rules of the projects. */
@ApplicationScoped
public class Rules {
    private static final String SAVE = """
            insert into project_rules (project_id, version, rules, changed_at, changed_by)
            select ?, 1, ?::jsonb, ?, ? where ? = 0
            on conflict do nothing
            """;

    private static final String REPLACE = """
            update project_rules set version = version + 1, rules = ?::jsonb, changed_at = ?, changed_by = ?
            where project_id = ? and version = ?
            """;

    private final DataSource database;
    private final ObjectMapper json;
    private final Audit audit;
    private final Crashes crashes;
    private final Fingerprinter fingerprinter;

    Rules(DataSource database, ObjectMapper json, Audit audit, Crashes crashes, Fingerprinter fingerprinter) {
        this.database = database;
        this.json = json;
        this.audit = audit;
        this.crashes = crashes;
        this.fingerprinter = fingerprinter;
    }

    /** The rules of a project; {@link ProjectRules#NONE} where it never had any. */
    public ProjectRules of(long projectId) {
        try (Connection connection = database.getConnection();
                var select =
                        connection.prepareStatement("select version, rules from project_rules where project_id = ?")) {
            select.setLong(1, projectId);
            try (var row = select.executeQuery()) {
                return row.next() ? new ProjectRules(row.getInt(1), read(row.getString(2))) : ProjectRules.NONE;
            }
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
    public ProjectRules save(
            Project project, ProjectRules wanted, String actor, @Nullable String address, Instant now) {
        if (write(project.id(), wanted, actor, now) == 0) {
            throw Problem.of(
                    409,
                    "rules-changed",
                    "The rules are at version %d by now, not %d; look at them again",
                    of(project.id()).version(),
                    wanted.version());
        }
        audit.record(
                now,
                actor,
                "rules-changed",
                "%s: %d rules, version %d"
                        .formatted(project.name(), wanted.rules().size(), wanted.version() + 1),
                address);
        return new ProjectRules(wanted.version() + 1, wanted.rules());
    }

    private int write(long projectId, ProjectRules wanted, String actor, Instant now) {
        try (Connection connection = database.getConnection();
                var insert = connection.prepareStatement(SAVE);
                var update = connection.prepareStatement(REPLACE)) {
            String rules = text(wanted.rules());
            if (wanted.version() == 0) {
                insert.setLong(1, projectId);
                insert.setString(2, rules);
                insert.setTimestamp(3, Timestamp.from(now));
                insert.setString(4, actor);
                insert.setInt(5, wanted.version());
                return insert.executeUpdate();
            }
            update.setString(1, rules);
            update.setTimestamp(2, Timestamp.from(now));
            update.setString(3, actor);
            update.setLong(4, projectId);
            update.setInt(5, wanted.version());
            return update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not take it: " + e.getMessage(), e);
        }
    }

    /** What other rules would make of the last crashes; nothing is changed. */
    public RulesPreview preview(Project project, List<ProjectRules.Rule> wanted, int mostCrashes) {
        ProjectRules before = of(project.id());
        var preview = new Previewing(fingerprinter, before, new ProjectRules(before.version(), wanted));
        crashes.eachReport(project.id(), mostCrashes, preview::look);
        return preview.result();
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
