package dev.faultline.pipeline;

import dev.faultline.crash.CrashQueue;
import dev.faultline.ops.Transactions;
import dev.faultline.ops.UnnamedBlobs;
import dev.faultline.symbols.store.BlobStore;
import dev.faultline.symbols.store.SymbolStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Looks once a minute for what can not be: a crash that nobody will process, a lease that nobody holds, bytes that nobody
 * names. Repairs it, and counts it: {@code faultline.repaired} stays 0 where nothing goes wrong.
 */
@ApplicationScoped
class Verifier {
    private static final Logger LOG = Logger.getLogger(Verifier.class);

    /** What is younger may still be on its way. */
    static final Duration UNNAMED_BLOB = Duration.ofHours(1);

    private static final Duration SETTLED = Duration.ofMinutes(1);

    /** Directories of blobs counted in a minute: all 256 of them in about an hour. */
    private static final int PARTS = 5;

    private static final int ALL_PARTS = 256;
    private static final int MOST_BLOBS = 100_000;

    private static final String QUEUED_WITHOUT_JOB = """
            insert into job (crash_id, priority, run_at)
            select c.id, 0, ? from crash c
            where c.state = 'queued' and c.received_at < ? and not exists (select from job j where j.crash_id = c.id)
            on conflict do nothing
            """;

    /** Only where the file came about when the crash was processed: one whose bytes are gone would be tried for ever. */
    private static final String WAITING_FOR_WHAT_IS_HERE = """
            insert into job (crash_id, priority, run_at)
            select distinct c.id, 1, ?::timestamptz
            from crash_missing_symbols m
                join debug_file f on f.project_id = m.project_id and f.build_id = m.build_id
                join crash c on c.id = m.crash_id
            where c.processed_at < ? and f.uploaded_at > c.processed_at - interval '5 minutes'
                and not exists (select from job j where j.crash_id = c.id)
            on conflict do nothing
            """;

    private static final String EXPIRED_LEASES =
            "update job set lease = null, leased_until = null where leased_until < ?";

    private static final String UNNAMED = """
            select b from unnest(?::text[]) b
            where not exists (select from crash where sha256 = b)
                and not exists (select from crash where log_sha256 = b)
                and not exists (select from crash where attachment_sha256 = b)
                and not exists (select from debug_file where sha256 = b)
                and not exists (select from symbol_file where sha256 = b)
            """;

    private final Transactions transactions;
    private final CrashQueue queue;
    private final BlobStore blobs;
    private final SymbolStore indexes;
    private final UnnamedBlobs leftBehind;
    private final MeterRegistry metrics;
    private final AtomicInteger kept = new AtomicInteger();
    private int nextPart;
    private int found;

    Verifier(
            Transactions transactions,
            CrashQueue queue,
            BlobStore blobs,
            SymbolStore indexes,
            UnnamedBlobs leftBehind,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.queue = queue;
        this.blobs = blobs;
        this.indexes = indexes;
        this.leftBehind = leftBehind;
        this.metrics = metrics;
        metrics.gauge("faultline.blobs.unnamed", kept);
    }

    @Scheduled(every = "60s", delayed = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void everyMinute() throws IOException {
        var now = Instant.now();
        verifyQueue(now);
        sweep(now);
        countUnexplained(now);
        blobs.sweep(now.minus(UNNAMED_BLOB));
    }

    void verifyQueue(Instant now) {
        int repaired = repair("job-lost", QUEUED_WITHOUT_JOB, now, now.minus(SETTLED))
                + repair("symbols-overlooked", WAITING_FOR_WHAT_IS_HERE, now, now.minus(SETTLED))
                + repair("lease-expired", EXPIRED_LEASES, now);
        if (repaired > 0) {
            queue.wake();
        }
    }

    private int repair(String what, String sql, Instant... times) {
        int rows = transactions.durable(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < times.length; i++) {
                    statement.setObject(i + 1, times[i].atOffset(ZoneOffset.UTC));
                }
                return statement.executeUpdate();
            }
        });
        metrics.counter("faultline.repaired", "what", what).increment(rows);
        if (rows > 0) {
            LOG.warnf("repaired %d times: %s", rows, what);
        }
        return rows;
    }

    /** Deletes blobs that this process put and that no row came to name; how many. */
    int sweep(Instant now) throws IOException {
        var before = now.minus(UNNAMED_BLOB);
        var old = leftBehind.before(before);
        var nobodys = old.isEmpty() ? Set.<String>of() : Set.copyOf(unnamed(old.keySet()));
        int deleted = 0;
        for (var blob : old.entrySet()) {
            String sha256 = blob.getKey();
            if (nobodys.contains(sha256)) {
                // bytes that were sent again meanwhile are young: they stay, and are looked at again
                if (blobs.deleteUnused(sha256, before)) {
                    indexes.forget(sha256);
                    deleted++;
                } else if (blobs.path(sha256).isPresent()) {
                    continue;
                }
            }
            leftBehind.forget(sha256, blob.getValue());
        }
        if (deleted > 0) {
            LOG.infof("deleted %d blobs that no row names", deleted);
        }
        return deleted;
    }

    /** How many blobs of one directory no row names, and may be those of rows that an older database does not have. */
    int unexplained(int part, Instant now) throws IOException {
        var old = blobs.putBefore(part, now.minus(UNNAMED_BLOB), MOST_BLOBS);
        return old.isEmpty() ? 0 : unnamed(old).size();
    }

    private void countUnexplained(Instant now) throws IOException {
        for (int i = 0; i < PARTS; i++) {
            found += unexplained(nextPart, now);
            nextPart = (nextPart + 1) % ALL_PARTS;
            if (nextPart == 0) {
                if (found > 0 && found != kept.get()) {
                    LOG.warnf(
                            "%d blobs are kept that no row names: was an older database restored beside them?", found);
                }
                kept.set(found);
                found = 0;
            }
        }
    }

    private List<String> unnamed(Collection<String> sha256s) {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(UNNAMED)) {
                select.setArray(1, connection.createArrayOf("text", sha256s.toArray()));
                return strings(select.executeQuery());
            }
        });
    }

    private static List<String> strings(ResultSet rows) throws SQLException {
        var strings = new ArrayList<String>();
        try (rows) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }
}
