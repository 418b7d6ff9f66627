package dev.faultline.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.ClusterKey;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fleet.Sighting;
import dev.faultline.ops.Fragment;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts crashes into variants and variants into clusters. */
@Singleton
class Assigner {
    private static final String FIRST = "the first crash with these frames";
    private static final String SAME_TOP = "the same frames say where it crashed";
    private static final String SPLIT_TOP =
            "the frames that say where it crashed are in several clusters, so it is in none of them";

    /** Where it was counted, and {@code n}: the variant that it is of now, if that is known. */
    private static final String CRASH = """
            select c.variant_id, v.cluster_id, c.device_id, c.release_id, c.hardware,
                (c.effective_at at time zone 'UTC')::date, c.at_start, n.id, n.cluster_id, n.joined_because, n.resting
            from crash c
            left join variant v on v.id = c.variant_id
            left join variant n on n.project_id = c.project_id and n.k8 = ?
            where c.id = ? and c.project_id = ?
            for no key update of c
            """;

    private static final String VARIANT =
            "select id, cluster_id, joined_because, resting from variant where project_id = ? and k8 = ?";

    private static final String SAME_KEY = """
            select distinct cluster_id from variant where project_id = ? and cluster_key = ? and id <> ?
            order by cluster_id limit 2
            """;

    private static final String NEW_VARIANT = """
            insert into variant (project_id, cluster_id, algorithm, k1, k2, k3, k8, cluster_key, signature, reason, software,
                incomplete, provisional, needs_symbols, frames, joined_because, created_at, joined_by)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)
            returning id
            """;

    private static final String COUNTED =
            "update crash set variant_id = ?, device_id = ?, release_id = ?, hardware = ?, at_start = ?, fingerprint = ?::jsonb";

    private static final String NO_KEY = "";

    private static final String REKEYED = """
            update variant set cluster_id = ?, cluster_key = ?, joined_because = ?, joined_by = ? where id = ?
            """;

    private static final String EMPTIED = """
            update cluster k set moved_to = ?
            where k.id = ? and not exists (select from variant where cluster_id = k.id)
            """;

    private static final String MOVED = "update cluster set moved_to = ? where id = ? and moved_to is distinct from ?";

    private static final long NO_VARIANT = 0;

    private final ObjectMapper json;

    Assigner(ObjectMapper json) {
        this.json = json;
    }

    Assignment assign(Connection transaction, long projectId, Fingerprint fingerprint, CrashFacts facts, Instant now)
            throws SQLException {
        Before before = before(transaction, projectId, facts.crash(), fingerprint.k8());
        Known known = before.known();
        List<Long> followed = new ArrayList<>();
        Assignment assignment = known != null && !known.resting()
                ? known.assignment()
                : unknown(transaction, projectId, fingerprint, followed, now);
        var to = new Counters.Place(assignment.variant(), facts.sighting(), before.day());
        if (before.place() == null) {
            FirstCount.add(transaction, projectId, to);
        } else if (!to.equals(before.place())) {
            var moves = List.of(new Counters.Move(before.place(), to));
            Counters.move(transaction, moves);
            CountLog.append(transaction, projectId, moves);
        }
        counted(transaction, facts, assignment, fingerprint);
        Long from = before.cluster();
        if (from != null && from != assignment.cluster().number()) {
            moved(transaction, from, assignment.cluster().number());
        }
        RollUp.moved(transaction, projectId, followed);
        return assignment;
    }

    void forget(Connection transaction, long projectId, UUID crash) throws SQLException {
        Before before = before(transaction, projectId, crash, NO_KEY);
        var moves = List.of(new Counters.Move(before.place(), null));
        Counters.move(transaction, moves);
        CountLog.append(transaction, projectId, moves);
        try (var update = transaction.prepareStatement("update crash set variant_id = null where id = ?")) {
            update.setObject(1, crash);
            update.executeUpdate();
        }
    }

    /** Where a crash was counted so far, if at all, and the variant that has its keys. */
    private record Before(
            Counters.@Nullable Place place,
            @Nullable Long cluster,
            LocalDate day,
            @Nullable Known known) {}

    private static Before before(Connection transaction, long projectId, UUID crash, String k8) throws SQLException {
        try (var query = transaction.prepareStatement(CRASH)) {
            query.setString(1, k8);
            query.setObject(2, crash);
            query.setLong(3, projectId);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalArgumentException("no crash " + crash + " in project " + projectId);
                }
                LocalDate day = row.getObject(6, LocalDate.class);
                Long variant = row.getObject(1, Long.class);
                if (variant == null) {
                    return new Before(null, null, day, known(row, 8));
                }
                String hardware = row.getString(5);
                var sighting = new Sighting(
                        row.getObject(3, Long.class),
                        row.getObject(4, Long.class),
                        hardware == null ? "" : hardware,
                        row.getObject(7, Boolean.class));
                var place = new Counters.Place(variant, sighting, day);
                return new Before(place, row.getObject(2, Long.class), day, known(row, 8));
            }
        }
    }

    /** @param resting it counts for nothing so far */
    private record Known(Assignment assignment, boolean resting) {}

    private static @Nullable Known known(Connection transaction, long projectId, String k8) throws SQLException {
        try (var query = transaction.prepareStatement(VARIANT)) {
            query.setLong(1, projectId);
            query.setString(2, k8);
            try (var row = query.executeQuery()) {
                return row.next() ? known(row, 1) : null;
            }
        }
    }

    /** From the four columns of a variant; null where it is none. */
    private static @Nullable Known known(ResultSet row, int first) throws SQLException {
        long variant = row.getLong(first);
        if (row.wasNull()) {
            return null;
        }
        var cluster = new ClusterId(row.getLong(first + 1));
        return new Known(new Assignment(variant, cluster, row.getString(first + 2), false), row.getBoolean(first + 3));
    }

    /** @param followed variants that go elsewhere since this one came */
    private Assignment unknown(
            Connection transaction, long projectId, Fingerprint fingerprint, List<Long> followed, Instant now)
            throws SQLException {
        boolean teaches = !fingerprint.incomplete()
                && !fingerprint.provisional()
                && !ClusterKeys.saidBefore(transaction, projectId, fingerprint);
        EditLocks.forVariant(transaction, projectId, fingerprint.k3(), teaches || fingerprint.incomplete());
        Known other = known(transaction, projectId, fingerprint.k8());
        if (other != null && !other.resting()) {
            return other.assignment(); // somebody else brought it while this one waited
        }
        Assignment assignment = other == null
                ? added(transaction, projectId, fingerprint, now)
                : awake(transaction, other.assignment());
        if (teaches) {
            for (var rekeyed : ClusterKeys.changedBy(transaction, projectId, fingerprint)) {
                follow(transaction, projectId, rekeyed, now);
                followed.add(rekeyed.variant());
            }
        }
        return assignment;
    }

    private Assignment added(Connection transaction, long projectId, Fingerprint fingerprint, Instant now)
            throws SQLException {
        ClusterKey key = ClusterKeys.of(transaction, projectId, fingerprint);
        Home home = home(transaction, projectId, key, NO_VARIANT, itself(fingerprint), now);
        long variant = newVariant(transaction, projectId, fingerprint, key.key(), home, now);
        return new Assignment(variant, new ClusterId(home.cluster()), home.because(), home.isNew());
    }

    static NewCluster itself(Fingerprint fingerprint) {
        return new NewCluster(fingerprint.signature(), fingerprint.reason(), named(fingerprint.software()));
    }

    private static Assignment awake(Connection transaction, Assignment resting) throws SQLException {
        try (var update = transaction.prepareStatement("update variant set resting = false where id = ?")) {
            update.setLong(1, resting.variant());
            update.executeUpdate();
        }
        return resting;
    }

    /** Where variants with a cluster key belong, and why. */
    record Home(long cluster, String because, @Nullable Long joinedBy, boolean isNew) {}

    /** @param variant whose home is looked for, so that it does not follow itself */
    private static Home home(
            Connection transaction, long projectId, ClusterKey key, long variant, NewCluster itself, Instant now)
            throws SQLException {
        LinkRule rule = LinkRule.find(transaction, projectId, key.key());
        if (rule != null) {
            return new Home(rule.cluster(), rule.because(), rule.edit(), false);
        }
        long cluster = 0;
        int clusters = 0;
        try (var query = Fragment.prepare(transaction, SAME_KEY, List.of(projectId, key.key(), variant));
                var row = query.executeQuery()) {
            for (; row.next(); clusters++) {
                cluster = row.getLong(1);
            }
        }
        if (clusters == 1) {
            return new Home(cluster, key.because() == null ? SAME_TOP : key.because(), null, false);
        }
        return new Home(itself.added(transaction, projectId, now), clusters == 0 ? FIRST : SPLIT_TOP, null, true);
    }

    /** An incomplete variant goes where its new cluster key belongs. */
    private static void follow(Connection transaction, long projectId, ClusterKeys.Rekeyed rekeyed, Instant now)
            throws SQLException {
        Home home = home(transaction, projectId, rekeyed.key(), rekeyed.variant(), rekeyed.itself(), now);
        try (var update = transaction.prepareStatement(REKEYED)) {
            update.setLong(1, home.cluster());
            update.setString(2, rekeyed.key().key());
            update.setString(3, home.because());
            update.setObject(4, home.joinedBy(), Types.BIGINT);
            update.setLong(5, rekeyed.variant());
            update.executeUpdate();
        }
        try (var update = transaction.prepareStatement(EMPTIED)) {
            update.setLong(1, home.cluster());
            update.setLong(2, rekeyed.cluster());
            update.executeUpdate();
        }
    }

    long newVariant(
            Connection transaction, long projectId, Fingerprint fingerprint, String clusterKey, Home home, Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(NEW_VARIANT)) {
            insert.setLong(1, projectId);
            insert.setLong(2, home.cluster());
            insert.setInt(3, fingerprint.algorithm());
            insert.setString(4, fingerprint.k1());
            insert.setString(5, fingerprint.k2());
            insert.setString(6, fingerprint.k3());
            insert.setString(7, fingerprint.k8());
            insert.setString(8, clusterKey);
            insert.setString(9, fingerprint.signature());
            insert.setString(10, fingerprint.reason());
            insert.setString(11, named(fingerprint.software()));
            insert.setBoolean(12, fingerprint.incomplete());
            insert.setBoolean(13, fingerprint.provisional());
            insert.setBoolean(14, fingerprint.needsSymbols());
            insert.setString(15, text(fingerprint.frames()));
            insert.setString(16, home.because());
            insert.setTimestamp(17, Timestamp.from(now));
            insert.setObject(18, home.joinedBy(), Types.BIGINT);
            return NewCluster.id(insert.executeQuery());
        }
    }

    private static @Nullable String named(String software) {
        return software.isEmpty() ? null : software;
    }

    private void counted(Connection transaction, CrashFacts facts, Assignment assignment, Fingerprint fingerprint)
            throws SQLException {
        Sighting sighting = facts.sighting();
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                assignment.variant(),
                sighting.device(),
                sighting.release(),
                sighting.hardware(),
                sighting.atStart(),
                text(fingerprint)));
        values.addAll(facts.more().values());
        values.add(facts.crash());
        String sql = COUNTED + facts.more().text() + " where id = ?";
        try (var update = Fragment.prepare(transaction, sql, values)) {
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

    /** The form in which fingerprints and frames are kept. */
    String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a fingerprint has no JSON form", e);
        }
    }
}
