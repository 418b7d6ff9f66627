package dev.faultline.cluster;

import dev.faultline.ops.Backlog;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps the roll-ups up to date: every second, and for whoever is about to read them. */
@ApplicationScoped
public class RollUps {
    /** Rows of the log that one transaction takes. */
    private static final int AT_ONCE = 2000;

    private final Backlog backlog;

    RollUps(Transactions transactions) {
        this.backlog = new Backlog(transactions, "crash_counted", AT_ONCE, RollUp::logged);
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everySecond() {
        backlog.drain();
    }

    /** The roll-ups hold every crash that was counted before, unless more than {@value #AT_ONCE} wait for the next second. */
    public void catchUp(long projectId) {
        backlog.catchUp(projectId);
    }
}
