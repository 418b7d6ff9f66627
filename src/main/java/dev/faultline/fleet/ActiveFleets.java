package dev.faultline.fleet;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many devices each project has that were heard of within {@link #ACTIVE_FOR}; a minute old at most while lists are read. */
@ApplicationScoped
public class ActiveFleets {
    /** A device counts as active for so long after its last word. */
    public static final Duration ACTIVE_FOR = Duration.ofDays(30);

    private static final Duration FRESH_FOR = Duration.ofMinutes(1);
    private static final Duration KEPT_FOR = Duration.ofMinutes(5);
    private static final int MOST_PROJECTS = 1000;

    private static final String DEVICES = """
            select coalesce(hardware, ''), count(*) from device where project_id = ? and last_seen >= ? group by 1
            """;

    private final Transactions transactions;
    private final LoadingCache<Long, ActiveFleet> fleets;

    public ActiveFleets(Transactions transactions) {
        this.transactions = transactions;
        this.fleets = Caffeine.newBuilder()
                .maximumSize(MOST_PROJECTS)
                .refreshAfterWrite(FRESH_FOR)
                .expireAfterWrite(KEPT_FOR)
                .build(project -> counted(project, Instant.now()));
    }

    public ActiveFleet of(long projectId) {
        return fleets.get(projectId);
    }

    private ActiveFleet counted(long projectId, Instant now) {
        return transactions.read(connection -> {
            Map<String, Long> byHardware = new HashMap<>();
            long devices = 0;
            try (var query = Fragment.prepare(connection, DEVICES, List.of(projectId, now.minus(ACTIVE_FOR)));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    byHardware.put(row.getString(1), row.getLong(2));
                    devices += row.getLong(2);
                }
            }
            return new ActiveFleet(devices, byHardware);
        });
    }
}
