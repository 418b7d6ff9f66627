package dev.faultline.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.analysis.ClaimedIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a crash through the database: accepted, on lease, done. The queue is a table beside the crashes, so that a
 * crash and its job are durable together.
 */
@ApplicationScoped
public class CrashQueue {
    /** Longer than any analysis; a worker that died loses its jobs after this time, or when its service starts again. */
    static final Duration LEASE = Duration.ofMinutes(2);

    /** Workers that are busy need not be told more often than there may be idle ones. */
    private static final int MOST_NEWS = 32;

    private static final int FRESH = 0;
    private static final int AGAIN = 1;

    private static final String ADD = """
            with added as (
                insert into crash (id, project_id, sender, sha256, size, claims, log_sha256, attachment_sha256,
                    captured_at, received_at, effective_at, state)
                values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, 'queued')
                on conflict (project_id, sender, sha256, ordinal) do nothing
                returning id)
            insert into job (crash_id, priority, run_at)
            select id, ?, ? from added
            returning crash_id
            """;

    private static final String KNOWN =
            "select id from crash where project_id = ? and sender = ? and sha256 = ? and ordinal = 1";

    private static final String CLAIM = """
            with next as materialized (
                select crash_id from job
                where run_at <= ? and (leased_until is null or leased_until < ?)
                order by priority, run_at, crash_id
                limit ?
                for update skip locked)
            update job j
            set attempts = j.attempts + 1, lease = ?, leased_until = ?
            from next, crash c
            where j.crash_id = next.crash_id and c.id = j.crash_id
            returning j.crash_id, j.attempts, c.project_id, c.sha256, c.log_sha256, c.ordinal, c.claims, c.effective_at
            """;

    private static final String SIBLING = """
            with added as (
                insert into crash (id, project_id, sender, sha256, size, claims, log_sha256, attachment_sha256,
                    captured_at, received_at, effective_at, state, ordinal, coredumps)
                select ?, project_id, sender, sha256, size, claims, log_sha256, attachment_sha256,
                    captured_at, received_at, effective_at, 'queued', ?, ?
                from crash where id = ?
                on conflict (project_id, sender, sha256, ordinal) do nothing
                returning id)
            insert into job (crash_id, priority, run_at)
            select id, ?, ? from added
            """;

    private static final String COREDUMPS = """
            update crash s set coredumps = ?
            from crash c
            where c.id = ? and s.project_id = c.project_id and s.sender = c.sender and s.sha256 = c.sha256
                and s.coredumps <> ?
            """;

    private static final String RELEASE = """
            insert into job (crash_id, priority, run_at)
            select id, ?, ? from crash
            where project_id = ? and id in (
                select crash_id from crash_missing_symbols where project_id = ? and build_id = any (?))
            order by id
            on conflict (crash_id) do update
            set run_at = excluded.run_at, attempts = 0, lease = null, leased_until = null
            """;

    private static final String AGAIN_WITH = """
            insert into job (crash_id, priority, run_at)
            select id, ?, ? from crash
            where state in ('processed', 'needs-symbols') and id in (
                select id from crash where project_id = ? and build_id = ?
                union select crash_id from crash_module where project_id = ? and build_id = ?)
            order by id
            on conflict (crash_id) do update
            set run_at = excluded.run_at, attempts = 0, lease = null, leased_until = null
            """;

    private static final String ALL_AGAIN = """
            insert into job (crash_id, priority, run_at)
            select id, ?, ? from crash
            where project_id = ? and state in ('processed', 'needs-symbols')
            order by id
            on conflict (crash_id) do update
            set run_at = excluded.run_at, attempts = 0, lease = null, leased_until = null
            """;

    private final Transactions transactions;
    private final ObjectMapper json;
    private final Semaphore news = new Semaphore(0);

    CrashQueue(Transactions transactions, ObjectMapper json) {
        this.transactions = transactions;
        this.json = json;
    }

    /**
     * Adds a crash and its job, durably; or finds the crash that the same bytes of the same sender became before. Safe
     * against the same upload at the same time.
     */
    public Receipt add(NewCrash crash) {
        while (true) {
            Optional<Receipt> receipt = transactions.read(connection -> {
                var added = insert(connection, crash);
                return added.isPresent()
                        ? added.map(id -> new Receipt(id, true))
                        : known(connection, crash).map(id -> new Receipt(id, false));
            });
            // neither: it was deleted between the two statements
            if (receipt.isPresent()) {
                if (receipt.get().added()) {
                    wake();
                }
                return receipt.get();
            }
        }
    }

    private Optional<UUID> insert(Connection connection, NewCrash crash) throws SQLException {
        try (var insert = connection.prepareStatement(ADD)) {
            insert.setObject(1, CrashIds.next(crash.receivedAt()));
            insert.setLong(2, crash.projectId());
            insert.setString(3, crash.sender());
            insert.setString(4, crash.sha256());
            insert.setLong(5, crash.size());
            insert.setString(6, json(crash.claims()));
            insert.setString(7, crash.logSha256());
            insert.setString(8, crash.attachmentSha256());
            setTime(insert, 9, crash.capturedAt());
            setTime(insert, 10, crash.receivedAt());
            setTime(insert, 11, crash.effectiveAt());
            insert.setInt(12, FRESH);
            setTime(insert, 13, crash.receivedAt());
            try (var row = insert.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    private static Optional<UUID> known(Connection connection, NewCrash crash) throws SQLException {
        try (var query = connection.prepareStatement(KNOWN)) {
            query.setLong(1, crash.projectId());
            query.setString(2, crash.sender());
            query.setString(3, crash.sha256());
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    /**
     * Makes crashes of the other coredumps that an upload turned out to have, each with its job; those that are there
     * already stay. The caller {@link #wake}s after the commit.
     *
     * @param first the crash that the upload became
     */
    public void addSiblings(Connection transaction, UUID first, int coredumps, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(SIBLING)) {
            for (int ordinal = 2; ordinal <= coredumps; ordinal++) {
                insert.setObject(1, CrashIds.next(now));
                insert.setInt(2, ordinal);
                insert.setInt(3, coredumps);
                insert.setObject(4, first);
                insert.setInt(5, FRESH);
                setTime(insert, 6, now);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (var update = transaction.prepareStatement(COREDUMPS)) {
            update.setInt(1, coredumps);
            update.setObject(2, first);
            update.setInt(3, coredumps); // those that know it are not locked: who moves crashes has locked them first
            update.executeUpdate();
        }
    }

    /** Takes up to {@code most} crashes on lease, fresh ones before those that are processed again. */
    public List<Job> claim(int most, Instant now) {
        UUID lease = UUID.randomUUID();
        return transactions.repeatable(connection -> {
            try (var claim = connection.prepareStatement(CLAIM)) {
                setTime(claim, 1, now);
                setTime(claim, 2, now);
                claim.setInt(3, most);
                claim.setObject(4, lease);
                setTime(claim, 5, now.plus(LEASE));
                var jobs = new ArrayList<Job>();
                try (var row = claim.executeQuery()) {
                    while (row.next()) {
                        jobs.add(new Job(
                                row.getObject(1, UUID.class),
                                lease,
                                row.getInt(2),
                                row.getLong(3),
                                row.getString(4),
                                row.getString(5),
                                row.getInt(6),
                                claims(row.getString(7)),
                                row.getObject(8, OffsetDateTime.class).toInstant()));
                    }
                }
                return jobs;
            }
        });
    }

    /**
     * Takes every job off its lease; how many. Only where this process alone works on the queue, and has not begun: the
     * leases are then those of one that was killed. Its attempts count, as its end may have been their doing.
     */
    public int takeBack() {
        return transactions.repeatable(connection -> {
            try (var update = connection.prepareStatement(
                    "update job set lease = null, leased_until = null where lease is not null")) {
                return update.executeUpdate();
            }
        });
    }

    /** Ends a job; false: it is not this worker's any more, and nothing else may be written. */
    public boolean end(Connection transaction, Job job) throws SQLException {
        try (var delete = transaction.prepareStatement("delete from job where crash_id = ? and lease = ?")) {
            delete.setObject(1, job.crash());
            delete.setObject(2, job.lease());
            return delete.executeUpdate() == 1;
        }
    }

    /** Gives a job back to be tried at {@code at}. */
    public void retry(Job job, String error, Instant at) {
        transactions.repeatable(connection -> {
            try (var update = connection.prepareStatement(
                    "update job set lease = null, leased_until = null, run_at = ?, last_error = ?"
                            + " where crash_id = ? and lease = ?")) {
                setTime(update, 1, at);
                update.setString(2, error);
                update.setObject(3, job.crash());
                update.setObject(4, job.lease());
                return update.executeUpdate();
            }
        });
    }

    /** Queues one crash again. */
    public void again(Connection transaction, UUID crash, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(
                "insert into job (crash_id, priority, run_at) values (?, ?, ?) on conflict (crash_id) do nothing")) {
            insert.setObject(1, crash);
            insert.setInt(2, AGAIN);
            setTime(insert, 3, now);
            insert.executeUpdate();
        }
    }

    /**
     * Queues every crash that waits for the symbols of a build, by any of the words for it; how many. The caller
     * {@link #wake}s after the commit.
     */
    public int releaseWaiting(Connection transaction, long projectId, List<String> buildIds, Instant now)
            throws SQLException {
        try (var insert = transaction.prepareStatement(RELEASE)) {
            insert.setInt(1, AGAIN);
            setTime(insert, 2, now);
            insert.setLong(3, projectId);
            insert.setLong(4, projectId);
            insert.setArray(5, transaction.createArrayOf("text", buildIds.toArray()));
            return insert.executeUpdate();
        }
    }

    /** Queues every crash again of which a build is an image, because better symbols are there; how many. */
    public int releaseAll(Connection transaction, long projectId, String buildId, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(AGAIN_WITH)) {
            insert.setInt(1, AGAIN);
            setTime(insert, 2, now);
            insert.setLong(3, projectId);
            insert.setString(4, buildId);
            insert.setLong(5, projectId);
            insert.setString(6, buildId);
            return insert.executeUpdate();
        }
    }

    /**
     * Queues every crash of a project again, because its crashes are read in another way from now on; how many. One that a
     * worker has at the moment is taken from it. The caller {@link #wake}s after the commit.
     */
    int releaseProject(Connection transaction, long projectId, Instant now) throws SQLException {
        try (var insert = transaction.prepareStatement(ALL_AGAIN)) {
            insert.setInt(1, AGAIN);
            setTime(insert, 2, now);
            insert.setLong(3, projectId);
            return insert.executeUpdate();
        }
    }

    /** Tells a waiting worker that there is a job; to be called after the commit. */
    public void wake() {
        if (news.availablePermits() < MOST_NEWS) {
            news.release();
        }
    }

    /** Waits until there is news, or for {@code most}; whether there was. */
    public boolean await(Duration most) throws InterruptedException {
        return news.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private String json(ClaimedIdentity claims) {
        try {
            return json.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims are a record of strings", e);
        }
    }

    private ClaimedIdentity claims(String text) {
        try {
            return json.readValue(text, ClaimedIdentity.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims were written by this service", e);
        }
    }

    private static void setTime(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
        statement.setObject(index, time == null ? null : time.atOffset(ZoneOffset.UTC));
    }
}
