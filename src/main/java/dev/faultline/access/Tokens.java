package dev.faultline.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Project keys and API tokens. */
@ApplicationScoped
class Tokens {
    /** How exact {@code lastUsedAt} is: a busy device does not cost a write for every crash. */
    private static final Duration LAST_USED_STEP = Duration.ofMinutes(1);

    private static final String COLUMNS = """
            select t.id, t.kind, t.label, t.project_id, p.name as project, t.scopes, t.created_by, t.created_at,
                   t.expires_at, t.revoked_at, t.last_used_at
            from token t left join project p on p.id = t.project_id
            """;

    private final Sql sql;
    private final Audit audit;

    Tokens(Sql sql, Audit audit) {
        this.sql = sql;
        this.audit = audit;
    }

    /** What a token is for; the prefix of its secret says it too. */
    enum Kind {
        @JsonProperty("project-key")
        PROJECT_KEY("project-key", "flk_"),
        @JsonProperty("api-token")
        API_TOKEN("api-token", "flt_");

        private final String word;
        private final String prefix;

        Kind(String word, String prefix) {
            this.word = word;
            this.prefix = prefix;
        }

        private static Kind of(String word) {
            return PROJECT_KEY.word.equals(word) ? PROJECT_KEY : API_TOKEN;
        }
    }

    /** A token without its secret. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Token(
            long id,
            Kind kind,
            String label,
            @Nullable String project,
            Set<String> scopes,
            String createdBy,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {}

    /** What is asked for; the resource has checked that it makes sense. */
    record Wanted(
            Kind kind,
            String label,
            @Nullable Project project,
            Set<String> scopes,
            @Nullable Instant expires) {}

    /** A new token and, this once, its secret. */
    record Made(Token token, Secret secret) {}

    @Transactional
    Made create(Wanted wanted, Caller creator, Instant now, String address) {
        Secret secret = Secret.random(wanted.kind.prefix);
        Project project = wanted.project;
        long id = sql.first(
                        """
                        insert into token (kind, label, sha256, project_id, scopes, created_by, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        returning id
                        """,
                        row -> row.getLong("id"),
                        wanted.kind.word,
                        wanted.label,
                        secret.sha256(),
                        project == null ? null : project.id(),
                        wanted.scopes,
                        creator.getName(),
                        now,
                        wanted.expires)
                .orElseThrow();
        audit.record(now, creator.getName(), "token-created", id + " (" + wanted.label + ")", address);
        return new Made(get(id), secret);
    }

    /** Tokens with an id above {@code after}, revoked and expired ones too. */
    List<Token> after(long after, int limit) {
        return sql.list(COLUMNS + "where t.id > ? order by t.id limit ?", Tokens::token, after, limit);
    }

    /** From now on it opens nothing; a second time changes nothing. */
    @Transactional
    void revoke(long id, Caller revoker, Instant now, String address) {
        Token token = get(id);
        if (sql.update("update token set revoked_at = ? where id = ? and revoked_at is null", now, id) == 1) {
            audit.record(now, revoker.getName(), "token-revoked", id + " (" + token.label + ")", address);
        }
    }

    /** Who holds that secret, if it is a token that is neither revoked nor expired; notes that it was used. */
    Optional<Caller> holder(Secret secret, Instant now) {
        return sql.first(COLUMNS + """
                                where t.sha256 = ?
                                  and t.revoked_at is null
                                  and (t.expires_at is null or t.expires_at > ?)
                                """, Tokens::holder, secret.sha256(), now).map(found -> {
            if (found.lastUsed == null || found.lastUsed.isBefore(now.minus(LAST_USED_STEP))) {
                sql.update("update token set last_used_at = ? where id = ?", now, found.caller.id());
            }
            return found.caller;
        });
    }

    private Token get(long id) {
        return sql.first(COLUMNS + "where t.id = ?", Tokens::token, id)
                .orElseThrow(() -> Problem.notFound("token-not-found", "No token has the id %d", id));
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getLong("id"),
                Kind.of(row.getString("kind")),
                row.getString("label"),
                row.getString("project"),
                Sql.strings(row, "scopes"),
                row.getString("created_by"),
                Sql.instant(row, "created_at"),
                Sql.instantOrNull(row, "expires_at"),
                Sql.instantOrNull(row, "revoked_at"),
                Sql.instantOrNull(row, "last_used_at"));
    }

    private record Found(
            Caller.TokenHolder caller, @Nullable Instant lastUsed) {}

    private static Found holder(ResultSet row) throws SQLException {
        String project = row.getString("project");
        return new Found(
                new Caller.TokenHolder(
                        row.getLong("id"),
                        row.getString("label"),
                        Sql.strings(row, "scopes"),
                        project == null ? null : new Project(row.getLong("project_id"), project)),
                Sql.instantOrNull(row, "last_used_at"));
    }
}
