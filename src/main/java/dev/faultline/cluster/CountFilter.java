package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows {@code c} of {@code cluster_count} hold what a list counts. */
final class CountFilter {
    private static final String OF_VERSION =
            "c.release_id = any(array(select id from release where project_id = ? and version = ?))";

    private CountFilter() {}

    /**
     * A range of the rows of one length.
     *
     * @param days 0: all time, which has no day
     * @param from the first day of the first one
     * @param until the day behind the last one; null: without end
     */
    private record Stretch(
            int days, LocalDate from, @Nullable LocalDate until) {
        /** Days of what is kept of any release, each a part of the next one. */
        private static final List<Integer> LENGTHS = List.of(1, 4, 16, 64);

        /** Together all since a day, of any release. */
        static List<Stretch> since(LocalDate day) {
            List<Stretch> parts = new ArrayList<>();
            LocalDate from = day;
            for (int i = 0; i < LENGTHS.size() - 1; i++) {
                LocalDate next = beginning(from, LENGTHS.get(i + 1));
                if (from.isBefore(next)) {
                    parts.add(new Stretch(LENGTHS.get(i), from, next));
                }
                from = next;
            }
            parts.add(new Stretch(LENGTHS.getLast(), from, null));
            return parts;
        }

        /** The first day from here on that begins a stretch of so many days. */
        private static LocalDate beginning(LocalDate day, int days) {
            return day.plusDays(Math.floorMod(-day.toEpochDay(), days));
        }

        Fragment condition() {
            var condition = new Fragment("c.days = ? and c.day >= ?", days, from);
            return until == null ? condition : condition.and("c.day < ?", until);
        }
    }

    /** The rows whose sum a cluster's counts are, in parts; none: the list counts everything. */
    static List<Fragment> of(long projectId, ClusterQuery query) {
        if (query.since() == null) {
            return query.release() == null && query.hardware() == null
                    ? List.of()
                    : List.of(scope(projectId, query).and("c.days = 0"));
        }
        return stretches(query).stream()
                .map(part -> scope(projectId, query).append(" and ").append(part.condition()))
                .toList();
    }

    /** Whether a part has several rows of a cluster: of several days, or of the several releases that a version may be. */
    static boolean isSummed(ClusterQuery query) {
        return query.since() != null || query.release() != null;
    }

    private static List<Stretch> stretches(ClusterQuery query) {
        if (query.since() == null) {
            return List.of();
        }
        LocalDate day = LocalDate.ofInstant(query.since(), ZoneOffset.UTC);
        return query.release() == null ? Stretch.since(day) : List.of(new Stretch(1, day, null));
    }

    private static Fragment scope(long projectId, ClusterQuery query) {
        return hardware(releases(projectId, query), query, "c.hardware is null");
    }

    /** A cluster's counts of all time by release and hardware revision, as far as these are wanted. */
    static Fragment byHardware(long projectId, ClusterQuery query) {
        return hardware(releases(projectId, query), query, "c.hardware is not null")
                .and("c.days = 0");
    }

    /** Of the counts by hardware of a cluster, release and revision, as {@code h} has them, those since; none: all. */
    static @Nullable Fragment since(ClusterQuery query) {
        List<Stretch> parts = stretches(query);
        if (parts.isEmpty()) {
            return null;
        }
        var union = new Fragment();
        for (Stretch part : parts) {
            union.append(union.text().isEmpty() ? "" : " union all ")
                    .append("select c.crashes from cluster_count c where c.cluster_id = h.cluster_id")
                    .append(query.release() == null ? " and c.release_id is null" : " and c.release_id = h.release_id")
                    .append(" and c.hardware = h.hardware and ")
                    .append(part.condition());
        }
        return union;
    }

    /** A cluster's counts by day. */
    static Fragment byDay(long projectId, ClusterQuery query) {
        var filter = scope(projectId, query).and("c.days = 1");
        return query.since() == null
                ? filter
                : filter.and("c.day >= ?", LocalDate.ofInstant(query.since(), ZoneOffset.UTC));
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
}
