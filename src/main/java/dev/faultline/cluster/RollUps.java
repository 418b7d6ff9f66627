package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Keeps the roll-ups up to date: every second, and for whoever is about to read them. */
@ApplicationScoped
public class RollUps {
    /** Rows of the log that one transaction takes. */
    private static final int AT_ONCE = 2000;

    private static final String WAITING = "select exists (select from crash_counted where project_id = ?)";

    /** One look at the index for each project, however many rows wait. */
    private static final String PROJECTS = """
            select id from project p where exists (select from crash_counted c where c.project_id = p.id) order by id
            """;

    private final Transactions transactions;

    RollUps(Transactions transactions) {
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

    /** The roll-ups hold every crash that was counted before, unless more than {@value #AT_ONCE} wait for the next second. */
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

    /** Rows that are lost with the server's power are still in the log then. */
    private int add(long projectId) {
        return transactions.repeatable(transaction -> RollUp.logged(transaction, projectId, AT_ONCE));
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
