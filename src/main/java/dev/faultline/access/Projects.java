package dev.faultline.access;

import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The projects, by name. */
@ApplicationScoped
public class Projects {
    private final DataSource database;

    Projects(DataSource database) {
        this.database = database;
    }

    /** The project of that name; a 404 problem if there is none. */
    public Project named(String name) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement("select id from project where name = ?")) {
            query.setString(1, name);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    throw Problem.notFound("project-not-found", "No project has the name %s", name);
                }
                return new Project(row.getLong(1), name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read projects", e);
        }
    }
}
