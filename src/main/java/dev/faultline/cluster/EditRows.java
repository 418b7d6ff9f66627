package dev.faultline.cluster;

import dev.faultline.access.Actor;
import dev.faultline.cluster.ClusterEdit.Kind;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one edit: first its rows, which say what moves where; then the variants follow them. */
final class EditRows {
    private static final String EDIT =
            "insert into cluster_edit (project_id, at, actor, kind, undoes) values (?, ?, ?, ?, ?) returning id";

    private static final String WHOLE_CLUSTERS = """
            insert into cluster_edit_variant
            select ?, id, cluster_id, ?, joined_because, joined_by from variant
            where project_id = ? and cluster_id = any(?)
            """;

    private static final String WHERE_THEY_ARE = """
            insert into cluster_edit_variant
            select ?, id, cluster_id, cluster_id, joined_because, joined_by from variant
            where project_id = ? and cluster_id = any(?)
            """;

    private static final String SOME_OF_ONE = """
            insert into cluster_edit_variant
            select ?, id, cluster_id, ?, joined_because, joined_by from variant
            where project_id = ? and cluster_id = ? and id = any(?)
            """;

    /** Where the variants of an edit came from; those that a merge's rule brought go to where its frames came from. */
    private static final String BACK = """
            insert into cluster_edit_variant
            select ?, v.id, v.cluster_id, coalesce(b.from_cluster, l.from_cluster), v.joined_because, v.joined_by
            from variant v
            left join cluster_edit_variant b on b.variant_id = v.id and b.edit_id = ?
            left join cluster_link l on l.edit_id = v.joined_by and l.edit_id = ? and l.cluster_key = v.cluster_key
                and l.to_cluster = v.cluster_id
            where v.project_id = ? and (b.variant_id is not null or l.edit_id is not null)
                and v.id in (
                    select variant_id from cluster_edit_variant where edit_id = ?
                    union select id from variant where joined_by = ?)
            """;

    private static final String MOVE = """
            update variant v set cluster_id = e.to_cluster, joined_because = ?, joined_by = null
            from cluster_edit_variant e where e.edit_id = ? and v.id = e.variant_id
            """;

    /** With the reason of before; one that came by the undone merge's rule has no place of before and keeps its own. */
    private static final String MOVE_BACK = """
            update variant v set cluster_id = e.to_cluster, joined_because = coalesce(b.joined_because, v.joined_because),
                joined_by = b.joined_by
            from cluster_edit_variant e
            left join cluster_edit_variant b on b.edit_id = ? and b.variant_id = e.variant_id
            where e.edit_id = ? and v.id = e.variant_id
            """;

    private static final String LINKS = """
            insert into cluster_link
            select e.edit_id, v.project_id, v.cluster_key, min(e.from_cluster), min(e.to_cluster)
            from cluster_edit_variant e join variant v on v.id = e.variant_id
            where e.edit_id = ? group by e.edit_id, v.project_id, v.cluster_key
            """;

    /** What moved, against what stayed where it was. */
    private static final String APART = """
            insert into variant_apart
            select ?, v.id, v.cluster_id from variant v
            where v.id in (
                select variant_id from cluster_edit_variant where edit_id = ?
                union select id from variant
                where cluster_id in (select from_cluster from cluster_edit_variant where edit_id = ?))
            """;

    private static final String EMPTIED = """
            update cluster k set moved_to = e.to_cluster
            from (select from_cluster, min(to_cluster) as to_cluster from cluster_edit_variant where edit_id = ?
                group by from_cluster) e
            where k.id = e.from_cluster and not exists (select from variant where cluster_id = k.id)
            """;

    private static final String FILLED = """
            update cluster set moved_to = null
            where moved_to is not null and id in (select to_cluster from cluster_edit_variant where edit_id = ?)
            """;

    private static final String VARIANTS = "select variant_id from cluster_edit_variant where edit_id = ?";

    private static final String UNDONE = "update cluster_edit set undone_by = ? where id = ?";

    /** What was taken back by the edit that is taken back holds again. */
    private static final String IN_FORCE_AGAIN =
            "update cluster_edit set undone_by = null where undone_by = ? and id <> ?";

    private final Connection transaction;
    private final long projectId;
    private final long edit;

    private EditRows(Connection transaction, long projectId, long edit) {
        this.transaction = transaction;
        this.projectId = projectId;
        this.edit = edit;
    }

    static EditRows begin(Connection transaction, long projectId, Actor actor, Kind kind, @Nullable Long undoes)
            throws SQLException {
        try (var insert = transaction.prepareStatement(EDIT)) {
            insert.setLong(1, projectId);
            insert.setTimestamp(2, Timestamp.from(actor.now()));
            insert.setString(3, actor.name());
            insert.setString(4, kind.label());
            insert.setObject(5, undoes, Types.BIGINT);
            try (var row = insert.executeQuery()) {
                row.next();
                return new EditRows(transaction, projectId, row.getLong(1));
            }
        }
    }

    long edit() {
        return edit;
    }

    int wholeClusters(List<Long> clusters, long to) throws SQLException {
        return update(WHOLE_CLUSTERS, edit, to, projectId, clusters);
    }

    /** All variants of some clusters, of which none moves. */
    int whereTheyAre(List<Long> clusters) throws SQLException {
        return update(WHERE_THEY_ARE, edit, projectId, clusters);
    }

    int some(List<Long> variants, long from, long to) throws SQLException {
        return update(SOME_OF_ONE, edit, to, projectId, from, variants);
    }

    void moved(String because) throws SQLException {
        update(MOVE, because, edit);
        redirects();
    }

    void movedBack(long undone) throws SQLException {
        update(BACK, edit, undone, undone, projectId, undone, undone);
        update(MOVE_BACK, undone, edit);
        redirects();
        update(IN_FORCE_AGAIN, undone, undone);
        update(UNDONE, edit, undone);
    }

    void teaches() throws SQLException {
        update(LINKS, edit);
    }

    int apart() throws SQLException {
        return update(APART, edit, edit, edit);
    }

    private void redirects() throws SQLException {
        update(EMPTIED, edit);
        update(FILLED, edit);
        RollUp.moved(transaction, projectId, Rows.ids(transaction, VARIANTS, List.of(edit)));
    }

    private int update(String sql, Object... values) throws SQLException {
        return Fragment.update(transaction, sql, values);
    }
}
