package dev.faultline.cluster;

import dev.faultline.fingerprint.ClusterKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the complete ones of many variants say of the incomplete ones: {@link ClusterKey}, in memory. */
final class CompleteKeys {
    /** As many say as much as all. */
    private static final int ENOUGH = 2;

    private final Map<GroupKey, Set<GroupKey>> byK1 = new HashMap<>();
    private final Map<GroupKey, Set<GroupKey>> byK2 = new HashMap<>();

    void add(Keys keys) {
        if (keys.incomplete()) {
            return;
        }
        add(byK1, keys.k1(), keys.k3());
        if (keys.k2() != null) {
            add(byK2, keys.k2(), keys.k3());
        }
    }

    private static void add(Map<GroupKey, Set<GroupKey>> by, GroupKey key, GroupKey k3) {
        Set<GroupKey> of = by.computeIfAbsent(key, _ -> HashSet.newHashSet(1));
        if (of.size() < ENOUGH) {
            of.add(k3);
        }
    }

    GroupKey clusterKey(Keys keys) {
        return keys.incomplete() ? ClusterKey.chosen(keys.k3(), of(byK1, keys.k1()), of(byK2, keys.k2())) : keys.k3();
    }

    private static Set<GroupKey> of(Map<GroupKey, Set<GroupKey>> by, @Nullable GroupKey key) {
        return key == null ? Set.of() : by.getOrDefault(key, Set.of());
    }
}
