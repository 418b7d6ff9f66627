package dev.faultline.cluster;

import dev.faultline.cluster.ClusterRow.HardwareShare;
import dev.faultline.cluster.ClusterRow.Seen;
import dev.faultline.fleet.ActiveFleet;
import dev.faultline.fleet.ActiveFleets;
import dev.faultline.http.Page;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.search.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ranked list: one query finds the page, a few more fill its rows. */
@SuppressWarnings("InlineFormatString") // queries stand in one place, before the code
final class ClusterList {
    /**
     * The order's key is one number per cluster that does not depend on the present: of the impact it is the logarithm
     * without the part of it that all clusters share, so that a page may be continued later.
     */
    private static final String RANKED = """
            select k.id, k.signature, k.title, k.reason, k.software, r.crashes, r.devices, r.first_at, r.last_at, r.key,
                r.severity, k.escalating_at, k.state, k.state_at, k.resolved_in, k.regressed_in, k.seen_again_in,
                k.muted_until_release, k.muted_until_devices, k.muted_until, k.muted_until_crashes, k.assignee, k.ticket,
                r.boot_crash, k.fixed_since, k.fixed_confidence
            from (
                select s.cluster_id, c.crashes, c.devices, s.first_at, s.last_at, s.severity, %4$s as boot_crash,
                    %2$s as key
                from %1$s
                -- left: the planner leaves it out where no condition asks for it
                left join cluster k on k.id = s.cluster_id
                where s.project_id = ?%3$s
                order by key desc, s.cluster_id desc
                limit ?
            ) r
            join cluster k on k.id = r.cluster_id
            order by r.key desc, r.cluster_id desc
            """;

    private static final String ALL = "cluster_total s cross join lateral (select s.crashes, s.devices) c";

    private static final String COUNTED = """
            (select c.cluster_id, sum(c.crashes) as crashes, sum(c.devices) as devices from cluster_count c
                where %s group by c.cluster_id)""";

    /** There is one row of each cluster. */
    private static final String COUNTED_ALREADY =
            "(select c.cluster_id, c.crashes, c.devices from cluster_count c where %s)";

    private static final String ONE_PART = "%s c join cluster_total s on s.cluster_id = c.cluster_id";

    /** Of a union's sum the planner knows no size; that clusters are kept on the left makes it look the sum up by a hash all the same. */
    private static final String SEVERAL_PARTS = """
            cluster_total s
                left join (
                    select cluster_id, sum(crashes) as crashes, sum(devices) as devices from (%s) u group by cluster_id
                ) p on p.cluster_id = s.cluster_id
                join lateral (select coalesce(p.crashes, 0) as crashes, coalesce(p.devices, 0) as devices) c on c.crashes > 0
            """;

    /** Each worker would sum nearly as many clusters as one alone, and hand all of them over. */
    private static final String ALONE = "set local max_parallel_workers_per_gather to 0";

    private static final String PART = "select c.cluster_id, c.crashes, c.devices from cluster_count c where ";

    private static final String HARDWARE = """
            select c.cluster_id, c.hardware, sum(c.crashes)
            from cluster_count c
            where c.cluster_id = any(?) and %s
            group by 1, 2 order by 1, 3 desc, 2
            """;

    /** By revisions that the cluster ever had: with all of its key an index tells where the days begin. */
    private static final String HARDWARE_SINCE = """
            select h.cluster_id, h.hardware, sum(d.crashes)
            from (select c.cluster_id, c.release_id, c.hardware from cluster_count c where c.cluster_id = any(?) and %s) h
            cross join lateral (%s) d
            group by 1, 2 order by 1, 3 desc, 2
            """;

    private static final String DAYS = """
            select c.cluster_id, c.day, sum(c.crashes)
            from cluster_count c
            where c.cluster_id = any(?) and c.day between ? and ? and %s
            group by 1, 2
            """;

    private static final String LATELY = """
            select c.cluster_id, sum(c.devices)
            from cluster_count c
            where c.cluster_id = any(?) and c.days = 1 and c.release_id is null and c.hardware is null and c.day >= ?
            group by 1
            """;

    /** Its oldest and newest crash. */
    private static final String EDGES = """
            select s.cluster_id, fr.version, s.last_crash, lr.version, l.fingerprint ->> 'place'
            from cluster_total s
            left join crash f on f.id = s.first_crash
            left join release fr on fr.id = f.release_id
            left join crash l on l.id = s.last_crash
            left join release lr on lr.id = l.release_id
            where s.cluster_id = any(?)
            """;

    private static final String PROVISIONAL = """
            select k.id, exists (select from variant_total t where t.cluster_id = k.id and t.provisional),
                exists (select from variant_total t where t.cluster_id = k.id and t.needs_symbols)
            from cluster k where k.id = any(?)
            """;

    private final Connection connection;
    private final long projectId;
    private final ActiveFleet active;
    private final Instant now;

    ClusterList(Connection connection, long projectId, ActiveFleet active, Instant now) {
        this.connection = connection;
        this.projectId = projectId;
        this.active = active;
        this.now = now;
    }

    Page<ClusterRow> page(ClusterQuery query) throws SQLException {
        var place = new Fragment();
        if (query.after() != null) {
            var cursor = ClusterCursor.parse(query.after(), query.sort());
            place.and("(" + key(query.sort()) + ", s.cluster_id) < (?, ?)", cursor.key(), cursor.id());
        }
        int limit = Math.clamp(query.limit(), 1, Page.MOST);
        List<Ranked> found = ranked(query, chosen(query), place, limit + 1);
        String next = null;
        if (found.size() > limit) {
            found = found.subList(0, limit);
            Ranked last = found.getLast();
            next = new ClusterCursor(query.sort(), last.key(), last.id()).text();
        }
        return new Page<>(filled(query, found), next);
    }

    private Fragment chosen(ClusterQuery query) throws SQLException {
        var search = new ClusterSearch(connection, projectId, now);
        if (query.text() != null) {
            search.word(false, new Value.Literal(query.text()));
        }
        return chosenBy(query).append(search.filter(query.search()));
    }

    private Fragment chosenBy(ClusterQuery query) {
        var chosen = new Fragment();
        if (query.software() != null) {
            chosen.and("k.software = ?", query.software());
        }
        if (query.reason() != null) {
            chosen.and("k.reason = ?", query.reason());
        }
        if (query.state() != null) {
            Fragment state = ClusterState.condition(query.state()::equals, now);
            chosen.and("(" + state.text() + ")", state.values().toArray());
        }
        return chosen;
    }

    /** One cluster's row, without filters; absent: the project has no such cluster, or it has no crashes. */
    @Nullable
    ClusterRow row(ClusterId id) throws SQLException {
        var query = ClusterQuery.all(1);
        var only = new Fragment().and("k.id = ?", id.number());
        List<ClusterRow> rows = filled(query, ranked(query, only, new Fragment(), 1));
        return rows.isEmpty() ? null : rows.getFirst();
    }

    private record Ranked(
            long id,
            String signature,
            @Nullable String title,
            String reason,
            @Nullable String software,
            long crashes,
            long devices,
            Instant firstAt,
            Instant lastAt,
            double key,
            double severity,
            @Nullable Instant escalatingAt,
            Standing standing,
            boolean bootCrash,
            @Nullable ProbableFix probableFix) {}

    private record Edges(
            @Nullable String firstRelease,
            UUID lastCrash,
            @Nullable String lastRelease,
            @Nullable String place) {}

    /** Of clusters {@code s} whose counts are {@code c}; of all counts an index of cluster_total has each of them. */
    private static String key(ClusterSort sort) {
        return switch (sort) {
            case IMPACT ->
                "(ln(greatest(c.devices, 1)::float8) / ln(2::float8) + ln(s.severity) / ln(2::float8)"
                        + " + date_part('epoch', s.last_at at time zone 'UTC') / %d)"
                                .formatted(ClusterRow.HALF_LIFE.toSeconds());
            case DEVICES -> "c.devices::float8";
            case CRASHES -> "c.crashes::float8";
            case FIRST_SEEN -> "date_part('epoch', s.first_at at time zone 'UTC')";
            case LAST_SEEN -> "date_part('epoch', s.last_at at time zone 'UTC')";
        };
    }

    /**
     * A query and its values.
     *
     * @param inParts whether it sums several
     */
    record Ranking(String sql, List<Object> values, boolean inParts) {}

    Ranking ranking(ClusterQuery query, Fragment clusters, Fragment place, int limit) {
        List<Fragment> counts = CountFilter.of(projectId, query);
        List<Object> values = new ArrayList<>();
        counts.forEach(part -> values.addAll(part.values()));
        values.add(projectId);
        String part = CountFilter.isSummed(query) ? COUNTED : COUNTED_ALREADY;
        String sql = RANKED.formatted(
                counted(part, counts), key(query.sort()), clusters.text() + place.text(), ClusterBadge.IS_BOOT_CRASH);
        values.addAll(clusters.values());
        values.addAll(place.values());
        values.add(limit);
        return new Ranking(sql, values, counts.size() > 1);
    }

    private static String counted(String sql, List<Fragment> counts) {
        return switch (counts.size()) {
            case 0 -> ALL;
            case 1 -> ONE_PART.formatted(sql.formatted(counts.getFirst().text()));
            default ->
                SEVERAL_PARTS.formatted(
                        counts.stream().map(part -> PART + part.text()).collect(Collectors.joining(" union all ")));
        };
    }

    private List<Ranked> ranked(ClusterQuery query, Fragment clusters, Fragment place, int limit) throws SQLException {
        Ranking ranking = ranking(query, clusters, place, limit);
        if (ranking.inParts()) {
            Fragment.update(connection, ALONE);
        }
        List<Ranked> found = new ArrayList<>();
        try (var statement = Fragment.prepare(connection, ranking.sql(), ranking.values());
                var row = statement.executeQuery()) {
            while (row.next()) {
                Instant firstAt = row.getTimestamp(8).toInstant();
                Standing standing = standing(row, firstAt);
                found.add(new Ranked(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6),
                        row.getLong(7),
                        firstAt,
                        row.getTimestamp(9).toInstant(),
                        row.getDouble(10),
                        row.getDouble(11),
                        Rows.instant(row, 12),
                        standing,
                        row.getBoolean(24),
                        probableFix(row, standing)));
            }
        }
        return found;
    }

    /** A person's word counts more. */
    private static @Nullable ProbableFix probableFix(ResultSet row, Standing standing) throws SQLException {
        String since = row.getString(25);
        return since == null || standing.state() == ClusterState.RESOLVED
                ? null
                : new ProbableFix(since, row.getDouble(26));
    }

    private Standing standing(ResultSet row, Instant firstAt) throws SQLException {
        String kept = row.getString(13);
        String regressedIn = row.getString(16);
        var muting = new Muting(
                row.getString(18),
                row.getObject(19, Integer.class),
                Rows.instant(row, 20),
                row.getObject(21, Integer.class));
        var state = ClusterState.of(kept, regressedIn != null, firstAt, now);
        return new Standing(
                state,
                Rows.instant(row, 14),
                row.getString(15),
                regressedIn,
                row.getString(17),
                state == ClusterState.MUTED ? muting : null,
                row.getString(22),
                row.getString(23));
    }

    private List<ClusterRow> filled(ClusterQuery query, List<Ranked> found) throws SQLException {
        if (found.isEmpty()) {
            return List.of();
        }
        List<Long> ids = found.stream().map(Ranked::id).toList();
        Map<Long, List<HardwareShare>> hardware = hardware(ids, query);
        Map<Long, List<Integer>> days = days(ids, CountFilter.byDay(projectId, query));
        Map<Long, Long> lately = lately(ids);
        Map<Long, Edges> edges = edges(ids);
        Map<Long, List<String>> provisional = provisional(ids);
        List<ClusterRow> rows = new ArrayList<>();
        for (Ranked cluster : found) {
            List<String> badges = badges(cluster);
            badges.addAll(provisional.getOrDefault(cluster.id(), List.of()));
            Edges edge = Objects.requireNonNull(edges.get(cluster.id()));
            rows.add(new ClusterRow(
                    new ClusterId(cluster.id()),
                    cluster.signature(),
                    cluster.title(),
                    cluster.standing(),
                    cluster.reason(),
                    cluster.software(),
                    edge.place(),
                    cluster.devices(),
                    cluster.crashes(),
                    active.share(lately.getOrDefault(cluster.id(), 0L)),
                    cluster.severity(),
                    recency(cluster),
                    Math.max(cluster.devices(), 1) * cluster.severity() * recency(cluster),
                    new Seen(cluster.firstAt(), edge.firstRelease()),
                    new Seen(cluster.lastAt(), edge.lastRelease()),
                    cluster.probableFix(),
                    hardware.getOrDefault(cluster.id(), List.of()),
                    days.getOrDefault(cluster.id(), List.of(noDays())),
                    badges,
                    edge.lastCrash()));
        }
        return rows;
    }

    private List<String> badges(Ranked cluster) {
        List<String> badges = new ArrayList<>();
        if (cluster.standing().state() == ClusterState.REGRESSED) {
            badges.add(ClusterBadge.REGRESSED.label());
        }
        if (cluster.escalatingAt() != null && cluster.escalatingAt().isAfter(now.minus(ClusterBadge.ESCALATING_FOR))) {
            badges.add(ClusterBadge.ESCALATING.label());
        }
        if (cluster.standing().seenAgainIn() != null) {
            badges.add(ClusterBadge.SEEN_AGAIN.label());
        }
        if (cluster.probableFix() != null) {
            badges.add(ClusterBadge.PROBABLY_FIXED.label());
        }
        if (cluster.bootCrash()) {
            badges.add(ClusterBadge.BOOT_CRASH.label());
        }
        if (cluster.firstAt().isAfter(now.minus(ClusterBadge.NEW_FOR))) {
            badges.add(ClusterBadge.NEW.label());
        }
        return badges;
    }

    private double recency(Ranked cluster) {
        double age = Math.max(0, Duration.between(cluster.lastAt(), now).toSeconds());
        return Math.pow(2, -age / ClusterRow.HALF_LIFE.toSeconds());
    }

    private Map<Long, List<HardwareShare>> hardware(List<Long> ids, ClusterQuery query) throws SQLException {
        Map<Long, Map<String, Long>> crashes = new HashMap<>();
        Fragment ever = CountFilter.byHardware(projectId, query);
        Fragment since = CountFilter.since(query);
        List<Object> values = new ArrayList<>();
        values.add(ids);
        values.addAll(ever.values());
        String sql = HARDWARE.formatted(ever.text());
        if (since != null) {
            values.addAll(since.values());
            sql = HARDWARE_SINCE.formatted(ever.text(), since.text());
        }
        try (var statement = Fragment.prepare(connection, sql, values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                crashes.computeIfAbsent(row.getLong(1), id -> new LinkedHashMap<>())
                        .put(row.getString(2), row.getLong(3));
            }
        }
        Map<Long, List<HardwareShare>> shares = new HashMap<>();
        crashes.forEach((id, revisions) -> {
            double all = revisions.values().stream().mapToLong(Long::longValue).sum();
            shares.put(
                    id,
                    revisions.entrySet().stream()
                            .map(entry -> new HardwareShare(
                                    entry.getKey(),
                                    entry.getValue(),
                                    entry.getValue() / all,
                                    active.shareOf(entry.getKey())))
                            .toList());
        });
        return shares;
    }

    private Map<Long, List<Integer>> days(List<Long> ids, Fragment counts) throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate oldest = today.minusDays(ClusterRow.DAYS - 1L);
        List<Object> values = new ArrayList<>();
        values.add(ids);
        values.add(oldest);
        values.add(today);
        values.addAll(counts.values());
        Map<Long, Integer[]> crashes = new HashMap<>();
        try (var statement = Fragment.prepare(connection, DAYS.formatted(counts.text()), values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                int day = (int) ChronoUnit.DAYS.between(oldest, row.getObject(2, LocalDate.class));
                crashes.computeIfAbsent(row.getLong(1), id -> noDays())[day] = row.getInt(3);
            }
        }
        Map<Long, List<Integer>> days = new HashMap<>();
        crashes.forEach((id, byDay) -> days.put(id, List.of(byDay)));
        return days;
    }

    /** Devices that were affected while the others of the fleet were active, without any filter. */
    private Map<Long, Long> lately(List<Long> ids) throws SQLException {
        Map<Long, Long> devices = new HashMap<>();
        LocalDate oldest = LocalDate.ofInstant(now.minus(ActiveFleets.ACTIVE_FOR), ZoneOffset.UTC);
        try (var statement = Fragment.prepare(connection, LATELY, List.of(ids, oldest));
                var row = statement.executeQuery()) {
            while (row.next()) {
                devices.put(row.getLong(1), row.getLong(2));
            }
        }
        return devices;
    }

    private static Integer[] noDays() {
        var days = new Integer[ClusterRow.DAYS];
        Arrays.fill(days, 0);
        return days;
    }

    private Map<Long, Edges> edges(List<Long> ids) throws SQLException {
        Map<Long, Edges> edges = new HashMap<>();
        try (var statement = Fragment.prepare(connection, EDGES, List.of(ids));
                var row = statement.executeQuery()) {
            while (row.next()) {
                edges.put(
                        row.getLong(1),
                        new Edges(row.getString(2), row.getObject(3, UUID.class), row.getString(4), row.getString(5)));
            }
        }
        return edges;
    }

    private Map<Long, List<String>> provisional(List<Long> ids) throws SQLException {
        Map<Long, List<String>> badges = new HashMap<>();
        try (var statement = Fragment.prepare(connection, PROVISIONAL, List.of(ids));
                var row = statement.executeQuery()) {
            while (row.next()) {
                List<String> names = new ArrayList<>();
                if (row.getBoolean(3)) {
                    names.add(ClusterBadge.NEEDS_SYMBOLS.label());
                }
                if (row.getBoolean(2)) {
                    names.add(ClusterBadge.PROVISIONAL.label());
                }
                badges.put(row.getLong(1), names);
            }
        }
        return badges;
    }
}
