package dev.faultline.heartbeat;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** A partition for each UTC day of heartbeats: there before its day begins, gone when nobody may ask for it any more. */
@ApplicationScoped
class DayPartitions {
    private static final Logger LOG = Logger.getLogger(DayPartitions.class);

    /** Days that are made before they begin; the first is needed by devices whose clock is ahead. */
    private static final int DAYS_AHEAD = 3;

    private static final int DAYS_BACK = (int) HeartbeatLimits.LATE.toDays();

    private static final List<String> TABLES = List.of("heartbeat", "device_day");

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('partitions of days', 0))";

    private static final String PARTITIONS = """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ?::regclass
            """;

    private static final String FORGET = "delete from heartbeat_seen where last_received < ?";

    private final Transactions transactions;
    private final Duration retention;
    private volatile Set<LocalDate> there = Set.of();

    DayPartitions(
            Transactions transactions, @ConfigProperty(name = "faultline.retention.heartbeats") Duration retention) {
        this.transactions = transactions;
        // what a late heartbeat changes is found out from those around it
        Duration least = HeartbeatLimits.LATE.plusDays(2);
        this.retention = retention.compareTo(least) < 0 ? least : retention;
    }

    /** There are partitions for these days, which are not further from {@code now} than heartbeats may be. */
    void provide(Set<LocalDate> days, Instant now) {
        if (!there.containsAll(days)) {
            there = transactions.durable(transaction -> made(transaction, day(now)));
        }
    }

    @Scheduled(every = "1h", delayed = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyHour() {
        keep(Instant.now());
    }

    /** Makes the partitions of the days around {@code now}, and drops what is older than is kept. */
    void keep(Instant now) {
        there = transactions.durable(transaction -> {
            drop(transaction, day(now.minus(retention)));
            return made(transaction, day(now));
        });
        // who comes again after that is too late by its own clock
        transactions.durable(
                transaction -> Fragment.update(transaction, FORGET, now.minus(HeartbeatLimits.LATE.plusDays(1))));
    }

    static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static Set<LocalDate> made(Connection transaction, LocalDate today) throws SQLException {
        lock(transaction);
        List<LocalDate> days = today.minusDays(DAYS_BACK + 1)
                .datesUntil(today.plusDays(DAYS_AHEAD + 1))
                .toList();
        for (String table : TABLES) {
            List<String> partitions = partitions(transaction, table);
            try (var create = transaction.createStatement()) {
                for (LocalDate day : days) {
                    if (!partitions.contains(name(table, day))) {
                        create.execute("create table %s partition of %s for values from ('%s') to ('%s')"
                                .formatted(name(table, day), table, bound(table, day), bound(table, day.plusDays(1))));
                    }
                }
            }
        }
        return Set.copyOf(days);
    }

    private static void drop(Connection transaction, LocalDate firstKept) throws SQLException {
        lock(transaction);
        for (String table : TABLES) {
            for (String partition : partitions(transaction, table)) {
                if (partition.compareTo(name(table, firstKept)) < 0) {
                    try (var drop = transaction.createStatement()) {
                        drop.execute("drop table " + partition);
                    }
                    LOG.infof("%s is dropped: it is older than faultline.retention.heartbeats", partition);
                }
            }
        }
    }

    private static void lock(Connection transaction) throws SQLException {
        try (var lock = transaction.createStatement()) {
            lock.execute(LOCK);
        }
    }

    private static List<String> partitions(Connection transaction, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var query = Fragment.prepare(transaction, PARTITIONS, List.of(table));
                var row = query.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static String name(String table, LocalDate day) {
        return table + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }

    /** A day, or the moment when it begins. */
    private static String bound(String table, LocalDate day) {
        return table.equals("heartbeat") ? day + " 00:00:00+00" : day.toString();
    }
}
