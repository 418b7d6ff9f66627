package dev.faultline.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Blobs that this process put, or took the name of, and that no row names for all it knows: what an upload that was
 * refused leaves behind. Only these are ever deleted. That no row names a blob proves nothing by itself: the database may
 * be an older one, restored beside newer blobs. Kept in memory, so that nothing is known here that came before a restart.
 */
@ApplicationScoped
public class UnnamedBlobs {
    /** More are left where they are. */
    private static final int MOST = 100_000;

    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    /** A blob was put, and its row is still to come; or its row names another one from now on. */
    public void add(String sha256, Instant now) {
        if (since.size() < MOST) {
            since.put(sha256, now);
        }
    }

    /** A row names it, durably; or it is gone. */
    public void remove(String sha256) {
        since.remove(sha256);
    }

    /** Those that were added before that time, with it. */
    public Map<String, Instant> before(Instant time) {
        return since.entrySet().stream()
                .filter(blob -> blob.getValue().isBefore(time))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Forgets one that {@link #before} gave, unless it was added again. */
    public void forget(String sha256, Instant added) {
        since.remove(sha256, added);
    }
}
