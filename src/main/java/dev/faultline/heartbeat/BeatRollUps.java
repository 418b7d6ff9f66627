package dev.faultline.heartbeat;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is counted of heartbeats up to date: every second, and for whoever is about to read it. */
@ApplicationScoped
public class BeatRollUps {
    /** Heartbeats that one transaction takes. */
    private static final int AT_ONCE = 5000;

    private static final String WAITING = "select exists (select from heartbeat_waiting where project_id = ?)";

    /** One look at the index for each project, however many rows wait. */
    private static final String PROJECTS = """
            select id from project p where exists (select from heartbeat_waiting w where w.project_id = p.id) order by id
            """;

    private final Transactions transactions;

    BeatRollUps(Transactions transactions) {
        this.transactions = transactions;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everySecond() {
        for (long project : projects()) {
            while (add(project) == AT_ONCE) {
                // more wait
            }
        }
    }

    /** Every heartbeat that was acknowledged before is counted, unless more than {@value #AT_ONCE} wait for the next second. */
    public void catchUp(long projectId) {
        boolean waiting = transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, WAITING, List.of(projectId));
                    var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
        if (waiting) {
            add(projectId);
        }
    }

    /** What is lost with the server's power still waits then. */
    private int add(long projectId) {
        return transactions.repeatable(transaction -> BeatRollUp.add(transaction, projectId, AT_ONCE));
    }

    private List<Long> projects() {
        return transactions.read(connection -> {
            try (var query = connection.prepareStatement(PROJECTS);
                    var row = query.executeQuery()) {
                List<Long> projects = new ArrayList<>();
                while (row.next()) {
                    projects.add(row.getLong(1));
                }
                return projects;
            }
        });
    }
}
