package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Counts a crash that was counted nowhere so far: what {@link Counters} and {@link CountLog} would write, in one statement,
 * since that is what nearly every crash needs.
 */
final class FirstCount {
    /** The row of the device comes behind that of the day, as {@link Counters} locks them. */
    private static final String COUNT = """
            with counted as (
                select ?::bigint as project_id, ?::bigint as variant_id, ?::bigint as release_id, ?::bigint as device_id,
                    ?::text as hardware, ?::date as day, ?::boolean as at_start
            ), of_day as (
                insert into variant_day (variant_id, release_id, hardware, day, crashes)
                select variant_id, release_id, hardware, day, 1 from counted
                on conflict (variant_id, release_id, hardware, day) do update set crashes = variant_day.crashes + 1
                returning day
            ), of_device as (
                insert into variant_device (variant_id, release_id, hardware, day, device_id, crashes)
                select c.variant_id, c.release_id, c.hardware, d.day, c.device_id, 1
                from counted c cross join of_day d where c.device_id is not null
                on conflict (variant_id, release_id, device_id, hardware, day)
                    do update set crashes = variant_device.crashes + 1
            )
            insert into crash_counted (project_id, variant_id, device_id, release_id, hardware, day, crashes, arrived,
                at_start)
            select project_id, variant_id, coalesce(device_id, 0), coalesce(release_id, 0), hardware, day, 1, true, at_start
            from counted
            """;

    private FirstCount() {}

    static void add(Connection transaction, long projectId, Counters.Place place) throws SQLException {
        var sighting = place.sighting();
        try (var count = Fragment.prepare(
                transaction,
                COUNT,
                Arrays.asList(
                        projectId,
                        place.variant(),
                        sighting.release(),
                        sighting.device(),
                        sighting.hardware(),
                        place.day(),
                        sighting.atStart()))) {
            count.executeUpdate();
        }
    }
}
