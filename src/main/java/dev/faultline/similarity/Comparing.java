package dev.faultline.similarity;

import dev.faultline.similarity.SimilarVariants.Candidate;
import dev.faultline.similarity.SimilarVariants.Rarity;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a new variant with those that were there, and keeps what it is like. */
@Singleton
class Comparing {
    /** Clusters that are suggested for one. */
    static final int MOST_SUGGESTIONS = 5;

    private static final String NEXT = """
            select id, project_id, cluster_id, frames, provisional, not exists (
                select from variant o where o.cluster_id = v.cluster_id and o.id < v.id), (
                    select c.fingerprint ->> 'assertion' from crash c
                    where c.variant_id = v.id order by c.effective_at desc, c.id desc limit 1)
            from variant v where compared_at is null
            order by id limit 1
            for no key update skip locked
            """;

    private static final String APART = """
            select exists (
                select from variant_apart x
                join cluster_edit e on e.id = x.edit_id and e.undone_by is null
                join variant a on a.id = x.variant_id and a.cluster_id = ?
                join variant_apart y on y.edit_id = x.edit_id and y.side <> x.side
                join variant b on b.id = y.variant_id and b.cluster_id = ?)
            """;

    private static final String SUGGEST = """
            insert into merge_suggestion (variant_id, other_variant_id, score, because, found_at) values (?, ?, ?, ?, ?)
            on conflict do nothing
            """;

    private final SimilarVariants variants;
    private final SimilaritySettingsRows settings;

    Comparing(SimilarVariants variants, SimilaritySettingsRows settings) {
        this.variants = variants;
        this.settings = settings;
    }

    /**
     * What came of one variant.
     *
     * @param join the cluster that its own is to join without asking
     */
    record Compared(long projectId, long cluster, @Nullable Join join) {}

    /** A cluster, and why. */
    record Join(long cluster, String because) {}

    private record Next(
            long id,
            long projectId,
            long cluster,
            String frames,
            boolean provisional,
            boolean first,
            @Nullable String assertion) {}

    /** A candidate and how like the new one it is. */
    record Scored(Candidate candidate, double score) {}

    /** The next variant that was not compared yet. */
    Optional<Compared> next(Connection transaction, Instant now) throws SQLException {
        Next next = next(transaction);
        if (next == null) {
            return Optional.empty();
        }
        try (var update = transaction.prepareStatement("update variant set compared_at = ? where id = ?")) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setLong(2, next.id());
            update.executeUpdate();
        }
        if (next.provisional()) {
            return Optional.of(
                    new Compared(next.projectId(), next.cluster(), null)); // its names are those of one build
        }
        List<Long> frames =
                variants.add(transaction, next.projectId(), next.id(), variants.names(next.frames()), next.assertion());
        return Optional.of(new Compared(
                next.projectId(), next.cluster(), next.first() ? suggest(transaction, next, frames, now) : null));
    }

    private static @Nullable Next next(Connection transaction) throws SQLException {
        try (var query = transaction.prepareStatement(NEXT);
                var row = query.executeQuery()) {
            return row.next()
                    ? new Next(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getString(7))
                    : null;
        }
    }

    private @Nullable Join suggest(Connection transaction, Next next, List<Long> frames, Instant now)
            throws SQLException {
        SimilaritySettings by = settings.of(transaction, next.projectId());
        List<Candidate> candidates = variants.candidates(
                transaction, next.id(), frames, variants.rarity(transaction, next.projectId(), frames));
        List<Long> known = new ArrayList<>(frames);
        candidates.forEach(candidate -> known.addAll(candidate.frames()));
        Rarity rarity = variants.rarity(transaction, next.projectId(), known);
        Join join = null;
        int suggested = 0;
        for (Scored scored : best(frames, candidates, rarity, by.weights())) {
            long cluster = scored.candidate().cluster();
            if (suggested == MOST_SUGGESTIONS) {
                break;
            }
            if (apart(transaction, next.cluster(), cluster)) {
                continue;
            }
            suggested++;
            String because = because(scored, frames, rarity);
            write(transaction, next.id(), scored, because, now);
            if (join == null && by.autoJoin() && scored.score() >= Similar.JOINED) {
                join = new Join(cluster, because);
            }
        }
        return join;
    }

    /** The best variant of each cluster that is like enough, best first. */
    static List<Scored> best(List<Long> frames, List<Candidate> candidates, Rarity rarity, Weights weights) {
        var by = new Weighing(weights, rarity::share);
        WeighedStack own = by.stack(frames);
        Map<Long, Scored> byCluster = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            double score = own.similarity(by.stack(candidate.frames()), by);
            if (score >= Similar.SUGGESTED) {
                byCluster.merge(
                        candidate.cluster(),
                        new Scored(candidate, score),
                        (one, other) -> ORDER.compare(one, other) <= 0 ? one : other);
            }
        }
        return byCluster.values().stream().sorted(ORDER).toList();
    }

    private static final Comparator<Scored> ORDER = Comparator.comparingDouble((Scored scored) -> -scored.score())
            .thenComparingLong(scored -> scored.candidate().variant());

    private static String because(Scored scored, List<Long> frames, Rarity rarity) {
        List<Long> common = frames.stream()
                .filter(scored.candidate().frames()::contains)
                .distinct()
                .toList();
        long rarest = common.stream()
                .mapToLong(frame -> rarity.byFrame().getOrDefault(frame, 1L))
                .min()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "score %.2f: %d of %d frames are in both; the rarest of them is in %d of %d variants",
                scored.score(),
                common.size(),
                Math.max(frames.size(), scored.candidate().frames().size()),
                rarest,
                rarity.variants());
    }

    private static boolean apart(Connection transaction, long one, long other) throws SQLException {
        try (var query = transaction.prepareStatement(APART)) {
            query.setLong(1, one);
            query.setLong(2, other);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void write(Connection transaction, long variant, Scored scored, String because, Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(SUGGEST)) {
            insert.setLong(1, variant);
            insert.setLong(2, scored.candidate().variant());
            insert.setDouble(3, scored.score());
            insert.setString(4, because);
            insert.setTimestamp(5, Timestamp.from(now));
            insert.executeUpdate();
        }
    }
}
