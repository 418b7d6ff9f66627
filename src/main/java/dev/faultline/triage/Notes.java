package dev.faultline.triage;

import dev.faultline.cluster.ClusterId;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The notes of clusters. */
final class Notes {
    private static final String ADD = """
            insert into cluster_note (project_id, cluster_id, at, actor, kind, text)
            select project_id, id, ?, ?, ?, ? from cluster where id = ?
            """;

    private static final String LIST = """
            select id, at, actor, kind, text from cluster_note where id = any(?)
            """;

    private Notes() {}

    static void add(Connection transaction, ClusterId cluster, Instant at, String actor, Note.Kind kind, String text)
            throws SQLException {
        Fragment.update(transaction, ADD, at, actor, kind.label(), text, cluster.number());
    }

    static List<Note> list(Connection connection, List<Long> ids) throws SQLException {
        List<Note> notes = new ArrayList<>();
        try (var query = Fragment.prepare(connection, LIST, List.of(ids));
                var row = query.executeQuery()) {
            while (row.next()) {
                notes.add(new Note(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        Note.Kind.of(row.getString(4)),
                        row.getString(5)));
            }
        }
        return notes;
    }
}
