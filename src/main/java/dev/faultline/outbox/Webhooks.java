package dev.faultline.outbox;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The webhooks of a project. */
@Singleton
class Webhooks {
    private static final int MOST = 20;
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 200;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** The path of all posts. */
    private static final String TAKEN_NAME = "deliveries";

    private static final String LOCK = "select count(*) from (select from webhook where project_id = ? for update) w";

    private static final String SELECT = """
            select name, gate, url, changed_at, changed_by from webhook where project_id = ?
            """;

    private static final String LIST = SELECT + " order by name";
    private static final String ONE = SELECT + " and name = ?";

    private static final String SAVE = """
            insert into webhook (project_id, name, gate, url, secret, changed_at, changed_by) values (?, ?, ?, ?, ?, ?, ?)
            on conflict (project_id, name) do update set gate = excluded.gate, url = excluded.url,
                secret = case when ? then excluded.secret else webhook.secret end, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            """;

    private static final String DELETE = "delete from webhook where project_id = ? and name = ?";

    private final Transactions transactions;
    private final Addresses addresses;
    private final SecretBox secrets;

    Webhooks(Transactions transactions, Addresses addresses, SecretBox secrets) {
        this.transactions = transactions;
        this.addresses = addresses;
        this.secrets = secrets;
    }

    /** What secrets are sealed for. */
    static String place(long projectId, String name) {
        return projectId + "/" + name;
    }

    List<Webhook> list(Project project) {
        return transactions.read(connection -> {
            List<Webhook> found = new ArrayList<>();
            try (var query = Fragment.prepare(connection, LIST, List.of(project.id()));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(webhook(row, null));
                }
            }
            return List.copyOf(found);
        });
    }

    /**
     * Makes a webhook, or changes one. A new one without a secret gets one.
     *
     * @param secret the new one; null: it stays as it is
     * @param rotate whether it gets a new one all the same
     */
    Webhook save(
            Project project,
            String name,
            @Nullable String gate,
            @Nullable String url,
            @Nullable String secret,
            boolean rotate,
            Actor actor) {
        if (!NAME.matcher(name).matches() || name.equals(TAKEN_NAME)) {
            throw Problem.badRequest(
                    "bad-name", "a webhook's name is of small letters, digits, dots and dashes, and not deliveries");
        }
        if (gate != null && !NAME.matcher(gate).matches()) {
            throw Problem.badRequest("bad-gate", "gate is no name of a gate");
        }
        String address = addresses.checked(url);
        String given = secret == null ? null : checked(secret);
        return transactions.durable(transaction -> {
            long others = Rows.ids(transaction, LOCK, List.of(project.id())).getFirst();
            boolean isNew = found(transaction, project, name, null) == null;
            if (isNew && others >= MOST) {
                throw Problem.of(409, "too-many-webhooks", "a project has at most %d webhooks", MOST);
            }
            boolean secretChanges = isNew || rotate || given != null;
            String holds = given == null ? random() : given;
            List<@Nullable Object> values = Arrays.asList(
                    project.id(),
                    name,
                    gate,
                    address,
                    secrets.seal(holds, place(project.id(), name)),
                    actor.now(),
                    actor.name(),
                    secretChanges);
            try (var save = Fragment.prepare(transaction, SAVE, values)) {
                save.executeUpdate();
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "webhook-changed",
                    "%s: %s to %s%s"
                            .formatted(
                                    project.name(), name, hostOf(address), secretChanges ? ", with a new secret" : ""),
                    actor.address());
            return Objects.requireNonNull(found(transaction, project, name, secretChanges ? holds : null));
        });
    }

    /** Paths and queries of such addresses are often secrets themselves. */
    private static String hostOf(String url) {
        return String.valueOf(java.net.URI.create(url).getHost());
    }

    private static String checked(String secret) {
        if (secret.length() < SHORTEST_SECRET
                || secret.length() > LONGEST_SECRET
                || !secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Problem.badRequest(
                    "bad-secret",
                    "secret: wanted %d to %d printable ASCII characters without blanks",
                    SHORTEST_SECRET,
                    LONGEST_SECRET);
        }
        return secret;
    }

    private static String random() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return "flw_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Ends a webhook, and what still waits for it. */
    void delete(Project project, String name, Actor actor) {
        transactions.durably(transaction -> {
            if (Fragment.update(transaction, DELETE, project.id(), name) == 0) {
                throw Problem.notFound("webhook-not-found", "The project has no webhook of that name");
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "webhook-deleted",
                    project.name() + ": " + name,
                    actor.address());
        });
    }

    private static @Nullable Webhook found(
            java.sql.Connection connection, Project project, String name, @Nullable String secret) throws SQLException {
        try (var query = Fragment.prepare(connection, ONE, List.of(project.id(), name));
                var row = query.executeQuery()) {
            return row.next() ? webhook(row, secret) : null;
        }
    }

    private static Webhook webhook(ResultSet row, @Nullable String secret) throws SQLException {
        Instant changed = Objects.requireNonNull(Rows.instant(row, 4));
        return new Webhook(row.getString(1), row.getString(2), row.getString(3), changed, row.getString(5), secret);
    }
}
