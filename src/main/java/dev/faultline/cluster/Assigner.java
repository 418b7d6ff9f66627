package dev.faultline.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fleet.Sighting;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts crashes into variants and variants into clusters. */
@Singleton
class Assigner {
    private static final String FIRST = "the first crash with these frames";
    private static final String SAME_TOP = "the same frames say where it crashed";
    private static final String SPLIT_TOP =
            "the frames that say where it crashed are in several clusters, so it is in none of them";

    private static final String CRASH = """
            select c.variant_id, v.cluster_id, c.device_id, c.release_id, c.hardware,
                (c.effective_at at time zone 'UTC')::date
            from crash c left join variant v on v.id = c.variant_id
            where c.id = ? and c.project_id = ? for update of c
            """;

    private static final String VARIANT =
            "select id, cluster_id, joined_because from variant where project_id = ? and k8 = ?";

    private static final String SAME_K3 =
            "select distinct cluster_id from variant where project_id = ? and k3 = ? order by cluster_id limit 2";

    private static final String NEW_CLUSTER = """
            insert into cluster (project_id, signature, reason, software, created_at) values (?, ?, ?, ?, ?)
            returning id
            """;

    private static final String NEW_VARIANT = """
            insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, signature, reason, software, provisional,
                needs_symbols, frames, joined_because, created_at, joined_by)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)
            returning id
            """;

    private static final String COUNTED = """
            update crash set variant_id = ?, device_id = ?, release_id = ?, hardware = ?, fingerprint = ?::jsonb
            where id = ?
            """;

    private static final String MOVED = "update cluster set moved_to = ? where id = ? and moved_to is distinct from ?";

    private final ObjectMapper json;

    Assigner(ObjectMapper json) {
        this.json = json;
    }

    Assignment assign(Connection transaction, long projectId, Fingerprint fingerprint, CrashFacts facts, Instant now)
            throws SQLException {
        Before before = before(transaction, projectId, facts.crash());
        Assignment assignment = known(transaction, projectId, fingerprint.k8());
        if (assignment == null) {
            assignment = unknown(transaction, projectId, fingerprint, now);
        }
        var to = new Counters.Place(assignment.variant(), facts.sighting(), before.day());
        if (!to.equals(before.place())) {
            Counters.move(transaction, before.place(), to);
            CountLog.append(transaction, projectId, before.place(), to);
        }
        counted(transaction, facts, assignment, fingerprint);
        Long from = before.cluster();
        if (from != null && from != assignment.cluster().number()) {
            moved(transaction, from, assignment.cluster().number());
        }
        return assignment;
    }

    void forget(Connection transaction, long projectId, UUID crash) throws SQLException {
        Before before = before(transaction, projectId, crash);
        Counters.move(transaction, before.place(), null);
        CountLog.append(transaction, projectId, before.place(), null);
        try (var update = transaction.prepareStatement("update crash set variant_id = null where id = ?")) {
            update.setObject(1, crash);
            update.executeUpdate();
        }
    }

    /** Where a crash was counted so far, if at all. */
    private record Before(
            Counters.@Nullable Place place, @Nullable Long cluster, LocalDate day) {}

    private static Before before(Connection transaction, long projectId, UUID crash) throws SQLException {
        try (var query = transaction.prepareStatement(CRASH)) {
            query.setObject(1, crash);
            query.setLong(2, projectId);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalArgumentException("no crash " + crash + " in project " + projectId);
                }
                LocalDate day = row.getObject(6, LocalDate.class);
                Long variant = nullable(row, 1);
                if (variant == null) {
                    return new Before(null, null, day);
                }
                String hardware = row.getString(5);
                var sighting = new Sighting(nullable(row, 3), nullable(row, 4), hardware == null ? "" : hardware);
                return new Before(new Counters.Place(variant, sighting, day), nullable(row, 2), day);
            }
        }
    }

    private static @Nullable Long nullable(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Assignment known(Connection transaction, long projectId, String k8) throws SQLException {
        try (var query = transaction.prepareStatement(VARIANT)) {
            query.setLong(1, projectId);
            query.setString(2, k8);
            try (var row = query.executeQuery()) {
                return row.next()
                        ? new Assignment(row.getLong(1), new ClusterId(row.getLong(2)), row.getString(3), false)
                        : null;
            }
        }
    }

    private Assignment unknown(Connection transaction, long projectId, Fingerprint fingerprint, Instant now)
            throws SQLException {
        EditLocks.forVariant(transaction, projectId, fingerprint.k3());
        Assignment other = known(transaction, projectId, fingerprint.k8());
        if (other != null) {
            return other; // somebody else brought it while this one waited
        }
        LinkRule rule = LinkRule.find(transaction, projectId, fingerprint.k3());
        if (rule != null) {
            long variant =
                    newVariant(transaction, projectId, rule.cluster(), fingerprint, rule.because(), rule.edit(), now);
            return new Assignment(variant, new ClusterId(rule.cluster()), rule.because(), false);
        }
        long cluster = 0;
        int clusters = 0;
        try (var query = transaction.prepareStatement(SAME_K3)) {
            query.setLong(1, projectId);
            query.setString(2, fingerprint.k3());
            try (var row = query.executeQuery()) {
                for (; row.next(); clusters++) {
                    cluster = row.getLong(1);
                }
            }
        }
        boolean join = clusters == 1;
        String because = join ? SAME_TOP : clusters == 0 ? FIRST : SPLIT_TOP;
        if (!join) {
            cluster = newCluster(transaction, projectId, fingerprint, now);
        }
        long variant = newVariant(transaction, projectId, cluster, fingerprint, because, null, now);
        return new Assignment(variant, new ClusterId(cluster), because, !join);
    }

    private static long newCluster(Connection transaction, long projectId, Fingerprint fingerprint, Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(NEW_CLUSTER)) {
            insert.setLong(1, projectId);
            insert.setString(2, fingerprint.signature());
            insert.setString(3, fingerprint.reason());
            insert.setString(4, named(fingerprint.software()));
            insert.setTimestamp(5, Timestamp.from(now));
            return id(insert.executeQuery());
        }
    }

    private long newVariant(
            Connection transaction,
            long projectId,
            long cluster,
            Fingerprint fingerprint,
            String because,
            @Nullable Long joinedBy,
            Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(NEW_VARIANT)) {
            insert.setLong(1, projectId);
            insert.setLong(2, cluster);
            insert.setInt(3, fingerprint.algorithm());
            insert.setString(4, fingerprint.k1());
            insert.setString(5, fingerprint.k3());
            insert.setString(6, fingerprint.k8());
            insert.setString(7, fingerprint.signature());
            insert.setString(8, fingerprint.reason());
            insert.setString(9, named(fingerprint.software()));
            insert.setBoolean(10, fingerprint.provisional());
            insert.setBoolean(11, fingerprint.needsSymbols());
            insert.setString(12, text(fingerprint.frames()));
            insert.setString(13, because);
            insert.setTimestamp(14, Timestamp.from(now));
            insert.setObject(15, joinedBy, Types.BIGINT);
            return id(insert.executeQuery());
        }
    }

    private static @Nullable String named(String software) {
        return software.isEmpty() ? null : software;
    }

    private static long id(ResultSet inserted) throws SQLException {
        try (inserted) {
            inserted.next();
            return inserted.getLong(1);
        }
    }

    private void counted(Connection transaction, CrashFacts facts, Assignment assignment, Fingerprint fingerprint)
            throws SQLException {
        try (var update = transaction.prepareStatement(COUNTED)) {
            update.setLong(1, assignment.variant());
            update.setObject(2, facts.sighting().device(), Types.BIGINT);
            update.setObject(3, facts.sighting().release(), Types.BIGINT);
            update.setString(4, facts.sighting().hardware());
            update.setString(5, text(fingerprint));
            update.setObject(6, facts.crash());
            update.executeUpdate();
        }
    }

    /** A hint that is read only while the cluster is empty, so it needs no taking back when crashes return. */
    private static void moved(Connection transaction, long from, long to) throws SQLException {
        try (var update = transaction.prepareStatement(MOVED)) {
            update.setLong(1, to);
            update.setLong(2, from);
            update.setLong(3, to);
            update.executeUpdate();
        }
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a fingerprint has no JSON form", e);
        }
    }
}
