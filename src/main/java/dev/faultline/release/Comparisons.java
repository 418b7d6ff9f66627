package dev.faultline.release;

import dev.faultline.fleet.Containment;
import dev.faultline.fleet.Releases;
import dev.faultline.http.Problem;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Compares releases. */
@Singleton
public class Comparisons {
    private final DataSource database;
    private final Releases releases;

    Comparisons(DataSource database, Releases releases) {
        this.database = database;
        this.releases = releases;
    }

    /** Compares two releases of a software type; one that nobody has seen or registered is a 404 problem. */
    public Comparison of(long projectId, String software, String baseline, String candidate) {
        Releases.Found before = release(projectId, software, baseline);
        Releases.Found after = release(projectId, software, candidate);
        if (before.id() == after.id()) {
            throw Problem.badRequest("same-release", "baseline and candidate are both %s", baseline);
        }
        try (var connection = database.getConnection()) {
            ReleaseCounts counts = ReleaseCounts.read(connection, before.id(), after.id());
            return new Comparing(counts)
                    .of(
                            software,
                            baseline,
                            candidate,
                            Containment.of(connection, projectId, software, candidate, baseline));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot compare " + baseline + " with " + candidate, e);
        }
    }

    private Releases.Found release(long projectId, String software, String version) {
        return releases.find(projectId, software, version).orElseThrow(() -> Releases.notFound(software, version));
    }
}
