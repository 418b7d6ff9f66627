package dev.faultline.view;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterField;
import dev.faultline.cluster.ClusterSort;
import dev.faultline.http.Problem;
import dev.faultline.search.SearchQuery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The saved views of the projects. */
@ApplicationScoped
public class SavedViews {
    /** Views of a project. */
    public static final int MOST = 100;

    /** Longest name, in characters. */
    public static final int NAME_LENGTH = 80;

    private static final String LIST = """
            select id, name, query, sort, created_at, created_by from saved_view
            where project_id = ? order by lower(name), id limit ?
            """;

    private static final String SAVE = """
            insert into saved_view (project_id, name, query, sort, created_at, created_by)
            select ?, ?, ?, ?, ?, ? where (select count(*) from saved_view where project_id = ?) < ?
            on conflict (project_id, name) do nothing
            returning id, name, query, sort, created_at, created_by
            """;

    private static final String DELETE = "delete from saved_view where project_id = ? and id = ? returning name";

    private final DataSource database;
    private final Audit audit;

    SavedViews(DataSource database, Audit audit) {
        this.database = database;
        this.audit = audit;
    }

    /** By name. */
    public List<SavedView> of(long projectId) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(LIST)) {
            query.setLong(1, projectId);
            query.setInt(2, MOST);
            try (var row = query.executeQuery()) {
                List<SavedView> views = new ArrayList<>();
                while (row.next()) {
                    views.add(view(row));
                }
                return List.copyOf(views);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not answer: " + e.getMessage(), e);
        }
    }

    /** Saves a view under a name that is free. */
    @Transactional
    public SavedView save(
            Project project, @Nullable String name, @Nullable String query, @Nullable String sort, Actor actor) {
        String known = named(name);
        String text = query == null ? "" : query.strip();
        ClusterSort order = sort == null || sort.isEmpty() ? ClusterSort.IMPACT : ClusterSort.parse(sort);
        SearchQuery.asked(text, List.of(ClusterField.values()));
        SavedView saved = insert(project, known, text, order, actor);
        audit.record(actor.now(), actor.name(), "view-saved", project.name() + ": " + known, actor.address());
        return saved;
    }

    private static String named(@Nullable String name) {
        String known = name == null ? "" : name.strip();
        if (known.isEmpty() || known.length() > NAME_LENGTH || known.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest(
                    "bad-name",
                    "name: found %d characters, wanted 1 to %d and no control characters",
                    known.length(),
                    NAME_LENGTH);
        }
        return known;
    }

    private SavedView insert(Project project, String name, String query, ClusterSort sort, Actor actor) {
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement(SAVE)) {
            insert.setLong(1, project.id());
            insert.setString(2, name);
            insert.setString(3, query);
            insert.setString(4, sort.parameter());
            insert.setTimestamp(5, Timestamp.from(actor.now()));
            insert.setString(6, actor.name());
            insert.setLong(7, project.id());
            insert.setInt(8, MOST);
            try (var row = insert.executeQuery()) {
                if (!row.next()) {
                    throw Problem.of(
                            409,
                            "view-exists",
                            "There is a view of the name %s already, or there are %d views, which is the most",
                            name,
                            MOST);
                }
                return view(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not take it: " + e.getMessage(), e);
        }
    }

    /** Deletes a view. */
    @Transactional
    public void delete(Project project, long id, Actor actor) {
        try (var connection = database.getConnection();
                var delete = connection.prepareStatement(DELETE)) {
            delete.setLong(1, project.id());
            delete.setLong(2, id);
            try (var row = delete.executeQuery()) {
                if (!row.next()) {
                    throw Problem.notFound("view-not-found", "No view has the id %d", id);
                }
                audit.record(
                        actor.now(),
                        actor.name(),
                        "view-deleted",
                        project.name() + ": " + row.getString(1),
                        actor.address());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not take it: " + e.getMessage(), e);
        }
    }

    private static SavedView view(ResultSet row) throws SQLException {
        return new SavedView(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6));
    }
}
