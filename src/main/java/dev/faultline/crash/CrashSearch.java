package dev.faultline.crash;

import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterWords;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.search.SearchQuery;
import dev.faultline.search.Term;
import dev.faultline.search.Times;
import dev.faultline.search.Value;
import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Versions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A query over crashes as the text of a list, newest first. A crash that was read is found by what its dump said: by ids, in
 * the order of an index. One that was not is found by what its upload said; there are few of those.
 */
@SuppressWarnings("InlineFormatString") // queries stand in one place, before the code
final class CrashSearch {
    /** With more of them the crashes are read in the order of time instead: then there is one of theirs every now and then. */
    private static final int MOST_IDS = 5000;

    private static final String RELEASES = "select id, software, version from release where project_id = ?";

    private static final String DEVICES = "select id from device where project_id = ? and name";

    private static final String OF_CLUSTERS =
            "select t.variant_id from variant_total t where t.project_id = ? and t.cluster_id";

    private static final String VARIANTS =
            "select t.variant_id from variant_total t where t.project_id = ? and t.variant_id = any(?)";

    private static final String WITH_WORD = " in (select k.id from cluster k where k.project_id = ? and %s)";

    /** Clusters that have the function in some of their variants, and of those the variants. */
    private static final String WITH_FUNCTION = """
             in (
                select f.cluster_id from function_name n join cluster_function f on f.function_id = n.id
                where n.project_id = ? and n.name%1$s)
            and exists (
                select from variant v cross join lateral jsonb_array_elements(v.frames) f
                where v.id = t.variant_id and f ->> 'name'%1$s)
            """;

    /** Where the crashes are read in the order of time, those of before and after are not. */
    private static final String WHILE_SEEN =
            "c.effective_at <= (select t.last_at from cluster_total t where t.cluster_id = ?)";

    private final Connection connection;
    private final long projectId;
    private final Instant now;
    private final Fragment read = new Fragment(" and c.variant_id is not null");
    private final Fragment unread = new Fragment(" and c.variant_id is null");
    private final List<Source> sources = new ArrayList<>();

    /** An index whose rows of one id are in the order of time; of several that would do the first. */
    private enum By {
        DEVICE("device_id"),
        VARIANT("variant_id"),
        RELEASE("release_id");

        private final String column;

        By(String column) {
            this.column = column;
        }
    }

    /** Ids whose rows hold all crashes that are wanted. */
    private record Source(By by, List<Long> ids) {}

    private record Release(long id, String software, String version) {}

    private CrashSearch(Connection connection, long projectId, Instant now) {
        this.connection = connection;
        this.projectId = projectId;
        this.now = now;
    }

    /**
     * A query for crashes.
     *
     * @param place where the page before ended; null: the newest are wanted
     */
    static Fragment newest(
            Connection connection,
            long projectId,
            SearchQuery<CrashField> query,
            @Nullable Place place,
            int limit,
            Instant now)
            throws SQLException {
        Long cluster = alone(query);
        if (cluster != null) {
            return ofVariants(new Fragment(OF_CLUSTERS + " = ?", projectId, cluster), place, limit);
        }
        var search = new CrashSearch(connection, projectId, now);
        for (Term<CrashField> term : query.terms()) {
            switch (term) {
                case Term.Word<CrashField> word -> search.word(word.negated(), word.value());
                case Term.About<CrashField> about -> search.about(about);
            }
        }
        return query.terms().size() == 1
                        && search.sources.size() == 1
                        && search.sources.getFirst().by() == By.VARIANT
                ? ofVariants(
                        new Fragment(
                                VARIANTS, projectId, search.sources.getFirst().ids()),
                        place,
                        limit)
                : search.text(end(place, limit));
    }

    private static Fragment end(@Nullable Place place, int limit) {
        var end = new Fragment();
        if (place != null) {
            end.and(false, "(c.effective_at, c.id) < (?, ?)", place.at(), place.id());
        }
        return end.append(" order by c.effective_at desc, c.id desc limit ?", limit);
    }

    /** The cluster, where nothing else is wanted. */
    private static @Nullable Long alone(SearchQuery<CrashField> query) {
        return query.terms().size() == 1
                        && query.terms().getFirst()
                                instanceof Term.About<CrashField>(boolean negated, CrashField field, Value value)
                        && !negated
                        && field == CrashField.CLUSTER
                ? (Long) ClusterId.parse(value.nameOperand()).number()
                : null;
    }

    /**
     * The newest crashes of variants are among those of as many of them, the ones that were seen last; behind a place also
     * among those of the variants that were seen before and after it.
     *
     * @param variants a query for variants {@code t} that more conditions may follow
     */
    private static Fragment ofVariants(Fragment variants, @Nullable Place place, int limit) {
        var text = new Fragment("select c.* from (select n.id from (");
        if (place != null) {
            text.append(variants).append(" and t.first_at <= ? and t.last_at >= ? union ", place.at(), place.at());
        }
        text.append("(").append(variants);
        if (place != null) {
            text.append(" and t.last_at < ?", place.at());
        }
        // ids and times first: an index has both
        return text.append(" order by t.last_at desc, t.last_crash desc limit ?)", limit)
                .append(
                        ") s cross join lateral (select c.id, c.effective_at from crash c where c.variant_id = s.variant_id")
                .append(end(place, limit))
                .append(") n order by n.effective_at desc, n.id desc limit ?) n join crash c on c.id = n.id", limit);
    }

    private Fragment text(Fragment end) {
        var text = new Fragment("(");
        sources.sort(Comparator.comparing(Source::by));
        for (Source other : sources.subList(Math.min(1, sources.size()), sources.size())) {
            read.and(false, "c." + other.by().column + " = any(?)", other.ids());
        }
        if (sources.isEmpty()) {
            text.append("select c.* from crash c where c.project_id = ?", projectId)
                    .append(read)
                    .append(end);
        } else {
            Source source = sources.getFirst();
            text.append(
                            "select c.* from unnest(?) s (id) cross join lateral (select * from crash c where c."
                                    + source.by().column + " = s.id and c.project_id = ?",
                            source.ids(),
                            projectId)
                    .append(read)
                    .append(end)
                    .append(") c");
        }
        return text.append(") union all (select c.* from crash c where c.project_id = ?", projectId)
                .append(unread)
                .append(end)
                .append(")");
    }

    private void word(boolean negated, Value value) throws SQLException {
        Fragment words = ClusterWords.of(value);
        variants(
                negated,
                OF_CLUSTERS + WITH_WORD.formatted(words.text()),
                projectId,
                words.values().getFirst());
    }

    private void about(Term.About<CrashField> about) throws SQLException {
        Value value = about.value();
        boolean negated = about.negated();
        switch (about.field()) {
            case RELEASE -> releases(negated, "version", Release::version, value);
            case SOFTWARE -> releases(negated, "software", Release::software, value);
            case HARDWARE -> {
                read.and(negated, "coalesce(c.hardware, '')" + value.nameOperator(), value.nameOperand());
                claimed(negated, "hardware", value);
            }
            case REASON -> {
                read.and(negated, "c.reason" + value.nameOperator(), value.nameOperand());
                unread.and(negated, "false");
            }
            case FUNCTION ->
                variants(
                        negated,
                        OF_CLUSTERS + WITH_FUNCTION.formatted(value.nameOperator()),
                        projectId,
                        value.nameOperand(),
                        value.nameOperand());
            case DEVICE -> device(negated, value);
            case STATE -> both(negated, "c.state" + value.nameOperator(), value.nameOperand());
            case CLUSTER -> {
                long cluster = ClusterId.parse(value.nameOperand()).number();
                variants(negated, OF_CLUSTERS + " = ?", cluster);
                if (!negated) {
                    read.and(false, WHILE_SEEN, cluster);
                }
            }
            case SEEN -> {
                var times = Times.of(value, now);
                both(negated, "c.effective_at >= ? and c.effective_at < ?", times.from(), times.until());
            }
        }
    }

    private void releases(boolean negated, String claim, Function<Release, String> name, Value value)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Release release : releases()) {
            if (Versions.matches(value, name.apply(release))) {
                ids.add(release.id());
                names.add(name.apply(release));
            }
        }
        if (negated) {
            read.and(true, "coalesce(c.release_id, 0) = any(?)", ids);
        } else {
            sources.add(new Source(By.RELEASE, ids));
        }
        if (value instanceof Comparison || value instanceof Range) {
            unread.and(negated, "coalesce(c.claims ->> '" + claim + "', '') = any(?)", (Object)
                    names.toArray(String[]::new));
        } else {
            claimed(negated, claim, value);
        }
    }

    private List<Release> releases() throws SQLException {
        List<Release> releases = new ArrayList<>();
        try (var query = new Fragment(RELEASES, projectId).prepare(connection);
                var row = query.executeQuery()) {
            while (row.next()) {
                releases.add(new Release(row.getLong(1), row.getString(2), row.getString(3)));
            }
        }
        return releases;
    }

    private void device(boolean negated, Value value) throws SQLException {
        any(negated, By.DEVICE, new Fragment(DEVICES + value.nameOperator(), projectId, value.nameOperand()));
        claimed(negated, "device", value);
    }

    /**
     * Variants that a query finds.
     *
     * @param query whose first value is the project
     */
    private void variants(boolean negated, String query, Object... values) throws SQLException {
        any(negated, By.VARIANT, new Fragment(query, projectId).append("", values));
        unread.and(negated, "false");
    }

    /** The crash has one of the ids that a query finds; few of them are looked up, many are a condition. */
    private void any(boolean negated, By by, Fragment query) throws SQLException {
        List<Long> ids = ids(query);
        String column = "coalesce(c." + by.column + ", 0)";
        if (!negated && ids.size() <= MOST_IDS) {
            sources.add(new Source(by, ids));
        } else {
            read.append(negated ? " and not (" : " and (")
                    .append(column + " in (")
                    .append(query)
                    .append("))");
        }
    }

    private List<Long> ids(Fragment query) throws SQLException {
        var limited = new Fragment().append(query).append(" limit ?", MOST_IDS + 1);
        return Rows.ids(connection, limited.text(), limited.values());
    }

    /** What the upload said of the device, where the dump was not read. */
    private void claimed(boolean negated, String claim, Value value) {
        unread.and(negated, "coalesce(c.claims ->> '" + claim + "', '')" + value.nameOperator(), value.nameOperand());
    }

    private void both(boolean negated, String condition, Object... values) {
        read.and(negated, condition, values);
        unread.and(negated, condition, values);
    }
}
