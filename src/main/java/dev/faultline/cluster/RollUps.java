package dev.faultline.cluster;

import dev.faultline.ops.Backlog;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Keeps the roll-ups up to date: every second, and for whoever is about to read them. */
@ApplicationScoped
public class RollUps {
    /** Rows of the log that one transaction takes. */
    private static final int AT_ONCE = 2000;

    /** Variants that moved, of the log of those, that one transaction takes. */
    private static final int MOVED_AT_ONCE = 50;

    private static final String BEHIND = """
            select exists (select from variant_moved where project_id = ?)
                or exists (select from crash_counted where project_id = ? offset ?)
            """;

    private final Transactions transactions;
    private final Backlog counted;
    private final Backlog moved;

    RollUps(Transactions transactions) {
        this.transactions = transactions;
        this.counted = new Backlog(transactions, "crash_counted", AT_ONCE, RollUp::logged);
        this.moved = new Backlog(transactions, "variant_moved", MOVED_AT_ONCE, RollUp::later);
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everySecond() {
        counted.drain();
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void followEverySecond() {
        moved.drain();
    }

    /** The roll-ups hold every crash that was counted before, unless more than {@value #AT_ONCE} wait for the next second. */
    public void catchUp(long projectId) {
        counted.catchUp(projectId);
    }

    /** All that edits moved so far is counted where it is now. */
    public void follow() {
        moved.drain();
    }

    /**
     * Whether crashes that an edit moved are still counted where they were, or more wait than whoever reads the roll-ups adds
     * to them.
     */
    public boolean behind(long projectId) {
        return transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, BEHIND, List.of(projectId, projectId, AT_ONCE));
                    var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }
}
