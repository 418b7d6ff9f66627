package dev.faultline.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what: kept with the deed, in its transaction. */
@ApplicationScoped
public class Audit {
    private final Sql sql;

    Audit(Sql sql) {
        this.sql = sql;
    }

    /**
     * One deed.
     *
     * @param actor the name of the {@link Caller}, or of the account that somebody tried to log in to
     * @param action such as {@code token-created}
     * @param subject what it was done to; never a secret
     * @param address where the request came from; null if it is not known
     */
    public record Entry(
            long id,
            Instant at,
            String actor,
            String action,
            String subject,
            @Nullable String address) {}

    /** Writes one entry in the transaction of the caller. */
    public void record(Instant now, String actor, String action, String subject, @Nullable String address) {
        sql.update(
                "insert into audit (at, actor, action, subject, address) values (?, ?, ?, ?, ?)",
                now,
                actor,
                action,
                subject,
                address);
    }

    /** The same in a transaction of plain SQL. */
    public static void record(
            Connection transaction, Instant now, String actor, String action, String subject, @Nullable String address)
            throws SQLException {
        try (var insert = transaction.prepareStatement(
                "insert into audit (at, actor, action, subject, address) values (?, ?, ?, ?, ?)")) {
            insert.setObject(1, now.atOffset(ZoneOffset.UTC));
            insert.setString(2, actor);
            insert.setString(3, action);
            insert.setString(4, subject);
            insert.setString(5, address);
            insert.executeUpdate();
        }
    }

    /** Entries with an id below {@code before}, newest first. */
    List<Entry> before(long before, int limit) {
        return sql.list(
                """
                select id, at, actor, action, subject, address
                from audit
                where id < ?
                order by id desc
                limit ?
                """,
                row -> new Entry(
                        row.getLong("id"),
                        Sql.instant(row, "at"),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("address")),
                before,
                limit);
    }
}
