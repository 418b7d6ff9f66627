package dev.faultline.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** People who are logged in: a random id in a cookie, its hash in the database. */
@ApplicationScoped
class Sessions {
    /** How exact the idle time is: a page does not cost a write for every part of it. */
    private static final Duration LAST_SEEN_STEP = Duration.ofMinutes(1);

    private static final String CSRF = "csrf";

    private final Sql sql;
    private final Duration idle;
    private final Duration longest;

    Sessions(
            Sql sql,
            @ConfigProperty(name = "faultline.session.idle") Duration idle,
            @ConfigProperty(name = "faultline.session.longest") Duration longest) {
        this.sql = sql;
        this.idle = idle;
        this.longest = longest;
    }

    Secret open(long accountId, Instant now) {
        Secret id = Secret.random("");
        sql.update(
                "insert into session (sha256, account_id, created_at, last_seen_at) values (?, ?, ?, ?)",
                id.sha256(),
                accountId,
                now,
                now);
        return id;
    }

    /** Whose session that is, if it is neither idle nor old; notes that it was seen. */
    Optional<Caller> holder(Secret id, Instant now) {
        return sql.first(
                        """
                        select a.id, a.name, a.scopes, s.last_seen_at
                        from session s join account a on a.id = s.account_id
                        where s.sha256 = ? and s.last_seen_at > ? and s.created_at > ?
                        """,
                        row -> new Found(
                                new Caller.SignedInUser(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        Sql.strings(row, "scopes"),
                                        id.derived(CSRF)),
                                Sql.instant(row, "last_seen_at")),
                        id.sha256(),
                        now.minus(idle),
                        now.minus(longest))
                .map(found -> {
                    if (found.lastSeen.isBefore(now.minus(LAST_SEEN_STEP))) {
                        sql.update("update session set last_seen_at = ? where sha256 = ?", now, id.sha256());
                    }
                    return found.caller;
                });
    }

    void close(Secret id) {
        sql.update("delete from session where sha256 = ?", id.sha256());
    }

    /** Drops sessions that open nothing any more. */
    void forgetEnded(Instant now) {
        sql.update(
                "delete from session where last_seen_at <= ? or created_at <= ?", now.minus(idle), now.minus(longest));
    }

    Duration longest() {
        return longest;
    }

    private record Found(Caller.SignedInUser caller, Instant lastSeen) {}
}
