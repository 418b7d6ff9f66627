package dev.faultline.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fleet.ActiveFleet;
import dev.faultline.fleet.ActiveFleets;
import dev.faultline.http.Page;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** The clusters of a project. */
@Singleton
public class Clusters {
    private static final String MOVED = """
            select k.moved_to, exists (
                select from variant v join variant_day d on d.variant_id = v.id where v.cluster_id = k.id)
            from cluster k where k.id = ? and k.project_id = ?
            """;

    private final DataSource database;
    private final Transactions transactions;
    private final ObjectMapper json;
    private final Assigner assigner;
    private final RollUps rollUps;
    private final ActiveFleets activeFleets;

    Clusters(
            DataSource database,
            Transactions transactions,
            ObjectMapper json,
            Assigner assigner,
            RollUps rollUps,
            ActiveFleets activeFleets) {
        this.database = database;
        this.transactions = transactions;
        this.json = json;
        this.assigner = assigner;
        this.rollUps = rollUps;
        this.activeFleets = activeFleets;
    }

    /**
     * Puts a crash where it belongs and counts it there, or moves it there from where it was counted before. Writes the
     * crash row's {@code variant_id}, {@code device_id}, {@code release_id}, {@code hardware} and {@code fingerprint}
     * (nobody else may: they say what was counted), and what the caller has more of it; reads its {@code effective_at},
     * which must not change once counted.
     *
     * @param transaction an open transaction, which the caller ends soon: it holds locks now
     * @throws IllegalArgumentException if the project has no such crash
     */
    public Assignment assign(
            Connection transaction, long projectId, Fingerprint fingerprint, CrashFacts facts, Instant now)
            throws SQLException {
        return assigner.assign(transaction, projectId, fingerprint, facts, now);
    }

    /** Takes a crash out of all counts, before its row is deleted. */
    public void forget(Connection transaction, long projectId, UUID crash) throws SQLException {
        assigner.forget(transaction, projectId, crash);
    }

    /** The clusters that have crashes, ranked; filters restrict the crashes that are counted. */
    public Page<ClusterRow> list(long projectId, ClusterQuery query, Instant now) {
        rollUps.catchUp(projectId);
        ActiveFleet active = activeFleets.of(projectId);
        return transactions.snapshot(connection -> new ClusterList(connection, projectId, active, now).page(query));
    }

    /** The cluster, if the project has it and it has crashes. */
    public Optional<ClusterDetail> detail(long projectId, ClusterId id, Instant now) {
        rollUps.catchUp(projectId);
        ActiveFleet active = activeFleets.of(projectId);
        return transactions.snapshot(connection -> {
            ClusterRow row = new ClusterList(connection, projectId, active, now).row(id);
            return row == null ? Optional.empty() : Optional.of(new ClusterDetails(connection, json, id).of(row));
        });
    }

    /** Where the crashes of an emptied cluster went. */
    public Optional<ClusterId> movedTo(long projectId, ClusterId id) {
        Set<Long> passed = new HashSet<>();
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(MOVED)) {
            long at = id.number();
            while (passed.add(at)) {
                query.setLong(1, at);
                query.setLong(2, projectId);
                try (var row = query.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    if (row.getBoolean(2)) {
                        return at == id.number() ? Optional.empty() : Optional.of(new ClusterId(at));
                    }
                    at = row.getLong(1); // 0, which is no id, for null
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read where cluster " + id + " went", e);
        }
    }
}
