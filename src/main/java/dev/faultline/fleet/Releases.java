package dev.faultline.fleet;

import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The releases of a project: what CI registered, and what crashes brought along. */
@Singleton
public class Releases {
    private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");

    private static final String REGISTER = """
            insert into release (project_id, software, version, registered_at, branch, parent, commit_id)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (project_id, software, version) do update set
                registered_at = coalesce(release.registered_at, excluded.registered_at),
                branch = coalesce(excluded.branch, release.branch),
                parent = coalesce(excluded.parent, release.parent),
                commit_id = coalesce(excluded.commit_id, release.commit_id)
            returning xmax = 0
            """;

    /** By id, the order in which they became known: it never changes, as the time of the first crash may. */
    private static final String LIST = """
            select r.software, r.version, r.branch, r.parent, r.commit_id, r.registered_at, r.first_seen,
                coalesce((select sum(crashes) from variant_day where release_id = r.id), 0),
                (select count(distinct device_id) from variant_device where release_id = r.id), r.id
            from release r
            where r.project_id = ? and (?::text is null or r.software = ?) and (?::text is null or r.version = ?)
                and (?::bigint is null or r.id < ?)
            order by r.id desc
            limit ?
            """;

    private static final String SOFTWARE =
            "select distinct software from release where project_id = ? order by software limit 500";

    private final DataSource database;

    Releases(DataSource database) {
        this.database = database;
    }

    /**
     * Registers a release, or adds to what is known of it.
     *
     * @return whether it was unknown until now
     */
    public boolean register(long projectId, Registration registration, Instant now) {
        String version = required("version", registration.version());
        String software = required("software", registration.software());
        try (var connection = database.getConnection();
                var upsert = connection.prepareStatement(REGISTER)) {
            upsert.setLong(1, projectId);
            upsert.setString(2, software);
            upsert.setString(3, version);
            upsert.setTimestamp(4, Timestamp.from(now));
            upsert.setString(5, bounded("branch", registration.branch()));
            upsert.setString(6, bounded("parent", registration.parent()));
            upsert.setString(7, bounded("commit", registration.commit()));
            try (var row = upsert.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot register release " + version, e);
        }
    }

    /** The releases, those that became known last first. */
    public Page<Release> list(long projectId, @Nullable String software, int limit, @Nullable String after) {
        if (after != null && !CURSOR.matcher(after).matches()) {
            throw Problem.badRequest("unknown-page", "after is not the next of a page of releases");
        }
        Long before = after == null ? null : Long.valueOf(after);
        int most = Math.clamp(limit, 1, Page.MOST);
        List<Found> found = query(projectId, software, null, before, most + 1);
        boolean more = found.size() > most;
        List<Found> shown = more ? found.subList(0, most) : found;
        return new Page<>(
                shown.stream().map(Found::release).toList(),
                more ? Long.toString(shown.getLast().id()) : null);
    }

    /** One release, if it was registered or seen. */
    public Optional<Found> find(long projectId, String software, String version) {
        return query(projectId, software, version, null, 1).stream().findFirst();
    }

    /** The software types that have releases, by name. */
    public List<String> software(long projectId) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(SOFTWARE)) {
            query.setLong(1, projectId);
            List<String> types = new ArrayList<>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    types.add(row.getString(1));
                }
            }
            return List.copyOf(types);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read software types", e);
        }
    }

    /** A release with its row's id. */
    public record Found(long id, Release release) {}

    private List<Found> query(
            long projectId, @Nullable String software, @Nullable String version, @Nullable Long before, int limit) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(LIST)) {
            query.setLong(1, projectId);
            query.setString(2, software);
            query.setString(3, software);
            query.setString(4, version);
            query.setString(5, version);
            query.setObject(6, before, Types.BIGINT);
            query.setObject(7, before, Types.BIGINT);
            query.setInt(8, limit);
            List<Found> found = new ArrayList<>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(found(row));
                }
            }
            return List.copyOf(found);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read releases", e);
        }
    }

    private static Found found(ResultSet row) throws SQLException {
        Timestamp registered = row.getTimestamp(6);
        Timestamp first = row.getTimestamp(7);
        return new Found(
                row.getLong(10),
                new Release(
                        row.getString(1),
                        row.getString(2),
                        registered != null,
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        registered == null ? null : registered.toInstant(),
                        first == null ? null : first.toInstant(),
                        row.getLong(8),
                        row.getLong(9)));
    }

    private static String required(String member, @Nullable String text) {
        String bounded = bounded(member, text);
        if (bounded == null) {
            throw Problem.badRequest("member-missing", "%s is missing", member);
        }
        return bounded;
    }

    private static @Nullable String bounded(String member, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.length() > Fleet.NAME_LENGTH) {
            throw Problem.badRequest(
                    "member-too-long",
                    "%s has %d characters, at most %d are allowed",
                    member,
                    text.length(),
                    Fleet.NAME_LENGTH);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("control-character", "%s holds a control character", member);
        }
        return text.strip();
    }
}
