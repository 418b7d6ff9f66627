package dev.faultline.cluster;

import dev.faultline.cluster.Grouping.Flow;
import dev.faultline.cluster.Grouping.Stays;
import dev.faultline.cluster.Grouping.Wanted;
import dev.faultline.cluster.GroupingPlan.Target;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fleet.Sighting;
import dev.faultline.ops.Fragment;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Groups the crashes of a project by other keys. First the variants of these keys come about, each in its cluster, while
 * crashes are still counted under the ones of before: from then on a new crash finds its place by either. Then crashes
 * move, a few in each transaction.
 */
@Singleton
public class Regrouping {
    /** Crashes that one transaction moves. */
    public static final int AT_ONCE = 500;

    private static final String LAID_OVER = """
            create temporary table regrouped (
                from_variant bigint, to_variant bigint, from_cluster bigint, most boolean) on commit drop
            """;

    /** The reason of before goes along where the cluster does. */
    private static final String SAME_REASON = """
            update variant n set joined_because = o.joined_because, joined_by = o.joined_by
            from regrouped r join variant o on o.id = r.from_variant
            where n.id = r.to_variant and r.most and n.cluster_id = r.from_cluster and n.joined_because = ?
            """;

    private static final String ORIGINS = """
            update variant n set origin_key = coalesce(o.origin_key, o.cluster_key)
            from regrouped r join variant o on o.id = r.from_variant
            where n.id = r.to_variant and r.most
                and not exists (select from crash c where c.variant_id = n.id)
            """;

    private static final String SAME_SIDES = """
            insert into variant_apart
            select a.edit_id, r.to_variant, a.side
            from variant_apart a join regrouped r on r.from_variant = a.variant_id
            order by 1, 2, 3
            on conflict do nothing
            """;

    private static final String SAME_EDITS = """
            insert into cluster_edit_variant
            select e.edit_id, r.to_variant, e.from_cluster, e.to_cluster, e.joined_because, e.joined_by
            from cluster_edit_variant e join regrouped r on r.from_variant = e.variant_id
            where r.most
            on conflict do nothing
            """;

    private static final String SAME_LINKS = """
            insert into cluster_link
            select distinct on (l.edit_id, n.cluster_key) l.edit_id, l.project_id, n.cluster_key, l.from_cluster,
                n.cluster_id
            from regrouped r
            join variant o on o.id = r.from_variant
            join variant n on n.id = r.to_variant
            join cluster_link l on l.project_id = o.project_id and l.cluster_key = o.cluster_key
                and l.to_cluster = r.from_cluster
            order by l.edit_id, n.cluster_key, l.from_cluster
            on conflict do nothing
            """;

    private static final String REKEY = """
            update variant v set cluster_key = c.k3 from variant c
            where c.id = ? and v.id = ? and v.cluster_key <> c.k3 and not
            """ + ClusterKeys.PLACED;

    private static final String REST = """
            update variant v set resting = true
            where v.project_id = ? and not v.resting and not exists (select from variant_day where variant_id = v.id)
            """;

    private static final String MOVING = """
            select id, variant_id, device_id, release_id, hardware, (effective_at at time zone 'UTC')::date, at_start
            from crash
            where project_id = ? and stack_id = ? and variant_id is not null and not variant_id = any(?)
                and (variant_id <> ? or fingerprint is distinct from ?::jsonb)
            order by id limit ?
            for no key update
            """;

    private static final String MOVED =
            "update crash set variant_id = ?, fingerprint = ?::jsonb where id = any(?::uuid[])";

    private final Assigner assigner;

    Regrouping(Assigner assigner) {
        this.assigner = assigner;
    }

    /** Makes the fingerprint of a stack. */
    @FunctionalInterface
    public interface Prints {
        Fingerprint of(Connection transaction, long stack) throws SQLException;
    }

    /**
     * What the keys would change.
     *
     * @param snapshot a transaction that sees one state of the database
     * @param newest how many crashes to look at; 0: all
     * @param most changes of each kind to tell
     */
    public GroupingDifference difference(Connection snapshot, long projectId, StackKeys keys, int newest, int most)
            throws SQLException {
        Grouping grouping = GroupingRows.read(snapshot, projectId, keys, newest);
        return GroupingChanges.of(snapshot, grouping, GroupingPlan.of(grouping), most);
    }

    /** What a plan changes, and what it left for moving crashes by. */
    public record Planned(GroupingDifference difference, Laid laid) {}

    /** Which variant each of the keys is, and crashes that stay in theirs. */
    public static final class Laid {
        private final Map<GroupKey, Long> variants;
        private final Map<GroupKey, List<Long>> staying = new HashMap<>();
        private final List<Stays> stays;

        private Laid(Map<GroupKey, Long> variants, Collection<Stays> stays) {
            this.variants = variants;
            this.stays = List.copyOf(stays);
            stays.forEach(stay ->
                    staying.computeIfAbsent(stay.k8(), _ -> new ArrayList<>()).add(stay.variant()));
        }

        public List<Stays> stays() {
            return stays;
        }
    }

    /** What {@link #lay} left, for who goes on after a kill. */
    public Laid laid(Connection connection, long projectId, List<Stays> stays) throws SQLException {
        return new Laid(known(connection, projectId), stays);
    }

    /** Makes the variants and clusters of the keys, and has what people did hold for them. No crash moves yet. */
    public Planned lay(
            Connection transaction,
            long projectId,
            StackKeys keys,
            Prints prints,
            String because,
            int most,
            Instant now)
            throws SQLException {
        EditLocks.forEdit(transaction, projectId);
        Grouping grouping = GroupingRows.read(transaction, projectId, keys, 0);
        GroupingPlan plan = GroupingPlan.of(grouping);
        GroupingDifference difference = GroupingChanges.of(transaction, grouping, plan, most);
        Map<GroupKey, Long> variants = known(transaction, projectId);
        if (unchanged(grouping, plan)) {
            return new Planned(difference, new Laid(variants, plan.stays()));
        }
        List<Long> clusters = clusters(transaction, projectId, plan, prints, now);
        List<Long> elsewhere = place(transaction, projectId, grouping, plan, clusters, variants, prints, because, now);
        carryOver(transaction, grouping, plan, variants, because);
        rename(transaction, grouping, plan, clusters);
        redirect(transaction, plan, clusters);
        RollUp.moved(transaction, projectId, elsewhere);
        return new Planned(difference, new Laid(variants, plan.stays()));
    }

    private static boolean unchanged(Grouping grouping, GroupingPlan plan) {
        return grouping.flows().stream()
                .allMatch(flow -> flow.from().keys().k8().equals(flow.to().k8())
                        && flow.from().key().equals(flow.to().key())
                        && !plan.stays(flow)
                        && plan.targets().get(plan.target(flow.to())).cluster()
                                == flow.from().cluster());
    }

    private static Map<GroupKey, Long> known(Connection transaction, long projectId) throws SQLException {
        Map<GroupKey, Long> known = new HashMap<>();
        try (var query = Fragment.prepare(
                        transaction, "select k8, id from variant where project_id = ?", List.of(projectId));
                var row = query.executeQuery()) {
            while (row.next()) {
                known.put(GroupKey.of(row.getString(1)), row.getLong(2));
            }
        }
        return known;
    }

    /** The cluster of each target. */
    private static List<Long> clusters(
            Connection transaction, long projectId, GroupingPlan plan, Prints prints, Instant now) throws SQLException {
        List<Long> clusters = new ArrayList<>();
        for (Target target : plan.targets()) {
            clusters.add(
                    target.cluster() != 0
                            ? target.cluster()
                            : Assigner.itself(prints.of(
                                            transaction, target.named().stack()))
                                    .added(transaction, projectId, now));
        }
        return clusters;
    }

    /** The variants that were there before and are in another cluster now. */
    private List<Long> place(
            Connection transaction,
            long projectId,
            Grouping grouping,
            GroupingPlan plan,
            List<Long> clusters,
            Map<GroupKey, Long> variants,
            Prints prints,
            String because,
            Instant now)
            throws SQLException {
        List<Long> elsewhere = new ArrayList<>();
        Set<GroupKey> placed = new HashSet<>();
        for (Flow flow : grouping.flows()) {
            Wanted to = flow.to();
            if (!placed.add(to.k8())) {
                continue;
            }
            long cluster = clusters.get(plan.target(to));
            Long known = variants.get(to.k8());
            if (known == null) {
                Fingerprint print = prints.of(transaction, to.stack());
                var home = new Assigner.Home(cluster, because, null, false);
                variants.put(to.k8(), assigner.newVariant(transaction, projectId, print, print.k3(), home, now));
            } else {
                if (put(transaction, known, cluster, because)) {
                    elsewhere.add(known);
                }
            }
        }
        List<Long> awake = placed.stream().map(variants::get).toList();
        Fragment.update(transaction, "update variant set resting = false where id = any(?) and resting", awake);
        rekey(transaction, grouping, variants);
        for (var staying : plan.staying().entrySet()) {
            if (put(transaction, staying.getKey(), clusters.get(staying.getValue()), because)) {
                elsewhere.add(staying.getKey());
            }
        }
        return elsewhere;
    }

    /** An incomplete variant's cluster key is the k3 of a complete one that it belongs to, or its own. */
    private static void rekey(Connection transaction, Grouping grouping, Map<GroupKey, Long> variants)
            throws SQLException {
        Map<GroupKey, GroupKey> complete = new HashMap<>();
        Map<GroupKey, GroupKey> incomplete = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            Wanted to = flow.to();
            if (to.keys().incomplete()) {
                incomplete.put(to.k8(), to.key());
            } else {
                complete.putIfAbsent(to.keys().k3(), to.k8());
            }
        }
        try (var update = transaction.prepareStatement(REKEY)) {
            for (var variant : incomplete.entrySet()) {
                GroupKey teller = complete.getOrDefault(variant.getValue(), variant.getKey());
                update.setLong(1, Objects.requireNonNull(variants.get(teller)));
                update.setLong(2, Objects.requireNonNull(variants.get(variant.getKey())));
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static boolean put(Connection transaction, long variant, long cluster, String because) throws SQLException {
        int changed = Fragment.update(
                transaction,
                "update variant set cluster_id = ?, joined_because = ?, joined_by = null where id = ? and cluster_id <> ?",
                cluster,
                because,
                variant,
                cluster);
        return changed > 0;
    }

    /** What people did with the variants of before holds for those that their crashes are of now. */
    private static void carryOver(
            Connection transaction, Grouping grouping, GroupingPlan plan, Map<GroupKey, Long> variants, String because)
            throws SQLException {
        Map<GroupKey, Flow> most = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            most.merge(flow.to().k8(), flow, (one, other) -> larger(one, other) ? one : other);
        }
        Fragment.update(transaction, LAID_OVER);
        try (var insert = transaction.prepareStatement("insert into regrouped values (?, ?, ?, ?)")) {
            for (Flow flow : grouping.flows()) {
                Long to = variants.get(flow.to().k8());
                if (to == null || to == flow.from().id() || plan.stays(flow)) {
                    continue;
                }
                insert.setLong(1, flow.from().id());
                insert.setLong(2, to);
                insert.setLong(3, flow.from().cluster());
                insert.setBoolean(4, flow.equals(most.get(flow.to().k8())));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        Fragment.update(transaction, "analyze regrouped");
        Fragment.update(transaction, ORIGINS);
        Fragment.update(transaction, SAME_REASON, because);
        Fragment.update(transaction, SAME_SIDES);
        Fragment.update(transaction, SAME_EDITS);
        Fragment.update(transaction, SAME_LINKS);
    }

    private static boolean larger(Flow one, Flow other) {
        return one.crashes() != other.crashes()
                ? one.crashes() > other.crashes()
                : one.from().id() < other.from().id();
    }

    /** A cluster that is named after a variant of before takes the name of the one with most crashes now. */
    private static void rename(Connection transaction, Grouping grouping, GroupingPlan plan, List<Long> clusters)
            throws SQLException {
        Map<Integer, Set<String>> before = new HashMap<>();
        Map<Integer, Set<String>> after = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            int target = plan.target(flow.to());
            if (!plan.stays(flow) && !flow.from().keys().k8().equals(flow.to().k8())) {
                before.computeIfAbsent(target, _ -> new HashSet<>())
                        .add(flow.from().signature());
            }
            after.computeIfAbsent(target, _ -> new HashSet<>()).add(flow.to().signature());
        }
        for (var of : before.entrySet()) {
            Set<String> gone = new HashSet<>(of.getValue());
            gone.removeAll(after.getOrDefault(of.getKey(), Set.of()));
            if (gone.isEmpty()) {
                continue;
            }
            Wanted named = plan.targets().get(of.getKey()).named();
            String sql = "update cluster set signature = ? where id = ? and signature = any(?)";
            try (var update = transaction.prepareStatement(sql)) {
                update.setString(1, named.signature());
                update.setLong(2, clusters.get(of.getKey()));
                update.setArray(3, transaction.createArrayOf("text", gone.toArray()));
                update.executeUpdate();
            }
        }
    }

    /** Clusters that nothing is left of lead to where most of their crashes went. */
    private static void redirect(Connection transaction, GroupingPlan plan, List<Long> clusters) throws SQLException {
        Set<Long> alive = new HashSet<>(clusters);
        Map<Long, Integer> best = new HashMap<>();
        List<Target> targets = plan.targets();
        for (int i = 0; i < targets.size(); i++) {
            for (long from : targets.get(i).crashesByCluster().keySet()) {
                int here = i;
                best.merge(
                        from,
                        here,
                        (one, other) -> overlap(targets, other, from) > overlap(targets, one, from) ? other : one);
            }
        }
        for (var of : best.entrySet()) {
            if (!alive.contains(of.getKey())) {
                Fragment.update(
                        transaction,
                        "update cluster set moved_to = ? where id = ?",
                        clusters.get(of.getValue()),
                        of.getKey());
            }
        }
    }

    private static long overlap(List<Target> targets, int target, long cluster) {
        return targets.get(target).crashesByCluster().getOrDefault(cluster, 0L);
    }

    /**
     * Moves crashes of one stack to their variant, with their counts, and writes their fingerprint.
     *
     * @return how many, at most {@value #AT_ONCE}; fewer when there are no more
     */
    public int move(Connection transaction, long projectId, long stack, Fingerprint fingerprint, Laid laid)
            throws SQLException {
        GroupKey k8 = GroupKey.of(fingerprint.k8());
        Long variant = laid.variants.get(k8);
        if (variant == null) {
            return 0; // no crash had the stack when the variants were made: those that have it now came with these
            // rules
        }
        String print = assigner.text(fingerprint);
        List<UUID> crashes = new ArrayList<>();
        List<Counters.Move> moves = new ArrayList<>();
        try (var query = transaction.prepareStatement(MOVING)) {
            query.setLong(1, projectId);
            query.setLong(2, stack);
            query.setArray(
                    3,
                    transaction.createArrayOf(
                            "bigint", laid.staying.getOrDefault(k8, List.of()).toArray()));
            query.setLong(4, variant);
            query.setString(5, print);
            query.setInt(6, AT_ONCE);
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    crashes.add(row.getObject(1, UUID.class));
                    String hardware = row.getString(5);
                    var sighting = new Sighting(
                            row.getObject(3, Long.class),
                            row.getObject(4, Long.class),
                            hardware == null ? "" : hardware,
                            row.getObject(7, Boolean.class));
                    LocalDate day = row.getObject(6, LocalDate.class);
                    moves.add(new Counters.Move(
                            new Counters.Place(row.getLong(2), sighting, day),
                            new Counters.Place(variant, sighting, day)));
                }
            }
        }
        if (crashes.isEmpty()) {
            return 0;
        }
        Counters.move(transaction, moves);
        CountLog.append(transaction, projectId, moves);
        try (var update = transaction.prepareStatement(MOVED)) {
            update.setLong(1, variant);
            update.setString(2, print);
            update.setArray(3, transaction.createArrayOf("uuid", crashes.toArray()));
            update.executeUpdate();
        }
        return crashes.size();
    }

    /** Ends what {@link #lay} began, when all crashes have moved. */
    public void settle(Connection transaction, long projectId) throws SQLException {
        EditLocks.forEdit(transaction, projectId);
        Fragment.update(
                transaction,
                "update variant set origin_key = null where project_id = ? and origin_key is not null",
                projectId);
        Fragment.update(transaction, REST, projectId);
    }
}
