package dev.faultline.exposure;

import dev.faultline.heartbeat.BeatRollUps;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Hours of operation, from the best source that knows any. */
@ApplicationScoped
public class Exposures {
    private static final double MILLIS_AN_HOUR = 3_600_000;
    private static final int HOURS_A_DAY = 24;

    /** Intervals between heartbeats that two contacts may be apart and the device counts as on. */
    private static final int INTERVALS = 2;

    private static final String HEARTBEATS = """
            select (e.hour at time zone 'UTC')::date, sum(e.operated_ms), sum(e.crash_free_ms)
            from exposure_hour e join release r on r.id = e.release_id
            where e.hour >= ? and e.hour < ? and\s""";

    private static final String ACTIVE = """
            select a.day, sum(a.devices)
            from active_day a join release r on r.id = a.release_id
            where a.day >= ? and a.day <= ? and\s""";

    private static final String DEVICES = """
            select count(distinct d.device_id)
            from device_day d join release r on r.id = d.release_id
            where d.day >= ? and d.day <= ? and\s""";

    /** What a contact says holds for the time since the one before it, of the same software. */
    private static final String CONTACTS = """
            select (c.at at time zone 'UTC')::date, sum(extract(epoch from least(c.at - p.at, ? * interval '1 second')) * 1000)::bigint
            from heartbeat c
            join release r on r.id = c.release_id
            cross join lateral (
                select b.at from heartbeat b join release o on o.id = b.release_id and o.software = r.software
                where b.device_id = c.device_id and b.at < c.at
                order by b.at desc limit 1
            ) p
            where c.interval_ms is null and c.at >= ? and c.at < ? and\s""";

    /** Crashes name no cohort: the one that the device is in now stands for it. */
    private static final String DAYS = """
            with known as (
                select c.device_id, c.day
                from (
                    select v.release_id, v.device_id, v.hardware, coalesce(d.cohort, '') as cohort, v.day
                    from variant_device v join device d on d.id = v.device_id
                    where v.day >= ? and v.day <= ?
                    union all
                    select release_id, device_id, hardware, cohort, day from device_day where day >= ? and day <= ?
                ) c
                join release r on r.id = c.release_id
                where\s""";

    private static final String DAYS_COUNTED = """
            group by 1, 2
            )
            select day, count(distinct device_id) from known group by grouping sets ((), (day))
            """;

    private final Transactions transactions;
    private final BeatRollUps rollUps;
    private final Duration longestGap;

    Exposures(
            Transactions transactions,
            BeatRollUps rollUps,
            @ConfigProperty(name = "faultline.heartbeat-interval") Duration heartbeatInterval) {
        this.transactions = transactions;
        this.rollUps = rollUps;
        this.longestGap = heartbeatInterval.multipliedBy(INTERVALS);
    }

    /** Hours of a day, and those of them that are known to be free of crashes. */
    private record Hours(LocalDate day, double operated, double crashFree) {}

    Exposure of(long projectId, FleetPart part, Instant now) {
        FleetPart.Span span = part.span(now);
        Fragment releases = part.releases(projectId);
        rollUps.catchUp(projectId);
        return transactions.snapshot(connection -> {
            List<Hours> hours = hours(connection, heartbeats(span, releases, part), true);
            if (!hours.isEmpty()) {
                return counted(connection, ExposureSource.HEARTBEATS, span, releases, part, hours);
            }
            hours = hours(connection, contacts(span, releases, part), false);
            return hours.isEmpty()
                    ? estimated(connection, span, releases, part)
                    : counted(connection, ExposureSource.CONTACTS, span, releases, part, hours);
        });
    }

    private static Fragment heartbeats(FleetPart.Span span, Fragment releases, FleetPart part) {
        return new Fragment(HEARTBEATS, span.from(), span.until())
                .append(releases)
                .append(part.devices("e"))
                .append(" group by 1 order by 1");
    }

    private Fragment contacts(FleetPart.Span span, Fragment releases, FleetPart part) {
        return new Fragment(CONTACTS, longestGap.toSeconds(), span.from(), span.until())
                .append(releases)
                .append(part.devices("c"))
                .append(" group by 1 order by 1");
    }

    private static List<Hours> hours(Connection connection, Fragment query, boolean crashFree) throws SQLException {
        List<Hours> hours = new ArrayList<>();
        try (var statement = query.prepare(connection);
                var row = statement.executeQuery()) {
            while (row.next()) {
                hours.add(new Hours(
                        row.getObject(1, LocalDate.class),
                        row.getLong(2) / MILLIS_AN_HOUR,
                        crashFree ? row.getLong(3) / MILLIS_AN_HOUR : 0));
            }
        }
        return hours;
    }

    private static Exposure counted(
            Connection connection,
            ExposureSource source,
            FleetPart.Span span,
            Fragment releases,
            FleetPart part,
            List<Hours> hours)
            throws SQLException {
        Map<LocalDate, Long> active = new TreeMap<>();
        var activeDays = new Fragment(ACTIVE, span.firstDay(), span.lastDay())
                .append(releases)
                .append(part.devices("a"))
                .append(" group by 1");
        try (var query = activeDays.prepare(connection);
                var row = query.executeQuery()) {
            while (row.next()) {
                active.put(row.getObject(1, LocalDate.class), row.getLong(2));
            }
        }
        var devices = new Fragment(DEVICES, span.firstDay(), span.lastDay())
                .append(releases)
                .append(part.devices("d"));
        try (var query = devices.prepare(connection);
                var row = query.executeQuery()) {
            row.next();
            return exposure(
                    source,
                    span,
                    row.getLong(1),
                    hours,
                    source == ExposureSource.HEARTBEATS
                            ? hours.stream().mapToDouble(Hours::crashFree).sum()
                            : null,
                    active);
        }
    }

    private static Exposure estimated(Connection connection, FleetPart.Span span, Fragment releases, FleetPart part)
            throws SQLException {
        LocalDate first = span.firstDay();
        LocalDate last = span.lastDay();
        var counts = new Fragment(DAYS, first, last, first, last)
                .append(releases)
                .append(part.devices("c"))
                .append("\n" + DAYS_COUNTED);
        long devices = 0;
        List<Hours> hours = new ArrayList<>();
        Map<LocalDate, Long> active = new TreeMap<>();
        try (var query = counts.prepare(connection);
                var row = query.executeQuery()) {
            while (row.next()) {
                LocalDate day = row.getObject(1, LocalDate.class);
                if (day == null) {
                    devices = row.getLong(2);
                } else {
                    active.put(day, row.getLong(2));
                    hours.add(new Hours(day, row.getLong(2) * HOURS_A_DAY, 0));
                }
            }
        }
        hours.sort((a, b) -> a.day().compareTo(b.day()));
        return exposure(ExposureSource.DAYS, span, devices, hours, null, active);
    }

    private static Exposure exposure(
            ExposureSource source,
            FleetPart.Span span,
            long devices,
            List<Hours> hours,
            @Nullable Double crashFree,
            Map<LocalDate, Long> active) {
        return new Exposure(
                span.from(),
                span.until(),
                source,
                source.estimated(),
                hours.stream().mapToDouble(Hours::operated).sum(),
                crashFree,
                devices,
                hours.stream()
                        .map(day -> new Exposure.Day(day.day(), day.operated(), active.getOrDefault(day.day(), 0L)))
                        .toList());
    }
}
