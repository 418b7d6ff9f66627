package dev.faultline.scale;

import dev.faultline.ops.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Locale;

/**
 * Gives a filled data directory a fleet that sends heartbeats, so that gates and comparisons can be measured at size:
 *
 * <pre>src/scale.sh fleet --data-dir=/tmp/faultline-scale [--devices=1000000]</pre>
 *
 * <p>Heartbeats themselves are left out: the rows are those that they are rolled up to. A release
 * takes over within two weeks, each has the one before as its parent, and every device has run the last four.
 */
public final class ScaleFleet {
    private static final String SESSION = """
            set synchronous_commit to off;
            set session_replication_role to replica;
            set work_mem to '256MB';
            select setseed(0.75);
            """;

    private static final String DEVICES = """
            insert into device (project_id, name, hardware, first_seen, last_seen)
            select (select id from project where name = 'default'), 'SN-' || lpad(n::text, 7, '0'),
                'rev-' || (array['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'e', 'f'])[1 + mod(n, 20)],
                now() - interval '548 days', now()
            from generate_series((select count(*) from device), ? - 1) n
            """;

    private static final String PARENTS = """
            update release r set parents = array[p.version]
            from (select id, lag(version) over (order by id) as version from release where software = 'main-fw') p
            where p.id = r.id and p.version is not null
            """;

    /** When each device took each of the last four releases, within two weeks; rows of a device are together. */
    private static final String HISTORY = """
            insert into device_history (device_id, software, since, release_id, hardware, cohort)
            select d.id, 'main-fw', r.first_seen + random() * interval '14 days', r.id, d.hardware,
                case when d.id % 10 = 0 then 'beta' else 'general' end
            from device d cross join (select id, first_seen from release where software = 'main-fw' order by id desc limit 4) r
            """;

    private static final String NOW_ON = """
            update device d set release_id = (select max(id) from release where software = 'main-fw'),
                cohort = case when id % 10 = 0 then 'beta' else 'general' end, beat_at = now() - random() * interval '1 hour',
                last_seen = now() - random() * interval '1 hour', beat_boot = '1', beat_sequence = 1
            """;

    private static final String ACTIVE = """
            insert into active_day (project_id, release_id, hardware, cohort, day, devices)
            select project_id, id, hardware, cohort, day, devices
            from (
                select r.project_id, r.id, f.hardware, f.cohort, (r.first_seen + n * interval '1 day')::date as day,
                    round(f.devices * 0.95 * case when n < 14 then n / 14.0
                        when n < r.next then 1 when n < r.next + 14 then 1 - (n - r.next) / 14.0 else 0 end)::int as devices
                from (
                    select project_id, id, first_seen, coalesce(extract(epoch from lead(first_seen) over (order by id) - first_seen)
                        / 86400, 1000)::int as next
                    from release where software = 'main-fw') r
                cross join generate_series(1, 60) n
                cross join (
                    select hardware, case when id % 10 = 0 then 'beta' else 'general' end as cohort, count(*) as devices
                    from device group by 1, 2) f
            ) a
            where devices > 0 and day < current_date
            """;

    private static final String HOURS = """
            insert into exposure_hour (project_id, release_id, hardware, cohort, hour, operated_ms, crash_free_ms)
            select project_id, release_id, hardware, cohort, day::timestamp at time zone 'UTC' + h * interval '1 hour',
                devices * 3400000::bigint, devices * 3399000::bigint
            from active_day cross join generate_series(0, 23) h
            """;

    private static final String METRICS = """
            insert into metric_name (project_id, name)
            select (select id from project where name = 'default'), n
            from unnest(array['battery.current_ma', 'battery.soc_pct', 'heap.free_min', 'rssi.mean', 'sync.success',
                'temperature.max', 'queue.depth_max', 'flash.erases']) n;
            insert into metric_day (metric_id, release_id, hardware, cohort, day, count, sum, squares, least, greatest)
            select n.id, a.release_id, a.hardware, a.cohort, a.day, a.devices * 24, a.devices * 24 * 10.0, a.devices * 24 * 104.0, 1, 30
            from active_day a cross join metric_name n
            """;

    private ScaleFleet() {}

    public static void main(String... arguments) throws Exception {
        List<String> options = List.of(arguments);
        Path data = Path.of(option(options, "data-dir"));
        long devices = options.stream().anyMatch(option -> option.startsWith("--devices="))
                ? Long.parseLong(option(options, "devices"))
                : 1_000_000;
        var postgres = EmbeddedPostgres.start(data.resolve("pg"));
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(SESSION);
            for (String step : List.of(
                    DEVICES.replace("?", Long.toString(devices)),
                    PARENTS,
                    HISTORY,
                    NOW_ON,
                    ACTIVE,
                    HOURS,
                    METRICS,
                    "vacuum (analyze)")) {
                long begun = System.nanoTime();
                statement.execute(step);
                System.out.printf(
                        Locale.ROOT,
                        "%7.1f s  %s%n",
                        (System.nanoTime() - begun) / 1e9,
                        step.strip().lines().findFirst().orElse(""));
            }
        } finally {
            postgres.stop();
        }
    }

    private static String option(List<String> options, String name) {
        String begin = "--" + name + "=";
        return options.stream()
                .filter(option -> option.startsWith(begin))
                .map(option -> option.substring(begin.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(begin + " is missing"));
    }
}
