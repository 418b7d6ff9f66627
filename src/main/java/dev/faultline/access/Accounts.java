package dev.faultline.access;

import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** People who log in with a password. */
@ApplicationScoped
class Accounts {
    private final Sql sql;
    private final Audit audit;

    Accounts(Sql sql, Audit audit) {
        this.sql = sql;
        this.audit = audit;
    }

    /** An account without its password. */
    record Account(long id, String name, Set<String> scopes, Instant createdAt) {}

    /** What a log-in is checked against. */
    record Credentials(long id, String name, String passwordHash) {}

    /** A new account; a 409 problem if the name is taken. */
    @Transactional
    Account create(String name, String passwordHash, Set<String> scopes, Caller creator, Instant now, String address) {
        Account account = sql.first("""
                        insert into account (name, password_hash, scopes, created_at) values (?, ?, ?, ?)
                        on conflict (name) do nothing
                        returning id, name, scopes, created_at
                        """, Accounts::account, name, passwordHash, scopes, now)
                .orElseThrow(() -> Problem.of(409, "user-exists", "A user has the name %s already", name));
        audit.record(now, creator.getName(), "user-created", name, address);
        return account;
    }

    /** Accounts whose name is behind {@code after}, by name. */
    List<Account> after(String after, int limit) {
        return sql.list("""
                select id, name, scopes, created_at
                from account
                where name collate "C" > ?
                order by name collate "C"
                limit ?
                """, Accounts::account, after, limit);
    }

    /** A new password; whoever is logged in with the old one is logged out. */
    @Transactional
    void changePassword(String name, String passwordHash, Caller changer, Instant now, String address) {
        long id = idOf(name);
        sql.update("update account set password_hash = ? where id = ?", passwordHash, id);
        sql.update("delete from session where account_id = ?", id);
        audit.record(now, changer.getName(), "password-changed", name, address);
    }

    /** The account is gone and its sessions with it. */
    @Transactional
    void delete(String name, Caller deleter, Instant now, String address) {
        sql.update("delete from account where id = ?", idOf(name));
        audit.record(now, deleter.getName(), "user-deleted", name, address);
    }

    Optional<Credentials> credentials(String name) {
        return sql.first(
                "select id, name, password_hash from account where name = ?",
                row -> new Credentials(row.getLong("id"), row.getString("name"), row.getString("password_hash")),
                name);
    }

    private long idOf(String name) {
        return sql.first("select id from account where name = ?", row -> row.getLong("id"), name)
                .orElseThrow(() -> Problem.notFound("user-not-found", "No user has the name %s", Texts.shown(name)));
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getLong("id"), row.getString("name"), Sql.strings(row, "scopes"), Sql.instant(row, "created_at"));
    }
}
