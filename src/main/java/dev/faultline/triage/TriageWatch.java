package dev.faultline.triage;

import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Muting;
import dev.faultline.fleet.Containment;
import dev.faultline.fleet.ReleaseNews;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes states that crashes contradict: what was resolved regresses when it crashes in a release that has the fix, what was
 * muted opens when what it was muted until is there. Aside from the transactions that count crashes, which wait for nothing
 * here. Each cluster is a transaction of its own, so that it holds one row and asks for no other.
 */
@ApplicationScoped
public class TriageWatch {
    /** Clusters of one round; the others are there a second later. */
    private static final int AT_ONCE = 500;

    private static final String SEEN = """
            select distinct cluster_id from cluster_seen order by cluster_id limit ?
            """;

    private static final String REACHED = """
            select k.id from cluster k left join cluster_total t on t.cluster_id = k.id
            where k.state = 'muted' and (k.muted_until_devices is not null or k.muted_until is not null
                    or k.muted_until_crashes is not null)
                and (k.muted_until <= ? or t.devices >= k.muted_until_devices or exists (
                    select from cluster_count c
                    where k.muted_until_crashes is not null and c.cluster_id = k.id and c.days = 1
                        and c.release_id is null and c.hardware is null and c.crashes >= k.muted_until_crashes
                        and c.day > (k.state_at at time zone 'UTC')::date))
            order by k.id limit ?
            """;

    private static final String STATE = """
            select k.project_id, coalesce(k.software, ''), k.state, k.resolved_in, k.seen_again_in, k.state_at,
                k.muted_until_release, k.muted_until_devices, k.muted_until, k.muted_until_crashes, coalesce(t.devices, 0)
            from cluster k left join cluster_total t on t.cluster_id = k.id
            where k.id = ? for no key update of k
            """;

    /** Taken here, so that what is seen from now on is looked at again. */
    private static final String RELEASES = """
            with seen as (delete from cluster_seen where cluster_id = ? returning release_id, arrived)
            select r.version, s.arrived, least(r.registered_at, r.first_seen)
            from seen s left join release r on r.id = s.release_id
            order by r.id nulls last
            """;

    /** What is seen in a release of which nothing is known; something may be known of it now. */
    private static final String LOOK_AGAIN = """
            insert into cluster_seen (cluster_id, release_id, arrived)
            select k.id, r.id, false from cluster k
            join release r on r.project_id = k.project_id and r.software = k.software and r.version = k.seen_again_in
            where k.project_id = ? and k.software = ? and k.seen_again_in is not null and k.resolved_in is not null
            order by k.id
            on conflict (cluster_id, release_id) do nothing
            """;

    /** The same of what is muted until a release: it may have crashed in one of which it is known only now that it contains that. */
    private static final String LOOK_AGAIN_MUTED = """
            insert into cluster_seen (cluster_id, release_id, arrived)
            select distinct k.id, d.release_id, false
            from cluster k
            join variant v on v.cluster_id = k.id
            join variant_day d on d.variant_id = v.id and d.day > (k.state_at at time zone 'UTC')::date
            where k.project_id = ? and k.software = ? and k.state = 'muted' and k.muted_until_release is not null
                and d.release_id is not null
            order by 1, 2
            on conflict (cluster_id, release_id) do nothing
            """;

    private static final String SEEN_AGAIN = "update cluster set seen_again_in = ? where id = ?";

    private static final String OPENED = """
            update cluster set state = 'open', state_at = ?, resolved_in = null, regressed_in = ?, seen_again_in = null,
                muted_until_release = null, muted_until_devices = null, muted_until = null, muted_until_crashes = null
            where id = ?
            """;

    private final Transactions transactions;

    TriageWatch(Transactions transactions) {
        this.transactions = transactions;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everySecond() {
        look(Instant.now());
    }

    /** Looks at every cluster whose state may not hold any more. */
    void look(Instant now) {
        transactions.durably(TriageWatch::releaseNews);
        for (long cluster : clusters(SEEN, List.of(AT_ONCE))) {
            transactions.durably(transaction -> seen(transaction, new ClusterId(cluster), now));
        }
        for (long cluster : clusters(REACHED, List.of(now, AT_ONCE))) {
            transactions.durably(transaction -> reached(transaction, new ClusterId(cluster), now));
        }
    }

    private static void releaseNews(Connection transaction) throws SQLException {
        for (ReleaseNews news : ReleaseNews.take(transaction)) {
            Fragment.update(transaction, LOOK_AGAIN, news.projectId(), news.software());
            Fragment.update(transaction, LOOK_AGAIN_MUTED, news.projectId(), news.software());
        }
    }

    private List<Long> clusters(String sql, List<Object> values) {
        return transactions.read(connection -> Rows.ids(connection, sql, values));
    }

    private record State(
            long project,
            String software,
            String state,
            @Nullable String resolvedIn,
            @Nullable String seenAgainIn,
            Instant since,
            Muting mutedUntil,
            long devices) {}

    /** The row is this transaction's from here on. */
    private static @Nullable State locked(Connection transaction, ClusterId cluster) throws SQLException {
        try (var query = Fragment.prepare(transaction, STATE, List.of(cluster.number()));
                var row = query.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            var muting = new Muting(
                    row.getString(7),
                    row.getObject(8, Integer.class),
                    Rows.instant(row, 9),
                    row.getObject(10, Integer.class));
            Instant since = Rows.instant(row, 6);
            return new State(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    since == null ? Instant.EPOCH : since,
                    muting,
                    row.getLong(11));
        }
    }

    /**
     * A release that a cluster crashed in.
     *
     * @param version null: the crash named none
     * @param arrived a crash came; else one only moved over from another cluster
     * @param knownSince null: since now
     */
    private record Seen(
            @Nullable String version,
            boolean arrived,
            @Nullable Instant knownSince) {}

    private static void seen(Connection transaction, ClusterId cluster, Instant now) throws SQLException {
        State state = locked(transaction, cluster);
        List<Seen> releases = releases(transaction, cluster);
        if (state == null) {
            return;
        }
        switch (state.state()) {
            case "resolved" -> resolved(transaction, cluster, state, releases, now);
            case "muted" -> muted(transaction, cluster, state, releases, now);
            default -> {
                // somebody opened it in the meantime
            }
        }
    }

    private static List<Seen> releases(Connection transaction, ClusterId cluster) throws SQLException {
        List<Seen> releases = new ArrayList<>();
        try (var query = Fragment.prepare(transaction, RELEASES, List.of(cluster.number()));
                var row = query.executeQuery()) {
            while (row.next()) {
                releases.add(new Seen(row.getString(1), row.getBoolean(2), Rows.instant(row, 3)));
            }
        }
        return releases;
    }

    private static void resolved(
            Connection transaction, ClusterId cluster, State state, List<Seen> releases, Instant now)
            throws SQLException {
        String again = state.seenAgainIn();
        String because = "";
        for (Seen release : releases) {
            String version = release.version() == null ? "" : release.version();
            Fixed fixed = fixed(transaction, state, release);
            switch (fixed.answer()) {
                case YES -> {
                    opened(transaction, cluster, version, now);
                    String text = "in %s, which has the fix of %s: %s"
                            .formatted(version, state.resolvedIn(), fixed.because());
                    Notes.add(transaction, cluster, now, Note.SERVICE, Note.Kind.REGRESSED, text);
                    return;
                }
                // that symbols came is no news about the fix
                case UNKNOWN -> {
                    if (release.arrived()) {
                        again = version;
                        because = fixed.because();
                    }
                }
                // an older line goes on crashing, as it must; since somebody registered it that is known
                case NO -> again = version.equals(again) ? null : again;
            }
        }
        if (Objects.equals(again, state.seenAgainIn())) {
            return;
        }
        List<@Nullable Object> values = Arrays.asList(again, cluster.number());
        try (var update = Fragment.prepare(transaction, SEEN_AGAIN, values)) {
            update.executeUpdate();
        }
        if (again != null && state.seenAgainIn() == null) {
            Notes.add(transaction, cluster, now, Note.SERVICE, Note.Kind.SEEN_AGAIN, seenAgain(state, again, because));
        }
    }

    /** Whether a release has the fix, and why, in words. */
    private record Fixed(Containment.Answer answer, String because) {}

    private static Fixed fixed(Connection transaction, State state, Seen release) throws SQLException {
        String version = release.version();
        if (version == null) {
            return new Fixed(Containment.Answer.UNKNOWN, "");
        }
        if (state.resolvedIn() != null) {
            var containment =
                    Containment.of(transaction, state.project(), state.software(), version, state.resolvedIn());
            return new Fixed(containment.answer(), containment.because());
        }
        // nobody said where the fix is: not in what there was when it was resolved
        boolean older = release.knownSince() != null && release.knownSince().isBefore(state.since());
        return new Fixed(older ? Containment.Answer.NO : Containment.Answer.UNKNOWN, "");
    }

    private static String seenAgain(State state, String version, String because) {
        String in = version.isEmpty() ? "in a crash that names no release" : "in " + version;
        return state.resolvedIn() == null
                ? in + "; nobody said which release has the fix"
                : in + ", of which nobody knows whether it has the fix of " + state.resolvedIn()
                        + (because.isEmpty() ? "" : ": " + because);
    }

    private static void muted(Connection transaction, ClusterId cluster, State state, List<Seen> releases, Instant now)
            throws SQLException {
        String until = state.mutedUntil().release();
        for (Seen release : releases) {
            String version = release.version();
            if (until != null
                    && version != null
                    && Containment.of(transaction, state.project(), state.software(), version, until)
                                    .answer()
                            == Containment.Answer.YES) {
                unmuted(transaction, cluster, "it crashed in %s, muted until %s".formatted(version, until), now);
                return;
            }
        }
    }

    private static void reached(Connection transaction, ClusterId cluster, Instant now) throws SQLException {
        State state = locked(transaction, cluster);
        if (state == null || !state.state().equals("muted")) {
            return; // somebody was faster
        }
        Instant time = state.mutedUntil().time();
        Integer devices = state.mutedUntil().devices();
        String because = time != null && !time.isAfter(now)
                ? "it was muted until " + time
                : devices != null && state.devices() >= devices
                        ? state.devices() + " devices are affected"
                        : state.mutedUntil().crashesPerDay() + " crashes and more came in a day";
        unmuted(transaction, cluster, because, now);
    }

    private static void unmuted(Connection transaction, ClusterId cluster, String because, Instant now)
            throws SQLException {
        opened(transaction, cluster, null, now);
        Notes.add(transaction, cluster, now, Note.SERVICE, Note.Kind.UNMUTED, because);
    }

    private static void opened(Connection transaction, ClusterId cluster, @Nullable String regressedIn, Instant now)
            throws SQLException {
        List<@Nullable Object> values = Arrays.asList(now, regressedIn, cluster.number());
        try (var update = Fragment.prepare(transaction, OPENED, values)) {
            update.executeUpdate();
        }
    }
}
