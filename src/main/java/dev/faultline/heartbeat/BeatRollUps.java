package dev.faultline.heartbeat;

import dev.faultline.ops.Backlog;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps what is counted of heartbeats up to date: every second, and for whoever is about to read it. */
@ApplicationScoped
public class BeatRollUps {
    /** Heartbeats that one transaction takes. */
    private static final int AT_ONCE = 5000;

    private final Backlog backlog;

    BeatRollUps(Transactions transactions) {
        this.backlog = new Backlog(transactions, "heartbeat_waiting", AT_ONCE, BeatRollUp::add);
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everySecond() {
        backlog.drain();
    }

    /** Every heartbeat that was acknowledged before is counted, unless more than {@value #AT_ONCE} wait for the next second. */
    public void catchUp(long projectId) {
        backlog.catchUp(projectId);
    }
}
