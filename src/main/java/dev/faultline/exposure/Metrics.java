package dev.faultline.exposure;

import dev.faultline.heartbeat.BeatRollUps;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What heartbeats measured, by whole UTC days. */
@ApplicationScoped
class Metrics {
    private static final String METRICS = """
            select n.name, sum(m.count), sum(m.sum), sum(m.squares), min(m.least), max(m.greatest)
            from metric_day m
            join metric_name n on n.id = m.metric_id
            join release r on r.id = m.release_id
            where m.day >= ? and m.day <= ? and\s""";

    private final Transactions transactions;
    private final BeatRollUps rollUps;

    Metrics(Transactions transactions, BeatRollUps rollUps) {
        this.transactions = transactions;
        this.rollUps = rollUps;
    }

    /** All metrics by name; how many there may be is limited. */
    List<Metric> of(long projectId, FleetPart part, Instant now) {
        FleetPart.Span span = part.span(now);
        var metrics = new Fragment(METRICS, span.firstDay(), span.lastDay())
                .append(part.releases(projectId))
                .append(part.devices("m"))
                .append(" group by 1 order by 1");
        rollUps.catchUp(projectId);
        return transactions.read(connection -> {
            List<Metric> found = new ArrayList<>();
            try (var query = metrics.prepare(connection);
                    var row = query.executeQuery()) {
                while (row.next()) {
                    long count = row.getLong(2);
                    double sum = row.getDouble(3);
                    found.add(new Metric(
                            row.getString(1),
                            count,
                            sum,
                            sum / count,
                            deviation(count, sum, row.getDouble(4)),
                            row.getDouble(5),
                            row.getDouble(6)));
                }
            }
            return List.copyOf(found);
        });
    }

    private static @Nullable Double deviation(long count, double sum, double squares) {
        return count < 2 ? null : Double.valueOf(Math.sqrt(Math.max(0, (squares - sum * sum / count) / (count - 1))));
    }
}
