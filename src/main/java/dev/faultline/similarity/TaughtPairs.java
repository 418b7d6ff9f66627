package dev.faultline.similarity;

import dev.faultline.similarity.Tuning.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pairs of variants that people merged, or said are not the same. */
final class TaughtPairs {
    /** Of either kind, the newest. */
    static final int MOST_PAIRS = 500;

    /** What a merge moved, beside what was there before. */
    private static final String MERGED = """
            select a.frames, b.frames
            from cluster_edit m
            join cluster_edit_variant e on e.edit_id = m.id
            join variant_stack a on a.variant_id = e.variant_id
            join lateral (
                select v.id from variant v
                where v.cluster_id = e.to_cluster and not exists (
                    select from cluster_edit_variant o where o.edit_id = m.id and o.variant_id = v.id)
                order by v.id limit 1) there on true
            join variant_stack b on b.variant_id = there.id
            where m.project_id = ? and m.kind = 'merge' and m.undone_by is null
            order by m.id desc, e.variant_id limit ?
            """;

    private static final String APART = """
            select a.frames, b.frames
            from cluster_edit m
            join variant_apart x on x.edit_id = m.id
            join lateral (
                select y.variant_id from variant_apart y
                where y.edit_id = m.id and y.side > x.side order by y.variant_id limit 1) there on true
            join variant_stack a on a.variant_id = x.variant_id
            join variant_stack b on b.variant_id = there.variant_id
            where m.project_id = ? and m.undone_by is null
            order by m.id desc, x.variant_id limit ?
            """;

    private TaughtPairs() {}

    static List<Pair> of(Connection connection, long projectId) throws SQLException {
        List<Pair> pairs = new ArrayList<>(read(connection, MERGED, projectId, true));
        pairs.addAll(read(connection, APART, projectId, false));
        return pairs;
    }

    private static List<Pair> read(Connection connection, String sql, long projectId, boolean same)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, projectId);
            query.setInt(2, MOST_PAIRS);
            try (var row = query.executeQuery()) {
                List<Pair> pairs = new ArrayList<>();
                while (row.next()) {
                    pairs.add(new Pair(
                            Arrays.asList((Long[]) row.getArray(1).getArray()),
                            Arrays.asList((Long[]) row.getArray(2).getArray()),
                            same));
                }
                return pairs;
            }
        }
    }
}
