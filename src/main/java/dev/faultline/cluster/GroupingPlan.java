package dev.faultline.cluster;

import dev.faultline.cluster.Grouping.Apart;
import dev.faultline.cluster.Grouping.Flow;
import dev.faultline.cluster.Grouping.Held;
import dev.faultline.cluster.Grouping.Stays;
import dev.faultline.cluster.Grouping.Wanted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters there are when all crashes have new keys, and which of them go on as which of the old ones. A function of
 * its input alone, whatever order that comes in.
 *
 * <p>Each old cluster is cut into <em>pieces</em>: its heart, which is what people put there and, of each old cluster key,
 * the largest part; and one piece for every other new one. Pieces of several clusters that have a new key in common grow
 * together, unless they had an old one in common too, which somebody keeps apart, or a person took them apart. What grew
 * together goes on as the cluster it has most crashes of.
 */
final class GroupingPlan {

    /**
     * A cluster as it is to be.
     *
     * @param cluster the one that goes on as it; 0: a new one
     * @param named its variant with most crashes
     */
    record Target(long cluster, Wanted named, Map<Long, Long> crashesByCluster) {}

    private final Grouping grouping;
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Long, Map<GroupKey, Piece>> pieceOf = new HashMap<>();
    private final Map<Long, List<Apart>> apartOf = new HashMap<>();

    private final Map<GroupKey, Integer> targetOf = new HashMap<>();
    private final Map<Long, Integer> targetOfStaying = new HashMap<>();
    private final Set<Stays> stays = new HashSet<>();
    private final List<Target> targets = new ArrayList<>();

    private GroupingPlan(Grouping grouping) {
        this.grouping = grouping;
        grouping.apart()
                .forEach(apart -> apartOf.computeIfAbsent(apart.variant(), _ -> new ArrayList<>())
                        .add(apart));
    }

    static GroupingPlan of(Grouping grouping) {
        var plan = new GroupingPlan(grouping);
        plan.cut();
        plan.grow();
        plan.settle();
        return plan;
    }

    /** The index of the target that a variant with these keys is in. */
    int target(Wanted variant) {
        return targetOf.getOrDefault(variant.k8(), -1);
    }

    /** Where old variants go some of whose crashes stay in them. */
    Map<Long, Integer> staying() {
        return Collections.unmodifiableMap(targetOfStaying);
    }

    boolean stays(Flow flow) {
        return stays.contains(new Stays(flow.from().id(), flow.to().k8()));
    }

    Set<Stays> stays() {
        return Collections.unmodifiableSet(stays);
    }

    List<Target> targets() {
        return Collections.unmodifiableList(targets);
    }

    /** A part of an old cluster that stays together. */
    private static final class Piece {
        final long cluster;
        Piece grownInto = this;
        /** Of each new cluster key in it, the old ones. */
        final Map<GroupKey, Set<GroupKey>> keys = new TreeMap<>();

        final Map<GroupKey, Long> crashesByKey = new HashMap<>();
        final Map<Long, Set<Long>> sides = new HashMap<>();
        /** Every cluster in it, of what grew together. */
        final Set<Long> clusters = new HashSet<>();

        Piece(long cluster) {
            this.cluster = cluster;
            clusters.add(cluster);
        }

        Piece root() {
            Piece at = this;
            while (at.grownInto != at) {
                at = at.grownInto;
            }
            return at;
        }
    }

    // ---- old clusters, cut ----

    private void cut() {
        Map<Long, Map<GroupKey, Map<GroupKey, Long>>> byCluster = new TreeMap<>();
        Map<Long, Set<GroupKey>> hearts = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            long cluster = flow.from().cluster();
            byCluster
                    .computeIfAbsent(cluster, _ -> new HashMap<>())
                    .computeIfAbsent(flow.from().origin(), _ -> new HashMap<>())
                    .merge(flow.to().key(), flow.crashes(), Long::sum);
            if (flow.from().held()) {
                hearts.computeIfAbsent(cluster, _ -> new HashSet<>())
                        .add(flow.to().key());
            }
        }
        byCluster.forEach((cluster, byOldKey) -> {
            Set<GroupKey> heart = hearts.computeIfAbsent(cluster, _ -> new HashSet<>());
            byOldKey.values().forEach(parts -> heart.add(largest(parts)));
            var whole = piece(cluster);
            Map<GroupKey, Piece> of = new HashMap<>();
            byOldKey.values()
                    .forEach(parts -> parts.keySet()
                            .forEach(key ->
                                    of.computeIfAbsent(key, some -> heart.contains(some) ? whole : piece(cluster))));
            pieceOf.put(cluster, of);
        });
        for (Held resting : grouping.resting()) {
            pieceOf.computeIfAbsent(resting.cluster(), _ -> new HashMap<>())
                    .computeIfAbsent(resting.key(), _ -> piece(resting.cluster()))
                    .keys
                    .computeIfAbsent(resting.key(), _ -> new HashSet<>());
        }
        for (Flow flow : grouping.flows()) {
            Piece piece = piece(flow);
            piece.keys
                    .computeIfAbsent(flow.to().key(), _ -> new HashSet<>())
                    .add(flow.from().key());
            piece.crashesByKey.merge(flow.to().key(), flow.crashes(), Long::sum);
            for (Apart apart : apartOf.getOrDefault(flow.from().id(), List.of())) {
                piece.sides.computeIfAbsent(apart.edit(), _ -> new HashSet<>()).add(apart.side());
            }
        }
    }

    private Piece piece(long cluster) {
        var piece = new Piece(cluster);
        pieces.add(piece);
        return piece;
    }

    private Piece piece(Flow flow) {
        Piece piece = pieceOf.getOrDefault(flow.from().cluster(), Map.of())
                .get(flow.to().key());
        if (piece == null) {
            throw new IllegalStateException("a flow is in no piece: " + flow);
        }
        return piece;
    }

    private static GroupKey largest(Map<GroupKey, Long> parts) {
        return parts.entrySet().stream()
                .min(Map.Entry.<GroupKey, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
    }

    // ---- pieces with the same keys, grown together ----

    private void grow() {
        Map<GroupKey, List<Piece>> byKey = new TreeMap<>();
        for (Piece piece : pieces) {
            piece.keys
                    .keySet()
                    .forEach(key ->
                            byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(piece));
        }
        byKey.forEach((key, of) -> {
            of.sort(Comparator.comparingLong((Piece piece) -> -piece.crashesByKey.getOrDefault(key, 0L))
                    .thenComparingLong(piece -> piece.cluster));
            for (int i = 1; i < of.size(); i++) {
                Piece small = of.get(i).root();
                for (Piece large : of.subList(0, i)) {
                    if (large.root() == small || joined(large.root(), small, key)) {
                        break;
                    }
                }
            }
        });
    }

    private static boolean joined(Piece large, Piece small, GroupKey key) {
        if (apart(large, small) || sameOld(large, small, key)) {
            return false;
        }
        small.grownInto = large;
        large.clusters.addAll(small.clusters);
        small.keys.forEach((of, old) ->
                large.keys.computeIfAbsent(of, _ -> new HashSet<>()).addAll(old));
        small.sides.forEach((edit, sides) ->
                large.sides.computeIfAbsent(edit, _ -> new HashSet<>()).addAll(sides));
        return true;
    }

    /** They had the same old cluster key and were in two clusters nevertheless: that is somebody's doing, not the keys'. */
    private static boolean sameOld(Piece one, Piece other, GroupKey key) {
        Set<GroupKey> ones = one.keys.getOrDefault(key, Set.of());
        return other.keys.getOrDefault(key, Set.of()).stream().anyMatch(ones::contains);
    }

    private static boolean apart(Piece one, Piece other) {
        return one.sides.entrySet().stream().anyMatch(entry -> {
            Set<Long> there = other.sides.getOrDefault(entry.getKey(), Set.of());
            Set<Long> both = new HashSet<>(entry.getValue());
            both.addAll(there);
            return !there.isEmpty() && both.size() > 1;
        });
    }

    // ---- who goes on as whom ----

    private void settle() {
        Map<GroupKey, Map<Piece, Long>> byVariant = new LinkedHashMap<>();
        Map<GroupKey, Wanted> wanted = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            wanted.putIfAbsent(flow.to().k8(), flow.to());
            byVariant
                    .computeIfAbsent(flow.to().k8(), _ -> new HashMap<>())
                    .merge(piece(flow).root(), flow.crashes(), Long::sum);
        }
        // a variant that has these keys already stays where it is: some of its crashes might have to
        Map<GroupKey, Piece> home = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            if (flow.from().keys().k8().equals(flow.to().k8())) {
                home.put(flow.to().k8(), piece(flow).root());
            }
        }
        byVariant.forEach((k8, roots) -> home.computeIfAbsent(k8, _ -> most(roots)));

        Map<Piece, Map<Long, Long>> overlap = new HashMap<>();
        Map<Piece, Map<GroupKey, Long>> variants = new HashMap<>();
        Map<Long, Piece> staying = new HashMap<>();
        for (Flow flow : grouping.flows()) {
            Piece own = piece(flow).root();
            Piece there = home.getOrDefault(flow.to().k8(), own);
            Piece goes = there;
            if (there != own && apart(there, own)) {
                stays.add(new Stays(flow.from().id(), flow.to().k8()));
                staying.put(flow.from().id(), own);
                goes = own;
            }
            overlap.computeIfAbsent(goes, _ -> new HashMap<>())
                    .merge(flow.from().cluster(), flow.crashes(), Long::sum);
            variants.computeIfAbsent(goes, _ -> new HashMap<>()).merge(flow.to().k8(), flow.crashes(), Long::sum);
        }
        Map<Piece, Integer> index = goOn(overlap, variants, wanted);
        home.forEach((k8, piece) -> targetOf.put(k8, index.getOrDefault(piece, -1)));
        staying.forEach((variant, piece) -> targetOfStaying.put(variant, index.getOrDefault(piece, -1)));
    }

    private static Piece most(Map<Piece, Long> roots) {
        return roots.entrySet().stream()
                .min(Comparator.<Map.Entry<Piece, Long>>comparingLong(entry -> -entry.getValue())
                        .thenComparingLong(entry -> entry.getKey().cluster))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private record Claim(Piece piece, long cluster, long crashes) {}

    /** Largest overlap first, the oldest cluster where two are equal; each cluster goes on once. */
    private Map<Piece, Integer> goOn(
            Map<Piece, Map<Long, Long>> overlap,
            Map<Piece, Map<GroupKey, Long>> variants,
            Map<GroupKey, Wanted> wanted) {
        List<Claim> claims = new ArrayList<>();
        overlap.forEach((piece, clusters) -> {
            clusters.forEach((cluster, crashes) -> claims.add(new Claim(piece, cluster, crashes)));
            piece.clusters.stream()
                    .filter(cluster -> !clusters.containsKey(cluster))
                    .forEach(cluster -> claims.add(new Claim(piece, cluster, 0)));
        });
        claims.sort(Comparator.comparingLong((Claim claim) -> -claim.crashes())
                .thenComparingLong(Claim::cluster)
                .thenComparing(claim -> firstKey(claim.piece())));
        Map<Piece, Long> goesOnAs = new HashMap<>();
        Set<Long> taken = new HashSet<>();
        for (Claim claim : claims) {
            if (!taken.contains(claim.cluster()) && !goesOnAs.containsKey(claim.piece())) {
                goesOnAs.put(claim.piece(), claim.cluster());
                taken.add(claim.cluster());
            }
        }
        Map<Piece, Integer> index = new HashMap<>();
        overlap.keySet().stream()
                .sorted(Comparator.comparing(GroupingPlan::firstKey).thenComparingLong(piece -> piece.cluster))
                .forEach(piece -> {
                    index.put(piece, targets.size());
                    Wanted named = name(variants.getOrDefault(piece, Map.of()), wanted);
                    if (named == null) {
                        throw new IllegalStateException("a cluster without a variant");
                    }
                    targets.add(
                            new Target(goesOnAs.getOrDefault(piece, 0L), named, overlap.getOrDefault(piece, Map.of())));
                });
        return index;
    }

    private static GroupKey firstKey(Piece piece) {
        return piece.keys.keySet().iterator().next();
    }

    private static @Nullable Wanted name(Map<GroupKey, Long> variants, Map<GroupKey, Wanted> wanted) {
        return variants.entrySet().stream()
                .min(Map.Entry.<GroupKey, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> wanted.get(entry.getKey()))
                .orElse(null);
    }
}
