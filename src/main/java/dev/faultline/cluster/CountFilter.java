package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Which rows {@code c} of {@code cluster_count} hold what a list counts. */
final class CountFilter {
    /** Days of the stretches that {@code cluster_count} keeps of any release on any hardware, each a part of the next one. */
    private static final List<Integer> STRETCHES = List.of(1, 4, 16, 64);

    private static final String OF_VERSION =
            "c.release_id = any(array(select id from release where project_id = ? and version = ?))";

    private CountFilter() {}

    /** The rows whose sum a cluster's counts are, in parts; none: the list counts everything. */
    static List<Fragment> of(long projectId, ClusterQuery query) {
        Instant since = query.since();
        if (since == null) {
            return query.release() == null && query.hardware() == null
                    ? List.of()
                    : List.of(scope(projectId, query).and("c.days = 0"));
        }
        LocalDate day = day(since);
        if (query.release() != null || query.hardware() != null) {
            return List.of(scope(projectId, query).and("c.days = 1 and c.day >= ?", day));
        }
        List<Fragment> parts = new ArrayList<>();
        for (int i = 0; i < STRETCHES.size(); i++) {
            int days = STRETCHES.get(i);
            if (i == STRETCHES.size() - 1) {
                parts.add(scope(projectId, query).and("c.days = ? and c.day >= ?", days, day));
                break;
            }
            LocalDate next = nextStretch(day, STRETCHES.get(i + 1));
            if (day.isBefore(next)) {
                parts.add(scope(projectId, query).and("c.days = ? and c.day >= ? and c.day < ?", days, day, next));
            }
            day = next;
        }
        return parts;
    }

    /** The first day from here on that begins a stretch of so many days. */
    private static LocalDate nextStretch(LocalDate day, int days) {
        return day.plusDays(Math.floorMod(-day.toEpochDay(), days));
    }

    /** Whether a part has several rows of a cluster: of several days, or of the several releases that a version may be. */
    static boolean isSummed(ClusterQuery query) {
        return query.since() != null || query.release() != null;
    }

    private static Fragment scope(long projectId, ClusterQuery query) {
        return hardware(releases(projectId, query), query, "c.hardware is null");
    }

    /** A cluster's counts by hardware revision. */
    static Fragment byHardware(long projectId, ClusterQuery query) {
        var filter = hardware(releases(projectId, query), query, "c.hardware is not null");
        Instant since = query.since();
        return since == null ? filter.and("c.days = 0") : filter.and("c.days = 1 and c.day >= ?", day(since));
    }

    /** A cluster's counts by day. */
    static Fragment byDay(long projectId, ClusterQuery query) {
        var filter = scope(projectId, query).and("c.days = 1");
        Instant since = query.since();
        return since == null ? filter : filter.and("c.day >= ?", day(since));
    }

    private static Fragment releases(long projectId, ClusterQuery query) {
        var filter = new Fragment("c.project_id = ?", projectId);
        return query.release() == null
                ? filter.and("c.release_id is null")
                : filter.and(OF_VERSION, projectId, query.release());
    }

    private static Fragment hardware(Fragment filter, ClusterQuery query, String otherwise) {
        return query.hardware() == null ? filter.and(otherwise) : filter.and("c.hardware = ?", query.hardware());
    }

    private static LocalDate day(Instant since) {
        return LocalDate.ofInstant(since, ZoneOffset.UTC);
    }
}
