package dev.faultline.cluster;

import dev.faultline.cluster.ClusterRow.HardwareShare;
import dev.faultline.cluster.ClusterRow.Seen;
import dev.faultline.http.Page;
import java.sql.Connection;
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
import org.jspecify.annotations.Nullable;

/** The ranked list: one query finds the page, a few more fill its rows. */
@SuppressWarnings("InlineFormatString") // queries stand in one place, before the code
final class ClusterList {
    /** After this long without a crash a cluster weighs half. */
    static final Duration HALF_LIFE = Duration.ofDays(14);

    private static final Duration NEW = Duration.ofDays(7);

    /**
     * The order's key is one number per cluster that does not depend on the present: of the impact it is the logarithm
     * without the part of it that all clusters share, so that a page may be continued later.
     */
    private static final String RANKED = """
            with counted as (
                select v.cluster_id, sum(d.crashes) as crashes
                from variant v join variant_day d on d.variant_id = v.id
                where v.project_id = ?%1$s
                group by v.cluster_id
            ), affected as (
                select v.cluster_id, count(distinct d.device_id) as devices
                from variant v join variant_device d on d.variant_id = v.id
                where v.project_id = ?%1$s
                group by v.cluster_id
            ), seen as (
                select v.cluster_id, min(oldest.at) as first_at, max(newest.at) as last_at
                from variant v
                cross join lateral (
                    select effective_at as at from crash where variant_id = v.id order by effective_at, id limit 1
                ) oldest
                cross join lateral (
                    select effective_at as at from crash where variant_id = v.id
                    order by effective_at desc, id desc limit 1
                ) newest
                where v.project_id = ?
                group by v.cluster_id
            ), ranked as (
                select k.id, k.signature, k.title, k.state, k.reason, k.software, c.crashes,
                    coalesce(a.devices, 0) as devices, s.first_at, s.last_at, (%2$s)::float8 as key
                from counted c
                join cluster k on k.id = c.cluster_id
                join seen s on s.cluster_id = k.id
                left join affected a on a.cluster_id = k.id
                where k.project_id = ?%3$s
            )
            select id, signature, title, state, reason, software, crashes, devices, first_at, last_at, key
            from ranked where true%4$s
            order by key desc, id desc
            limit ?
            """;

    private static final String HARDWARE = """
            select v.cluster_id, d.hardware, sum(d.crashes)
            from variant v join variant_day d on d.variant_id = v.id
            where v.cluster_id = any(?)%s
            group by 1, 2 order by 1, 3 desc, 2
            """;

    private static final String DAYS = """
            select v.cluster_id, d.day, sum(d.crashes)
            from variant v join variant_day d on d.variant_id = v.id
            where v.cluster_id = any(?) and d.day between ? and ?%s
            group by 1, 2
            """;

    /** The oldest or newest crash of each cluster. */
    private static final String EDGE = """
            select distinct on (v.cluster_id) v.cluster_id, c.id, c.effective_at, r.version, c.fingerprint ->> 'place'
            from variant v
            cross join lateral (
                select * from crash where variant_id = v.id order by effective_at %1$s, id %1$s limit 1
            ) c
            left join release r on r.id = c.release_id
            where v.cluster_id = any(?)
            order by v.cluster_id, c.effective_at %1$s, c.id %1$s
            """;

    private static final String PROVISIONAL = """
            select v.cluster_id, bool_or(v.provisional), bool_or(v.needs_symbols)
            from variant v
            where v.cluster_id = any(?) and exists (select from variant_day d where d.variant_id = v.id)
            group by 1
            """;

    private final Connection connection;
    private final long projectId;
    private final Instant now;

    ClusterList(Connection connection, long projectId, Instant now) {
        this.connection = connection;
        this.projectId = projectId;
        this.now = now;
    }

    Page<ClusterRow> page(ClusterQuery query) throws SQLException {
        var place = new Filter();
        if (query.after() != null) {
            var cursor = ClusterCursor.parse(query.after(), query.sort());
            place.and("(key, id) < (?, ?)", cursor.key(), cursor.id());
        }
        int limit = Math.clamp(query.limit(), 1, Page.MOST);
        List<Ranked> found = ranked(query, Filter.clusters(query), place, limit + 1);
        String next = null;
        if (found.size() > limit) {
            found = found.subList(0, limit);
            Ranked last = found.getLast();
            next = new ClusterCursor(query.sort(), last.key(), last.id()).text();
        }
        return new Page<>(filled(query, found), next);
    }

    /** One cluster's row, without filters; absent: the project has no such cluster, or it has no crashes. */
    @Nullable
    ClusterRow row(ClusterId id) throws SQLException {
        var query = ClusterQuery.all(1);
        var only = new Filter().and("k.id = ?", id.number());
        List<ClusterRow> rows = filled(query, ranked(query, only, new Filter(), 1));
        return rows.isEmpty() ? null : rows.getFirst();
    }

    private record Ranked(
            long id,
            String signature,
            @Nullable String title,
            String state,
            String reason,
            @Nullable String software,
            long crashes,
            long devices,
            Instant firstAt,
            Instant lastAt,
            double key) {}

    private record Edge(
            UUID crash,
            Instant at,
            @Nullable String release,
            @Nullable String place) {}

    private static String key(ClusterSort sort) {
        return switch (sort) {
            case IMPACT ->
                "ln(greatest(a.devices, 1)::float8) / ln(2::float8) + extract(epoch from s.last_at)::float8 / "
                        + HALF_LIFE.toSeconds();
            case DEVICES -> "coalesce(a.devices, 0)";
            case CRASHES -> "c.crashes";
            case FIRST_SEEN -> "extract(epoch from s.first_at)";
            case LAST_SEEN -> "extract(epoch from s.last_at)";
        };
    }

    private List<Ranked> ranked(ClusterQuery query, Filter clusters, Filter place, int limit) throws SQLException {
        Filter counters = Filter.counters(query);
        String sql = RANKED.formatted(counters.text(), key(query.sort()), clusters.text(), place.text());
        List<Object> values = new ArrayList<>();
        values.add(projectId);
        values.addAll(counters.values());
        values.add(projectId);
        values.addAll(counters.values());
        values.add(projectId);
        values.add(projectId);
        values.addAll(clusters.values());
        values.addAll(place.values());
        values.add(limit);
        List<Ranked> found = new ArrayList<>();
        try (var statement = Filter.prepare(connection, sql, values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Ranked(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getTimestamp(9).toInstant(),
                        row.getTimestamp(10).toInstant(),
                        row.getDouble(11)));
            }
        }
        return found;
    }

    private List<ClusterRow> filled(ClusterQuery query, List<Ranked> found) throws SQLException {
        if (found.isEmpty()) {
            return List.of();
        }
        List<Long> ids = found.stream().map(Ranked::id).toList();
        Filter counters = Filter.counters(query);
        Map<Long, List<HardwareShare>> hardware = hardware(ids, counters);
        Map<Long, List<Integer>> days = days(ids, counters);
        Map<Long, Edge> oldest = edge(ids, "asc");
        Map<Long, Edge> newest = edge(ids, "desc");
        Map<Long, List<String>> provisional = provisional(ids);
        List<ClusterRow> rows = new ArrayList<>();
        for (Ranked cluster : found) {
            List<String> badges = new ArrayList<>();
            if (cluster.firstAt().isAfter(now.minus(NEW))) {
                badges.add("new");
            }
            badges.addAll(provisional.getOrDefault(cluster.id(), List.of()));
            Edge first = Objects.requireNonNull(oldest.get(cluster.id()));
            Edge last = Objects.requireNonNull(newest.get(cluster.id()));
            rows.add(new ClusterRow(
                    new ClusterId(cluster.id()),
                    cluster.signature(),
                    cluster.title(),
                    cluster.state(),
                    cluster.reason(),
                    cluster.software(),
                    last.place(),
                    cluster.devices(),
                    cluster.crashes(),
                    impact(cluster),
                    new Seen(first.at(), first.release()),
                    new Seen(last.at(), last.release()),
                    hardware.getOrDefault(cluster.id(), List.of()),
                    days.getOrDefault(cluster.id(), List.of(noDays())),
                    badges,
                    last.crash()));
        }
        return rows;
    }

    private double impact(Ranked cluster) {
        double age = Math.max(0, Duration.between(cluster.lastAt(), now).toSeconds());
        return Math.max(cluster.devices(), 1) * Math.pow(2, -age / HALF_LIFE.toSeconds());
    }

    private Map<Long, List<HardwareShare>> hardware(List<Long> ids, Filter counters) throws SQLException {
        Map<Long, Map<String, Long>> crashes = new HashMap<>();
        List<Object> values = new ArrayList<>();
        values.add(ids);
        values.addAll(counters.values());
        try (var statement = Filter.prepare(connection, HARDWARE.formatted(counters.text()), values);
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
                            .map(entry -> new HardwareShare(entry.getKey(), entry.getValue(), entry.getValue() / all))
                            .toList());
        });
        return shares;
    }

    private Map<Long, List<Integer>> days(List<Long> ids, Filter counters) throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate oldest = today.minusDays(ClusterRow.DAYS - 1L);
        List<Object> values = new ArrayList<>();
        values.add(ids);
        values.add(oldest);
        values.add(today);
        values.addAll(counters.values());
        Map<Long, Integer[]> counts = new HashMap<>();
        try (var statement = Filter.prepare(connection, DAYS.formatted(counters.text()), values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                int day = (int) ChronoUnit.DAYS.between(oldest, row.getObject(2, LocalDate.class));
                counts.computeIfAbsent(row.getLong(1), id -> noDays())[day] = row.getInt(3);
            }
        }
        Map<Long, List<Integer>> days = new HashMap<>();
        counts.forEach((id, crashes) -> days.put(id, List.of(crashes)));
        return days;
    }

    private static Integer[] noDays() {
        var days = new Integer[ClusterRow.DAYS];
        Arrays.fill(days, 0);
        return days;
    }

    private Map<Long, Edge> edge(List<Long> ids, String direction) throws SQLException {
        Map<Long, Edge> edges = new HashMap<>();
        try (var statement = Filter.prepare(connection, EDGE.formatted(direction), List.of(ids));
                var row = statement.executeQuery()) {
            while (row.next()) {
                edges.put(
                        row.getLong(1),
                        new Edge(
                                row.getObject(2, UUID.class),
                                row.getTimestamp(3).toInstant(),
                                row.getString(4),
                                row.getString(5)));
            }
        }
        return edges;
    }

    private Map<Long, List<String>> provisional(List<Long> ids) throws SQLException {
        Map<Long, List<String>> badges = new HashMap<>();
        try (var statement = Filter.prepare(connection, PROVISIONAL, List.of(ids));
                var row = statement.executeQuery()) {
            while (row.next()) {
                List<String> names = new ArrayList<>();
                if (row.getBoolean(3)) {
                    names.add("needs-symbols");
                }
                if (row.getBoolean(2)) {
                    names.add("provisional");
                }
                badges.put(row.getLong(1), names);
            }
        }
        return badges;
    }
}
