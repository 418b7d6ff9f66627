package dev.faultline.fleet;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The releases of a project: what CI registered, and what crashes brought along. */
@Singleton
public class Releases {
    /** Most versions that a release can be made from. */
    public static final int MOST_PARENTS = 16;

    /** Most commits that CI can list as contained in one release. */
    public static final int MOST_COMMITS = 10_000;

    /** Most releases of a software type that are put in order: those that became known last. */
    public static final int MOST_ORDERED = 10_000;

    private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");

    private static final String SELECT = """
            select r.software, r.version, r.branch, r.parent, r.commit_id, r.registered_at, r.first_seen,
                coalesce(c.crashes, 0), coalesce(c.devices, 0), r.id, r.parents, r.deleted_at
            from release r left join release_count c on c.release_id = r.id and c.hardware is null and c.day is null
            where r.project_id = ?
            """;

    private static final String DELETE = """
            update release set deleted_at = coalesce(deleted_at, ?)
            where project_id = ? and software = ? and version = ?
            """;

    private static final String SOFTWARE =
            "select distinct software from release where project_id = ? order by software limit 500";

    private final Transactions transactions;

    public Releases(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Registers a release, or adds to what is known of it; what is said differently than before is a 409 problem.
     *
     * @return whether it was unknown until now
     */
    public boolean register(long projectId, Registration registration, Instant now) {
        var registering = Registering.of(registration);
        return transactions.durable(transaction -> registering.write(transaction, projectId, now));
    }

    /** Longest reason of a correction, in characters. */
    private static final int REASON_LENGTH = 2000;

    /**
     * Replaces what a release was made from. What was decided before stays, and names the revision that decided it; what waits
     * for an answer is looked at again.
     */
    public void correct(Project project, String software, String version, Correction correction, Actor actor) {
        var correcting = Registering.correcting(software, version, correction.parents());
        String because = Texts.line("because", correction.because(), REASON_LENGTH);
        transactions.durably(transaction -> {
            correcting.correct(transaction, project.id(), because, actor);
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "release-corrected",
                    "%s: %s of %s is made from %s: %s"
                            .formatted(
                                    project.name(),
                                    version,
                                    software,
                                    correcting.parents().isEmpty()
                                            ? "nothing"
                                            : String.join(", ", correcting.parents()),
                                    because),
                    actor.address());
        });
    }

    /**
     * Hides a release from lists until it is registered again. It keeps its crashes, what it was made from and what was made
     * from it, so the order of all others stays as it is.
     */
    public void delete(Project project, String software, String version, Actor actor) {
        transactions.durably(transaction -> {
            if (Fragment.update(transaction, DELETE, actor.now(), project.id(), software, version) == 0) {
                throw notFound(software, version);
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "release-deleted",
                    "%s: %s of %s".formatted(project.name(), version, software),
                    actor.address());
        });
    }

    /** The releases, those that became known last first: their ids never change, as the time of the first crash may. */
    public Page<Release> list(long projectId, @Nullable String software, int limit, @Nullable String after) {
        Long before = cursor(after);
        int most = Math.clamp(limit, 1, Page.MOST);
        var query = new Fragment(SELECT, projectId).append("and r.deleted_at is null");
        if (software != null) {
            query.and("r.software = ?", software);
        }
        if (before != null) {
            query.and("r.id < ?", before);
        }
        query.append(" order by r.id desc limit ?", most + 1);
        List<Found> found = transactions.read(connection -> found(connection, query));
        return page(found, most, found.size() > most);
    }

    /**
     * The releases of one software type along the graph: descendants before what they were made from, else the higher version
     * first by the declared scheme, else the one that became known last; what nobody registered comes behind all others.
     */
    public Page<Release> inOrder(long projectId, String software, int limit, @Nullable String after) {
        Long last = cursor(after);
        int most = Math.clamp(limit, 1, Page.MOST);
        return transactions.snapshot(connection -> {
            List<Long> order = Lineage.read(connection, projectId, software).newestFirst();
            int from = last == null ? 0 : order.indexOf(last) + 1;
            if (last != null && from == 0) {
                throw unknownPage();
            }
            List<Long> ids = order.subList(from, Math.min(order.size(), from + most));
            List<Found> found = new ArrayList<>(
                    found(connection, new Fragment(SELECT, projectId).append("and r.id = any (?)", ids)));
            found.sort(Comparator.comparingInt(release -> ids.indexOf(release.id())));
            return page(found, most, from + most < order.size());
        });
    }

    /**
     * A release in its order.
     *
     * @param id of its row
     */
    public record Ordered(long id, String version, boolean registered) {}

    /** All releases of a software type in the order of {@link #inOrder}, without what became of them. */
    public List<Ordered> ordered(long projectId, String software) {
        return transactions.snapshot(
                connection -> Lineage.read(connection, projectId, software).ordered());
    }

    private static Page<Release> page(List<Found> found, int most, boolean more) {
        List<Found> shown = found.subList(0, Math.min(most, found.size()));
        return new Page<>(
                shown.stream().map(Found::release).toList(),
                more ? Long.toString(shown.getLast().id()) : null);
    }

    private static @Nullable Long cursor(@Nullable String after) {
        if (after == null) {
            return null;
        }
        if (!CURSOR.matcher(after).matches()) {
            throw unknownPage();
        }
        return Long.valueOf(after);
    }

    private static Problem unknownPage() {
        return Problem.badRequest("unknown-page", "after is not the next of a page of releases");
    }

    /** One release, if it was registered or seen; a deleted one too. */
    public Optional<Found> find(long projectId, String software, String version) {
        var query = new Fragment(SELECT, projectId).append("and r.software = ? and r.version = ?", software, version);
        return transactions.read(connection -> found(connection, query).stream().findFirst());
    }

    /** That nobody registered a release, and no crash named it. */
    public static Problem notFound(String software, String version) {
        return Problem.notFound("release-not-found", "No release %s of %s was registered or seen", version, software);
    }

    /**
     * The release before one, for whoever compares with it: the nearest ancestor that is registered, not deleted and, where
     * the declared scheme tells, no pre-release. Where CI named no parents, the next older one of the same branch by that
     * scheme.
     */
    public Optional<String> previous(long projectId, String software, String version) {
        return transactions.snapshot(
                connection -> Lineage.read(connection, projectId, software).previous(version));
    }

    /** Whether a release contains another one, and what decided that. */
    public Containment containment(long projectId, String software, String version, String other) {
        return transactions.snapshot(connection -> Containment.of(connection, projectId, software, version, other));
    }

    /** The software types that have releases, by name. */
    public List<String> software(long projectId) {
        return transactions.read(connection -> {
            List<String> types = new ArrayList<>();
            try (var query = Fragment.prepare(connection, SOFTWARE, List.of(projectId));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    types.add(row.getString(1));
                }
            }
            return List.copyOf(types);
        });
    }

    /** A release with its row's id. */
    public record Found(long id, Release release) {}

    private static List<Found> found(Connection connection, Fragment sql) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (var query = sql.prepare(connection);
                var row = query.executeQuery()) {
            while (row.next()) {
                found.add(found(row));
            }
        }
        return List.copyOf(found);
    }

    private static Found found(ResultSet row) throws SQLException {
        Instant registered = Rows.instant(row, 6);
        return new Found(
                row.getLong(10),
                new Release(
                        row.getString(1),
                        row.getString(2),
                        registered != null,
                        row.getString(3),
                        row.getString(4),
                        Registering.texts(row, 11),
                        row.getString(5),
                        registered,
                        Rows.instant(row, 7),
                        Rows.instant(row, 12),
                        row.getLong(8),
                        row.getLong(9)));
    }
}
