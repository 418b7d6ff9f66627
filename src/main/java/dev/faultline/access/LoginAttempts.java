package dev.faultline.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Limits guessing of passwords, by network and by user. An attempt is written before the password is looked at and
 * deleted when it was right, so that many at once can not pass between a count and a write.
 */
@ApplicationScoped
class LoginAttempts {
    static final Duration WINDOW = Duration.ofMinutes(15);
    static final int MOST_BY_NETWORK = 10;
    /** Higher: a stranger who knows a name should not lock its owner out from one network alone. */
    static final int MOST_BY_NAME = 50;

    private static final int LONGEST_NAME = 64;

    private final Sql sql;

    LoginAttempts(Sql sql) {
        this.sql = sql;
    }

    /** The attempt's id; empty if there were too many, and then this one does not count. */
    OptionalLong begin(String name, String network, Instant now) {
        String kept = name.substring(0, Math.min(name.length(), LONGEST_NAME)).replace('\0', '?');
        long id = sql.first(
                        "insert into login_attempt (name, network, at) values (?, ?, ?) returning id",
                        row -> row.getLong("id"),
                        kept,
                        network,
                        now)
                .orElseThrow();
        Instant since = now.minus(WINDOW);
        if (count("select count(*) from login_attempt where network = ? and at > ?", network, since) > MOST_BY_NETWORK
                || count("select count(*) from login_attempt where name = ? and at > ?", kept, since) > MOST_BY_NAME) {
            forget(id);
            return OptionalLong.empty();
        }
        return OptionalLong.of(id);
    }

    /** The password was right. */
    void forget(long id) {
        sql.update("delete from login_attempt where id = ?", id);
    }

    void forgetOld(Instant now) {
        sql.update("delete from login_attempt where at <= ?", now.minus(WINDOW));
    }

    private long count(String statement, String of, Instant since) {
        return sql.first(statement, row -> row.getLong(1), of, since).orElseThrow();
    }
}
