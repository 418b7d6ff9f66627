package dev.faultline.triage;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import dev.faultline.sequential.FalseDiscoveries;
import dev.faultline.sequential.RateEvidence;
import dev.faultline.sequential.Split;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds clusters that crash more since yesterday than in the fourteen days before. A device counts once a day, or one that
 * crashes at each start would be an escalation by itself. Days are UTC.
 */
@ApplicationScoped
public class Escalations {
    /** Days that a cluster is compared with. */
    static final int PAST_DAYS = 14;

    /** A past of fewer days explains nothing; such a cluster is new. */
    static final int LEAST_PAST_DAYS = 3;

    /** So much more than the past is no escalation yet. */
    static final double RATIO = 1.5;

    /** Most of what is called escalating that may be false. */
    static final double FALSE_SHARE = 0.05;

    /** Clusters of a project that are looked at, those with most crashes. */
    private static final int MOST_CLUSTERS = 500;

    private static final String PROJECTS = "select id from project order by id";

    private static final String CRASHES = """
            select r.cluster_id, r.crashes, s.first_at, r.clusters, coalesce((
                select sum(c.crashes) from cluster_count c
                where c.cluster_id = r.cluster_id and c.days = 1 and c.release_id is null and c.hardware is null
                    and c.day >= ? and c.day < ?), 0)
            from (
                select cluster_id, sum(crashes) as crashes, count(*) over () as clusters from cluster_count
                where project_id = ? and release_id is null and hardware is null and days = 1 and day >= ?
                group by cluster_id
                order by 2 desc, 1
                limit ?
            ) r
            join cluster_total s on s.cluster_id = r.cluster_id
            """;

    /** Once per device and day; all that named no device are one. */
    private static final String DEVICES = """
            select count(*) filter (where day >= ?), count(*) filter (where day < ?)
            from (select distinct device_id, day from tally where cluster_id = ? and day >= ?) d
            """;

    private static final String ESCALATING = "update cluster set escalating_at = ? where id = ?";

    private final Transactions transactions;

    Escalations(Transactions transactions) {
        this.transactions = transactions;
    }

    @Scheduled(every = "1m", delayed = "20s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyMinute() {
        for (long project : transactions.read(connection -> Rows.ids(connection, PROJECTS, List.of()))) {
            look(project, Instant.now());
        }
    }

    /** Marks what escalates now. */
    void look(long project, Instant now) {
        var window = Window.of(now);
        List<Long> escalating = transactions.snapshot(connection -> escalating(connection, project, window));
        for (long cluster : escalating) {
            transactions.durably(transaction -> Fragment.update(transaction, ESCALATING, now, cluster));
        }
    }

    /** Yesterday and today so far, in days, and the days before. */
    private record Window(LocalDate oldest, LocalDate since, double days) {

        static Window of(Instant now) {
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            Duration soFar = Duration.between(today.atStartOfDay(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC));
            LocalDate since = today.minusDays(1);
            return new Window(since.minusDays(PAST_DAYS), since, 1 + soFar.toSeconds() / 86_400.0);
        }

        /** How many of the days before a cluster was there. */
        long pastDays(Instant firstAt) {
            LocalDate first = LocalDate.ofInstant(firstAt, ZoneOffset.UTC);
            return Math.clamp(ChronoUnit.DAYS.between(first, since), 0, PAST_DAYS);
        }
    }

    /** @param clusters how many have crashes in the window */
    private record Candidate(long cluster, long pastDays, long past, long since, long clusters) {

        double evidence(Window window) {
            return RateEvidence.ofMore(List.of(new Split(past, pastDays, since, window.days())), RATIO);
        }
    }

    private static List<Long> escalating(Connection connection, long project, Window window) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        double least = 1 / FALSE_SHARE;
        for (Candidate candidate : crashes(connection, project, window)) {
            // only where the crashes themselves say so are devices worth the look
            if (candidate.evidence(window) >= least) {
                candidates.add(byDevice(connection, candidate, window));
            }
        }
        double[] evidence = candidates.stream()
                .mapToDouble(candidate -> candidate.evidence(window))
                .toArray();
        long tests = candidates.isEmpty() ? 0 : candidates.getFirst().clusters();
        double threshold = FalseDiscoveries.threshold(evidence, tests, FALSE_SHARE);
        return candidates.stream()
                .filter(candidate -> candidate.evidence(window) >= threshold)
                .map(Candidate::cluster)
                .toList();
    }

    private static List<Candidate> crashes(Connection connection, long project, Window window) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        List<Object> values = List.of(window.oldest(), window.since(), project, window.since(), MOST_CLUSTERS);
        try (var query = Fragment.prepare(connection, CRASHES, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                long pastDays = window.pastDays(row.getTimestamp(3).toInstant());
                if (pastDays >= LEAST_PAST_DAYS) {
                    candidates.add(
                            new Candidate(row.getLong(1), pastDays, row.getLong(5), row.getLong(2), row.getLong(4)));
                }
            }
        }
        return candidates;
    }

    private static Candidate byDevice(Connection connection, Candidate candidate, Window window) throws SQLException {
        List<Object> values = List.of(window.since(), window.since(), candidate.cluster(), window.oldest());
        try (var query = Fragment.prepare(connection, DEVICES, values);
                var row = query.executeQuery()) {
            row.next();
            return new Candidate(
                    candidate.cluster(), candidate.pastDays(), row.getLong(2), row.getLong(1), candidate.clusters());
        }
    }
}
