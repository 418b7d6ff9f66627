package dev.faultline.cluster;

import dev.faultline.cluster.Grouping.Apart;
import dev.faultline.cluster.Grouping.Flow;
import dev.faultline.cluster.Grouping.Held;
import dev.faultline.cluster.Grouping.Wanted;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how a project's crashes are grouped, beside the keys that they are to have; in one transaction. */
final class GroupingRows {
    private static final int AT_ONCE = 5_000;

    private static final String VARIANTS = """
            select v.id, v.cluster_id, v.cluster_key, coalesce(v.origin_key, v.cluster_key), v.k1, v.k2, v.k3, v.k8,
                v.incomplete, v.signature, v.joined_by is not null,
            """ + ClusterKeys.PLACED + " from variant v where v.project_id = ?";

    private static final String ALL_CRASHES = """
            select stack_id, variant_id, count(*) from crash
            where project_id = ? and variant_id is not null
            group by stack_id, variant_id order by stack_id, variant_id
            """;

    private static final String NEWEST_CRASHES = """
            select stack_id, variant_id, count(*) from (
                select stack_id, variant_id from crash
                where project_id = ? and variant_id is not null
                order by effective_at desc, id desc limit ?) newest
            group by stack_id, variant_id order by stack_id, variant_id
            """;

    private static final String APART = """
            select a.edit_id, a.variant_id, a.side
            from variant_apart a join cluster_edit e on e.id = a.edit_id and e.undone_by is null
            where e.project_id = ?
            """;

    private final Connection transaction;
    private final long projectId;
    private final Map<Long, Held> variants = new HashMap<>();
    private final Map<GroupKey, Held> byKey = new HashMap<>();
    private final Map<String, String> signatures = new HashMap<>();
    private final Map<GroupKey, Wanted> wanted = new HashMap<>();

    private GroupingRows(Connection transaction, long projectId) {
        this.transaction = transaction;
        this.projectId = projectId;
    }

    /**
     * All crashes of a project, or its newest ones.
     *
     * @param newest how many; 0: all
     */
    static Grouping read(Connection transaction, long projectId, StackKeys keys, int newest) throws SQLException {
        var rows = new GroupingRows(transaction, projectId);
        rows.readVariants();
        List<Flow> flows = rows.flows(keys, newest);
        return new Grouping(flows, rows.resting(flows), rows.apart());
    }

    private void readVariants() throws SQLException {
        try (var query = transaction.prepareStatement(VARIANTS)) {
            query.setFetchSize(AT_ONCE);
            query.setLong(1, projectId);
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    var keys = Keys.of(
                            row.getString(5), row.getString(6), row.getString(7), row.getString(8), row.getBoolean(9));
                    var variant = new Held(
                            row.getLong(1),
                            row.getLong(2),
                            GroupKey.of(row.getString(3)),
                            GroupKey.of(row.getString(4)),
                            keys,
                            signatures.computeIfAbsent(row.getString(10), same -> same),
                            row.getBoolean(11) || row.getBoolean(12),
                            row.getBoolean(12));
                    variants.put(variant.id(), variant);
                    byKey.put(keys.k8(), variant);
                }
            }
        }
    }

    private List<Flow> flows(StackKeys keys, int newest) throws SQLException {
        Map<FlowKey, Long> crashes = new HashMap<>();
        try (var query = crashes(newest)) {
            query.setFetchSize(AT_ONCE);
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    long stack = row.getLong(1); // 0 for a crash without one, which stays as it is
                    long variant = row.getLong(2);
                    Wanted of = stack == 0 ? null : keys.of(stack);
                    Wanted to = of == null ? asItIs(variant, stack) : asKnown(of);
                    crashes.merge(new FlowKey(variant, to.k8()), row.getLong(3), Long::sum);
                }
            }
        }
        var complete = new CompleteKeys();
        wanted.values().forEach(variant -> complete.add(variant.keys()));
        if (newest > 0) {
            // the older crashes are not looked at, and most of them keep their keys
            variants.values().forEach(variant -> complete.add(variant.keys()));
        }
        wanted.replaceAll((k8, variant) -> variant.with(key(variant, complete)));
        List<Flow> flows = new ArrayList<>(crashes.size());
        crashes.forEach((key, count) -> flows.add(new Flow(variant(key.variant()), wantedOf(key.k8()), count)));
        return flows;
    }

    private GroupKey key(Wanted variant, CompleteKeys complete) {
        Held known = byKey.get(variant.k8());
        return known != null && known.placed() ? known.key() : complete.clusterKey(variant.keys());
    }

    private record FlowKey(long variant, GroupKey k8) {}

    private PreparedStatement crashes(int newest) throws SQLException {
        return newest == 0
                ? Fragment.prepare(transaction, ALL_CRASHES, List.of(projectId))
                : Fragment.prepare(transaction, NEWEST_CRASHES, List.of(projectId, newest));
    }

    private Held variant(long id) {
        Held variant = variants.get(id);
        if (variant == null) {
            throw new IllegalStateException("a crash is of variant " + id + ", which its project has not");
        }
        return variant;
    }

    private Wanted wantedOf(GroupKey k8) {
        Wanted known = wanted.get(k8);
        if (known == null) {
            throw new IllegalStateException("keys without a variant");
        }
        return known;
    }

    /** A crash without a stack, or with one that came after the keys were made: then it came with these rules. */
    private Wanted asItIs(long id, long stack) {
        Held variant = variant(id);
        return wanted.computeIfAbsent(variant.keys().k8(), _ -> new Wanted(variant.keys(), variant.signature(), stack));
    }

    /** A variant keeps its name, whichever of its stacks is looked at. */
    private Wanted asKnown(Wanted of) {
        return wanted.computeIfAbsent(of.k8(), k8 -> {
            Held known = byKey.get(k8);
            return known == null ? of : new Wanted(of.keys(), known.signature(), of.stack());
        });
    }

    /** Of clusters without crashes, which may go on where their variants come back. */
    private List<Held> resting(List<Flow> flows) {
        Set<Long> alive = new HashSet<>();
        flows.forEach(flow -> alive.add(flow.from().cluster()));
        return wanted.keySet().stream()
                .map(byKey::get)
                .filter(known -> known != null && !alive.contains(known.cluster()))
                .toList();
    }

    private List<Apart> apart() throws SQLException {
        List<Apart> apart = new ArrayList<>();
        try (var query = Fragment.prepare(transaction, APART, List.of(projectId));
                var row = query.executeQuery()) {
            while (row.next()) {
                apart.add(new Apart(row.getLong(1), row.getLong(2), row.getLong(3)));
            }
        }
        return apart;
    }
}
