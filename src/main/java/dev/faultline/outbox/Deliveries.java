package dev.faultline.outbox;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes posts out of the outbox and sends them, each until a receiver takes it (2xx) or a day is over. A post is taken for a time
 * before it is sent: whoever dies with it leaves it to the next, so a receiver may see one twice, with the same event id.
 */
@ApplicationScoped
class Deliveries {
    private static final Logger LOG = Logger.getLogger(Deliveries.class);

    /** Posts at a time; one that hangs takes twenty seconds of a round. */
    private static final int AT_ONCE = 20;

    /** Nobody is so slow with a post that still comes to an end. */
    private static final Duration TAKEN_FOR = Duration.ofMinutes(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration KEPT_FOR = Duration.ofDays(30);
    private static final int ERROR_LENGTH = 500;

    private static final String TAKE = """
            update webhook_delivery d set next_at = ?, attempts = d.attempts + 1
            from webhook w
            where w.id = d.webhook_id and d.id in (
                select id from webhook_delivery where state = 'waiting' and next_at <= ?
                order by next_at limit ? for update skip locked
            )
            returning d.id, d.event_id, d.body, d.attempts, d.give_up_at, w.project_id, w.name, w.url, w.secret
            """;

    private static final String DELIVERED = """
            update webhook_delivery set state = 'delivered', status = ?, error = null, next_at = null, ended_at = ?
            where id = ? and state = 'waiting'
            """;

    private static final String FAILED = """
            update webhook_delivery set state = case when ? then 'dead' else 'waiting' end, status = ?, error = ?,
                next_at = ?, ended_at = ?
            where id = ? and state = 'waiting'
            """;

    private static final String LIST = """
            select d.id, w.name, d.event_id, d.created_at, d.state, d.attempts, d.next_at, d.status, d.error, d.ended_at
            from webhook_delivery d join webhook w on w.id = d.webhook_id
            where d.project_id = ? and\s""";

    private static final String REPLAY = """
            update webhook_delivery set state = 'waiting', attempts = 0, next_at = ?, give_up_at = ?, ended_at = null,
                status = null, error = null
            where project_id = ? and id = ? and state <> 'waiting'
            """;

    private static final String FIND = "select id from webhook_delivery where project_id = ? and id = ?";

    private static final String FORGET = "delete from webhook_delivery where ended_at < ?";

    private final Transactions transactions;
    private final Addresses addresses;
    private final SecretBox secrets;
    private final Poster poster;

    Deliveries(Transactions transactions, Addresses addresses, SecretBox secrets, Poster poster) {
        this.transactions = transactions;
        this.addresses = addresses;
        this.secrets = secrets;
        this.poster = poster;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Taken(
            long id,
            UUID event,
            String body,
            int attempts,
            Instant giveUpAt,
            long projectId,
            String webhook,
            String url,
            byte[] secret) {}

    @Scheduled(every = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyTwoSeconds() throws InterruptedException {
        deliver(Instant.now());
    }

    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyHour() {
        Instant now = Instant.now();
        transactions.durable(transaction -> Fragment.update(transaction, FORGET, now.minus(KEPT_FOR)));
    }

    /** Sends what is due, side by side: a receiver that hangs holds up no other. */
    void deliver(Instant now) throws InterruptedException {
        List<Thread> senders = new ArrayList<>();
        for (Taken taken : take(now)) {
            senders.add(Thread.startVirtualThread(() -> send(taken, now)));
        }
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private List<Taken> take(Instant now) {
        return transactions.durable(transaction -> {
            List<Taken> taken = new ArrayList<>();
            try (var query = Fragment.prepare(transaction, TAKE, List.of(now.plus(TAKEN_FOR), now, AT_ONCE));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    taken.add(new Taken(
                            row.getLong(1),
                            row.getObject(2, UUID.class),
                            row.getString(3),
                            row.getInt(4),
                            Objects.requireNonNull(Rows.instant(row, 5)),
                            row.getLong(6),
                            row.getString(7),
                            row.getString(8),
                            row.getBytes(9)));
                }
            }
            return taken;
        });
    }

    private void send(Taken taken, Instant now) {
        Integer status = null;
        String error;
        try {
            String secret = secrets.open(taken.secret(), Webhooks.place(taken.projectId(), taken.webhook()))
                    .orElseThrow(() ->
                            new Poster.Failed("its secret was sealed with another key: give the webhook a new secret"));
            int answer = poster.post(addresses.target(taken.url()), headers(taken, secret, now), taken.body());
            if (answer >= 200 && answer < 300) {
                transactions.durable(transaction -> Fragment.update(transaction, DELIVERED, answer, now, taken.id()));
                return;
            }
            status = answer;
            error = "it was answered with " + answer;
        } catch (Addresses.Refused | Poster.Failed e) {
            error = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            // the service ends: it is taken again when nobody has it any more
            Thread.currentThread().interrupt();
            return;
        }
        failed(taken, status, error, now);
    }

    private static Map<String, String> headers(Taken taken, String secret, Instant now) {
        long timestamp = now.getEpochSecond();
        return Map.of(
                "Content-Type", "application/cloudevents+json; charset=utf-8",
                "User-Agent", "Faultline",
                "X-Faultline-Delivery", Long.toString(taken.id()),
                "X-Faultline-Event", taken.event().toString(),
                "X-Faultline-Timestamp", Long.toString(timestamp),
                "X-Faultline-Signature", Signature.of(secret, timestamp, taken.body()));
    }

    private void failed(Taken taken, @Nullable Integer status, String error, Instant now) {
        Instant next = now.plus(pause(taken));
        boolean dead = next.isAfter(taken.giveUpAt());
        String shown = error.length() > ERROR_LENGTH ? error.substring(0, ERROR_LENGTH) : error;
        transactions.durably(transaction -> {
            try (var update = transaction.prepareStatement(FAILED)) {
                update.setBoolean(1, dead);
                update.setObject(2, status);
                update.setString(3, shown);
                update.setTimestamp(4, dead ? null : java.sql.Timestamp.from(next));
                update.setTimestamp(5, dead ? java.sql.Timestamp.from(now) : null);
                update.setLong(6, taken.id());
                update.executeUpdate();
            }
        });
        if (dead) {
            LOG.warnf("post %d to webhook %s is given up after a day: %s", taken.id(), taken.webhook(), shown);
        }
    }

    /** Twice as long each time, and a part of it that differs from post to post. */
    private static Duration pause(Taken taken) {
        long seconds = FIRST_PAUSE.toSeconds() << Math.min(taken.attempts() - 1, 10);
        long bounded = Math.min(seconds, LONGEST_PAUSE.toSeconds());
        return Duration.ofSeconds(bounded + Math.floorMod(taken.id() * 31L, Math.max(1, bounded / 5)));
    }

    /** Newest first, those before {@code before}. */
    Page<Delivery> list(Project project, @Nullable String state, long before, int limit) {
        var query = new Fragment(LIST, project.id()).append("d.id < ?", before);
        if (state != null) {
            query.and("d.state = ?", known(state));
        }
        query.append(" order by d.id desc limit ?", limit + 1);
        return transactions.read(connection -> {
            List<Delivery> found = new ArrayList<>();
            try (var statement = query.prepare(connection);
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(delivery(row));
                }
            }
            boolean more = found.size() > limit;
            List<Delivery> shown = more ? found.subList(0, limit) : found;
            return new Page<>(shown, more ? Long.toString(shown.getLast().id()) : null);
        });
    }

    private static String known(String state) {
        for (Delivery.State one : Delivery.State.values()) {
            if (one.label().equals(state)) {
                return state;
            }
        }
        throw Problem.badRequest(
                "bad-parameter", "state: found %s, wanted waiting, delivered or dead", Texts.shown(state));
    }

    /** Posts once more what was given up, or taken. */
    void replay(Project project, long id, Actor actor) {
        transactions.durably(transaction -> {
            int changed = Fragment.update(
                    transaction, REPLAY, actor.now(), actor.now().plus(Outbox.TRIED_FOR), project.id(), id);
            if (changed == 0) {
                throw Rows.ids(transaction, FIND, List.of(project.id(), id)).isEmpty()
                        ? Problem.notFound("delivery-not-found", "The project has no post %d", id)
                        : Problem.of(409, "nothing-to-replay", "Post %d still waits", id);
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "webhook-replayed",
                    "%s: post %d".formatted(project.name(), id),
                    actor.address());
        });
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getLong(1),
                row.getString(2),
                row.getObject(3, UUID.class),
                Objects.requireNonNull(Rows.instant(row, 4)),
                Delivery.State.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
                row.getInt(6),
                Rows.instant(row, 7),
                row.getObject(8, Integer.class),
                row.getString(9),
                Rows.instant(row, 10));
    }
}
