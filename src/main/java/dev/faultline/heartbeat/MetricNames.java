package dev.faultline.heartbeat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The names of a project's metrics, a limited number: each is a row a day for each release, revision and cohort. */
@ApplicationScoped
class MetricNames {
    /** What stands before the reason of a reboot, where it is counted like a metric. */
    static final String REBOOT = "reboot.";

    private static final int MOST_PROJECTS = 1000;
    private static final Duration KEPT_FOR = Duration.ofMinutes(10);

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('metric names of a project', ?))";

    private static final String NEW = """
            insert into metric_name (project_id, name)
            select ?, n.name from unnest(?::text[]) as n (name)
            where not exists (select from metric_name m where m.project_id = ? and m.name = n.name)
            order by n.name
            limit greatest(0, ? - (select count(*) from metric_name where project_id = ?))
            """;

    private static final String KNOWN = "select name from metric_name where project_id = ?";

    private final Transactions transactions;
    private final int most;
    private final Cache<Long, Set<String>> known = Caffeine.newBuilder()
            .maximumSize(MOST_PROJECTS)
            .expireAfterWrite(KEPT_FOR)
            .build();

    MetricNames(Transactions transactions, @ConfigProperty(name = "faultline.limits.metrics") int most) {
        this.transactions = transactions;
        this.most = most;
    }

    /** Those of the names that the project has no room for; the others have rows from now on. */
    SortedSet<String> withoutRoom(long projectId, Set<String> names) {
        Set<String> before = known.getIfPresent(projectId);
        if (before != null && before.containsAll(names)) {
            return new TreeSet<>();
        }
        Set<String> now = before != null && before.size() >= most
                ? before
                : transactions.durable(transaction -> added(transaction, projectId, names));
        known.put(projectId, now);
        SortedSet<String> without = new TreeSet<>(names);
        without.removeAll(now);
        return without;
    }

    private Set<String> added(Connection transaction, long projectId, Set<String> names) throws SQLException {
        try (var lock = Fragment.prepare(transaction, LOCK, List.of(projectId))) {
            lock.execute();
        }
        Fragment.update(transaction, NEW, projectId, names.toArray(String[]::new), projectId, most, projectId);
        Set<String> all = new HashSet<>();
        try (var query = Fragment.prepare(transaction, KNOWN, List.of(projectId));
                var row = query.executeQuery()) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return Set.copyOf(all);
    }
}
