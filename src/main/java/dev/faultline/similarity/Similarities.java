package dev.faultline.similarity;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Problem;
import dev.faultline.ops.Transactions;
import dev.faultline.similarity.Comparing.Compared;
import dev.faultline.similarity.SimilarVariants.Rarity;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What clusters are like each other. */
@ApplicationScoped
public class Similarities {
    private static final Logger LOG = Logger.getLogger(Similarities.class);
    private static final int MOST_SHOWN = 10;

    /** Pairs with one variant in the cluster and one in another that has crashes, but for those that people took apart. */
    private static final String OF_CLUSTER = """
            select s.score, s.because, mine.id, other.id, other.cluster_id, k.signature, mine.frames, other.frames
            from (
                select variant_id as here, other_variant_id as there, score, because from merge_suggestion
                where variant_id in (select id from variant where cluster_id = ?)
                union all
                select other_variant_id, variant_id, score, because from merge_suggestion
                where other_variant_id in (select id from variant where cluster_id = ?)) s
            join variant mine on mine.id = s.here
            join variant other on other.id = s.there and other.cluster_id <> mine.cluster_id
            join cluster k on k.id = other.cluster_id and k.project_id = ?
            where exists (select from variant v join variant_day d on d.variant_id = v.id where v.cluster_id = k.id)
                and not exists (
                    select from variant_apart x
                    join cluster_edit e on e.id = x.edit_id and e.undone_by is null
                    join variant a on a.id = x.variant_id and a.cluster_id = mine.cluster_id
                    join variant_apart y on y.edit_id = x.edit_id and y.side <> x.side
                    join variant b on b.id = y.variant_id and b.cluster_id = other.cluster_id)
            order by s.score desc, mine.id, other.id limit ?
            """;

    private final Transactions transactions;
    private final Comparing comparing;
    private final SimilarVariants variants;
    private final SimilaritySettingsRows settings;
    private final ClusterEdits edits;

    Similarities(
            Transactions transactions,
            Comparing comparing,
            SimilarVariants variants,
            SimilaritySettingsRows settings,
            ClusterEdits edits) {
        this.transactions = transactions;
        this.comparing = comparing;
        this.variants = variants;
        this.settings = settings;
        this.edits = edits;
    }

    /** Clusters that this one may be the same as, the likest first. */
    public List<Similar> of(Project project, ClusterId cluster) {
        return transactions.read(connection -> {
            Map<Long, Similar> byCluster = new LinkedHashMap<>();
            try (var query = connection.prepareStatement(OF_CLUSTER)) {
                query.setLong(1, cluster.number());
                query.setLong(2, cluster.number());
                query.setLong(3, project.id());
                query.setInt(4, MOST_SHOWN * Comparing.MOST_SUGGESTIONS);
                try (var row = query.executeQuery()) {
                    while (row.next() && byCluster.size() < MOST_SHOWN) {
                        long other = row.getLong(5);
                        if (!byCluster.containsKey(other)) {
                            byCluster.put(
                                    other,
                                    new Similar(
                                            new ClusterId(other),
                                            row.getString(6),
                                            row.getDouble(1),
                                            row.getString(2),
                                            row.getLong(3),
                                            row.getLong(4),
                                            Alignment.of(
                                                    variants.names(row.getString(7)),
                                                    variants.names(row.getString(8)))));
                        }
                    }
                }
            }
            return List.copyOf(byCluster.values());
        });
    }

    /** How a project has its clusters compared. */
    public SimilaritySettings settings(Project project) {
        return transactions.read(connection -> settings.of(connection, project.id()));
    }

    /** Whether clusters that are very much alike are joined without asking. */
    public SimilaritySettings autoJoin(Project project, boolean autoJoin, Actor actor) {
        return transactions.durable(transaction -> {
            settings.autoJoin(transaction, project.id(), autoJoin);
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "similarity-auto-join",
                    "%s: %s".formatted(project.name(), autoJoin ? "on" : "off"),
                    actor.address());
            return settings.of(transaction, project.id());
        });
    }

    /** Compares the next variant that was not compared yet; whether there was one. */
    boolean compareNext(Instant now) {
        Optional<Compared> compared = transactions.repeatable(transaction -> comparing.next(transaction, now));
        compared.ifPresent(of -> {
            if (of.join() != null) {
                join(of, of.join(), now);
            }
        });
        return compared.isPresent();
    }

    private void join(Compared compared, Comparing.Join join, Instant now) {
        try {
            edits.merge(
                    new Project(compared.projectId(), name(compared.projectId())),
                    new ClusterId(join.cluster()),
                    List.of(new ClusterId(compared.cluster())),
                    new Actor("similarity", null, now),
                    join.because());
        } catch (Problem changed) {
            // somebody merged or emptied one of them meanwhile; the suggestion stays for people
            LOG.infof("cluster C-%d did not join C-%d: %s", compared.cluster(), join.cluster(), changed.detail());
        }
    }

    private String name(long projectId) {
        return transactions.read(connection -> {
            try (var query = connection.prepareStatement("select name from project where id = ?")) {
                query.setLong(1, projectId);
                try (var row = query.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    /** Chooses the weights of every project in which somebody merged or took apart since they were chosen. */
    int tune(Instant now) {
        List<Long> projects = transactions.read(Similarities::untuned);
        projects.forEach(project -> tune(project, now));
        return projects.size();
    }

    private static List<Long> untuned(Connection connection) throws SQLException {
        String sql = """
                select p.id from project p left join similarity s on s.project_id = p.id
                where exists (
                    select from cluster_edit e
                    where e.project_id = p.id and (s.tuned_at is null or e.at > s.tuned_at))
                order by p.id
                """;
        try (var query = connection.prepareStatement(sql);
                var row = query.executeQuery()) {
            List<Long> projects = new ArrayList<>();
            while (row.next()) {
                projects.add(row.getLong(1));
            }
            return projects;
        }
    }

    Tuning.Tuned tune(long projectId, Instant now) {
        return transactions.durable(transaction -> {
            List<Tuning.Pair> pairs = TaughtPairs.of(transaction, projectId);
            List<Long> frames = new ArrayList<>();
            pairs.forEach(pair -> {
                frames.addAll(pair.one());
                frames.addAll(pair.other());
            });
            Rarity rarity = variants.rarity(transaction, projectId, frames);
            Tuning.Tuned tuned = Tuning.of(pairs, rarity::share);
            settings.tuned(transaction, projectId, tuned, now);
            return tuned;
        });
    }
}
