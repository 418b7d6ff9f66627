package dev.faultline.cluster;

import dev.faultline.cluster.Grouping.Flow;
import dev.faultline.cluster.GroupingDifference.Changes;
import dev.faultline.cluster.GroupingDifference.Example;
import dev.faultline.cluster.GroupingPlan.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells what a plan changes, in the words of those who use clusters. */
final class GroupingChanges {
    /** Signatures told of one cluster, and clusters told of one change. */
    private static final int MOST_TOLD = 10;

    private final Grouping grouping;
    private final GroupingPlan plan;
    private final Map<Long, Group> before = new HashMap<>();
    private final Map<Integer, Group> after = new HashMap<>();

    private GroupingChanges(Grouping grouping, GroupingPlan plan) {
        this.grouping = grouping;
        this.plan = plan;
    }

    /** The crashes of a cluster, of before or after. */
    private static final class Group {
        final Set<String> signaturesBefore = new LinkedHashSet<>();
        final Set<String> signaturesAfter = new LinkedHashSet<>();
        final Set<Long> clusters = new TreeSet<>();
        final Set<Integer> targets = new TreeSet<>();
        final long stack;
        long crashes;

        Group(long stack) {
            this.stack = stack;
        }

        void add(Flow flow, int target) {
            crashes += flow.crashes();
            clusters.add(flow.from().cluster());
            targets.add(target);
            signaturesBefore.add(flow.from().signature());
            signaturesAfter.add(flow.to().signature());
        }
    }

    static GroupingDifference of(Connection connection, Grouping grouping, GroupingPlan plan, int most)
            throws SQLException {
        return new GroupingChanges(grouping, plan).difference(connection, most);
    }

    private GroupingDifference difference(Connection connection, int most) throws SQLException {
        long crashes = 0;
        long changed = 0;
        Set<Object> variantsBefore = new HashSet<>();
        Set<Object> variantsAfter = new HashSet<>();
        for (Flow flow : grouping.flows()) {
            boolean stays = plan.stays(flow);
            int target = stays ? plan.staying().getOrDefault(flow.from().id(), -1) : plan.target(flow.to());
            crashes += flow.crashes();
            changed += stays || flow.from().keys().k8().equals(flow.to().k8()) ? 0 : flow.crashes();
            variantsBefore.add(flow.from().keys().k8());
            variantsAfter.add(stays ? flow.from().keys().k8() : flow.to().k8());
            before.computeIfAbsent(
                            flow.from().cluster(), _ -> new Group(flow.to().stack()))
                    .add(flow, target);
            after.computeIfAbsent(target, _ -> new Group(flow.to().stack())).add(flow, target);
        }
        List<Group> split = some(before.values(), group -> group.targets.size() > 1);
        List<Group> joined = some(after.values(), group -> group.clusters.size() > 1);
        List<Group> renamed = some(before.values(), this::renamed);
        return new GroupingDifference(
                crashes,
                changed,
                variantsBefore.size(),
                variantsAfter.size(),
                before.size(),
                after.size(),
                changes(connection, split, most),
                changes(connection, joined, most),
                changes(connection, renamed, most));
    }

    private static List<Group> some(Collection<Group> groups, java.util.function.Predicate<Group> which) {
        return groups.stream()
                .filter(which)
                .sorted(Comparator.comparingLong((Group group) -> -group.crashes)
                        .thenComparingLong(group -> group.clusters.iterator().next())
                        .thenComparingInt(group -> group.targets.iterator().next()))
                .toList();
    }

    private boolean renamed(Group group) {
        if (group.targets.size() != 1) {
            return false;
        }
        int target = group.targets.iterator().next();
        Group there = after.get(target);
        return there != null
                && there.clusters.size() == 1
                && !group.signaturesBefore.contains(
                        plan.targets().get(target).named().signature());
    }

    private Changes changes(Connection connection, List<Group> groups, int most) throws SQLException {
        List<Example> examples = new ArrayList<>();
        for (Group group : groups.subList(0, Math.min(most, groups.size()))) {
            examples.add(new Example(
                    group.signaturesBefore.stream().limit(MOST_TOLD).toList(),
                    group.signaturesAfter.stream().limit(MOST_TOLD).toList(),
                    group.crashes,
                    crash(connection, group.stack),
                    group.clusters.stream().limit(MOST_TOLD).map(ClusterId::new).toList(),
                    group.targets.stream()
                            .map(plan.targets()::get)
                            .map(Target::cluster)
                            .filter(cluster -> cluster != 0)
                            .limit(MOST_TOLD)
                            .map(ClusterId::new)
                            .toList()));
        }
        return new Changes(groups.size(), examples);
    }

    private static @Nullable UUID crash(Connection connection, long stack) throws SQLException {
        String sql = "select c.id from stack s join crash c on c.project_id = s.project_id and c.stack_id = s.id"
                + " where s.id = ? order by c.id limit 1";
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, stack);
            try (var row = query.executeQuery()) {
                return row.next() ? row.getObject(1, UUID.class) : null;
            }
        }
    }
}
