package dev.faultline.pipeline;

import dev.faultline.ops.Transactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** How much waits, and for how long; asked of the database whenever somebody looks. */
@ApplicationScoped
class QueueMetrics {
    private final Transactions transactions;
    private final MeterRegistry metrics;

    QueueMetrics(Transactions transactions, MeterRegistry metrics) {
        this.transactions = transactions;
        this.metrics = metrics;
    }

    void register(@Observes StartupEvent event) {
        gauge("faultline.queue.jobs", "select count(*) from job");
        gauge(
                "faultline.queue.age.seconds",
                "select coalesce(extract(epoch from now() - min(run_at)), 0) from job where run_at <= now()");
        gauge("faultline.crashes.needs.symbols", "select count(*) from crash where state = 'needs-symbols'");
        gauge("faultline.crashes.quarantined", "select count(*) from crash where state = 'quarantined'");
    }

    private void gauge(String name, String sql) {
        Gauge.builder(name, () -> number(sql)).register(metrics);
    }

    private double number(String sql) {
        return transactions.read(connection -> {
            try (var select = connection.createStatement();
                    var row = select.executeQuery(sql)) {
                row.next();
                return row.getDouble(1);
            }
        });
    }
}
