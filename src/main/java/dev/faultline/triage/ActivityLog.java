package dev.faultline.triage;

import dev.faultline.access.Texts;
import dev.faultline.cluster.ClusterEdit;
import dev.faultline.cluster.ClusterEdits;
import dev.faultline.cluster.ClusterId;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what happened to a cluster, and to those that were merged into it: edits and notes, newest first. */
final class ActivityLog {
    private static final int EDIT = 0;

    private static final String ENTRIES = """
            with recursive here (id) as (
                select ?::bigint
                union
                select k.id from here h join cluster k on k.moved_to = h.id and k.project_id = ?
            )
            select at, source, id from (
                select e.at, 0 as source, e.id from cluster_edit e
                where e.project_id = ? and e.id in (
                    select edit_id from cluster_edit_variant where from_cluster = ?
                    union select edit_id from cluster_edit_variant where to_cluster = ?)
                union all
                select n.at, 1, n.id from cluster_note n join here h on h.id = n.cluster_id
            ) entry
            where (at, source, id) < (?, ?, ?)
            order by at desc, source desc, id desc
            limit ?
            """;

    private ActivityLog() {}

    static Page<ActivityEntry> of(
            Connection connection, long projectId, ClusterId cluster, @Nullable String after, int limit)
            throws SQLException {
        Place begin = after == null ? Place.BEGINNING : Place.parse(after);
        List<Place> places = places(connection, projectId, cluster, begin, limit + 1);
        boolean more = places.size() > limit;
        List<Place> shown = more ? places.subList(0, limit) : places;
        return new Page<>(
                entries(connection, projectId, shown), more ? shown.getLast().text() : null);
    }

    /** Where an entry is in the order; PostgreSQL keeps microseconds. */
    private record Place(Instant at, int source, long id) {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,17})-([01])-([0-9]{1,18})");
        static final Place BEGINNING = new Place(Instant.parse("9999-12-31T00:00:00Z"), EDIT, 0);

        static Place parse(String text) {
            var matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw Problem.badRequest(
                        "unknown-page", "after=%s is not the next of a page of activity", Texts.shown(text));
            }
            return new Place(
                    Instant.EPOCH.plus(Long.parseLong(matcher.group(1)), ChronoUnit.MICROS),
                    Integer.parseInt(matcher.group(2)),
                    Long.parseLong(matcher.group(3)));
        }

        String text() {
            return "%d-%d-%d".formatted(ChronoUnit.MICROS.between(Instant.EPOCH, at), source, id);
        }
    }

    private static List<Place> places(Connection connection, long projectId, ClusterId cluster, Place begin, int limit)
            throws SQLException {
        long id = cluster.number();
        List<Object> values = List.of(id, projectId, projectId, id, id, begin.at(), begin.source(), begin.id(), limit);
        List<Place> places = new ArrayList<>();
        try (var query = Fragment.prepare(connection, ENTRIES, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                places.add(new Place(row.getTimestamp(1).toInstant(), row.getInt(2), row.getLong(3)));
            }
        }
        return places;
    }

    private static List<ActivityEntry> entries(Connection connection, long projectId, List<Place> places)
            throws SQLException {
        Map<Long, ClusterEdit> edits = ClusterEdits.list(connection, projectId, ids(places, true)).stream()
                .collect(Collectors.toMap(ClusterEdit::id, Function.identity()));
        Map<Long, Note> notes = new HashMap<>();
        Notes.list(connection, ids(places, false)).forEach(note -> notes.put(note.id(), note));
        List<ActivityEntry> entries = new ArrayList<>();
        for (Place place : places) {
            entries.add(
                    place.source() == EDIT
                            ? entry(Objects.requireNonNull(edits.get(place.id())))
                            : entry(Objects.requireNonNull(notes.get(place.id()))));
        }
        return entries;
    }

    private static List<Long> ids(List<Place> places, boolean edits) {
        return places.stream()
                .filter(place -> (place.source() == EDIT) == edits)
                .map(Place::id)
                .toList();
    }

    private static ActivityEntry entry(ClusterEdit edit) {
        return new ActivityEntry(edit.at(), edit.actor(), edit.kind().label(), null, edit);
    }

    private static ActivityEntry entry(Note note) {
        return new ActivityEntry(note.at(), note.actor(), note.kind().label(), note.text(), null);
    }
}
