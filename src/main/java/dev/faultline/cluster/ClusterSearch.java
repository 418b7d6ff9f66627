package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.search.Numbers;
import dev.faultline.search.SearchQuery;
import dev.faultline.search.Term;
import dev.faultline.search.Times;
import dev.faultline.search.Value;
import dev.faultline.search.Value.Wildcard;
import dev.faultline.search.Versions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A query over clusters as conditions of {@link ClusterList}: it chooses clusters, and changes nothing of what is counted. A
 * cluster has a release and a hardware revision if one of its crashes has both.
 */
@SuppressWarnings("InlineFormatString") // queries stand in one place, before the code
final class ClusterSearch {
    /** Of more clusters, one comes soon in whatever order they are read; these are looked up. */
    private static final int MOST_IDS = 1000;

    private static final String RELEASES = "select id, version from release where project_id = ?";

    private static final String WITH_CRASHES =
            "select c.cluster_id from cluster_count c where c.project_id = ? and c.days = 0";

    /** The offset keeps the planner from reading all such clusters first, here and below. */
    private static final String HAS_CRASHES =
            "exists (select from cluster_count c where c.cluster_id = s.cluster_id and c.days = 0%s offset 0)";

    private static final String WITH_FUNCTION = """
            select f.cluster_id from function_name n join cluster_function f on f.function_id = n.id
            where n.project_id = ? and n.name%s""";

    private static final String HAS_FUNCTION = """
            exists (
                select from cluster_function f
                where f.cluster_id = s.cluster_id and f.function_id = any(array(
                    select n.id from function_name n where n.project_id = ? and n.name%s))
                offset 0)""";

    private static final String WITH_WORD = "select k.id from cluster k where k.project_id = ?";

    private final Connection connection;
    private final long projectId;
    private final Instant now;
    private final Fragment filter = new Fragment();

    /** Whether a condition looks at one cluster after the other: a second one might look at nearly all to find a page. */
    private boolean looked;

    ClusterSearch(Connection connection, long projectId, Instant now) {
        this.connection = connection;
        this.projectId = projectId;
        this.now = now;
    }

    /** Conditions on a cluster {@code k}, when it was seen {@code s}, and its counts {@code c}. */
    Fragment filter(SearchQuery<ClusterField> query) throws SQLException {
        crash(query);
        for (Term<ClusterField> term : query.terms()) {
            switch (term) {
                case Term.Word<ClusterField> word -> word(word.negated(), word.value());
                case Term.About<ClusterField> about -> about(about);
            }
        }
        return filter;
    }

    /** A word of the signature or the title. */
    void word(boolean negated, Value value) throws SQLException {
        Fragment word = ClusterWords.of(value);
        var found = new Fragment(WITH_WORD, projectId)
                .and(false, word.text(), word.values().toArray());
        List<Long> ids = negated ? List.of() : ids(found);
        if (negated || ids.size() > MOST_IDS) {
            and(negated, word);
        } else {
            and(false, "s.cluster_id = any(?)", ids);
        }
    }

    /** All that is wanted of release and hardware revision is wanted of one crash. */
    private void crash(SearchQuery<ClusterField> query) throws SQLException {
        List<Value> versions = wanted(query, ClusterField.RELEASE);
        List<Value> revisions = wanted(query, ClusterField.HARDWARE);
        if (!versions.isEmpty() || !revisions.isEmpty()) {
            crash(false, versions, revisions);
        }
    }

    private static List<Value> wanted(SearchQuery<ClusterField> query, ClusterField field) {
        List<Value> values = new ArrayList<>();
        for (Term<ClusterField> term : query.terms()) {
            if (term instanceof Term.About<ClusterField>(boolean negated, ClusterField of, Value value)
                    && !negated
                    && of == field) {
                values.add(value);
            }
        }
        return values;
    }

    private void crash(boolean negated, List<Value> versions, List<Value> revisions) throws SQLException {
        var counted = new Fragment();
        if (versions.isEmpty()) {
            counted.and("c.release_id is null");
        } else {
            counted.and("c.release_id = any(?)", releases(versions));
        }
        if (revisions.isEmpty()) {
            counted.and("c.hardware is null");
        }
        for (Value revision : revisions) {
            counted.and("c.hardware" + revision.nameOperator(), revision.nameOperand());
        }
        clusters(
                negated,
                new Fragment(WITH_CRASHES, projectId).append(counted),
                new Fragment(
                        HAS_CRASHES.formatted(counted.text()), counted.values().toArray()));
    }

    private List<Long> releases(List<Value> versions) throws SQLException {
        List<Long> releases = new ArrayList<>();
        try (var query = Fragment.prepare(connection, RELEASES, List.of(projectId));
                var row = query.executeQuery()) {
            while (row.next()) {
                String version = row.getString(2);
                if (versions.stream().allMatch(value -> Versions.matches(value, version))) {
                    releases.add(row.getLong(1));
                }
            }
        }
        return releases;
    }

    private void about(Term.About<ClusterField> about) throws SQLException {
        Value value = about.value();
        boolean negated = about.negated();
        switch (about.field()) {
            case RELEASE -> {
                if (negated) {
                    crash(true, List.of(value), List.of());
                }
            }
            case HARDWARE -> {
                if (negated) {
                    crash(true, List.of(), List.of(value));
                }
            }
            case REASON -> and(negated, "k.reason" + value.nameOperator(), value.nameOperand());
            case FUNCTION -> {
                String name = value.nameOperator();
                clusters(
                        negated,
                        new Fragment(WITH_FUNCTION.formatted(name), projectId, value.nameOperand()),
                        new Fragment(HAS_FUNCTION.formatted(name), projectId, value.nameOperand()));
            }
            case SOFTWARE -> and(negated, "coalesce(k.software, '')" + value.nameOperator(), value.nameOperand());
            case STATE -> and(negated, ClusterState.condition(label -> fits(value, label), now));
            case ASSIGNEE -> and(negated, "coalesce(k.assignee, '')" + value.nameOperator(), value.nameOperand());
            case BADGE -> badge(negated, value);
            case DEVICES -> numbers(negated, "c.devices", value);
            case CRASHES -> numbers(negated, "c.crashes", value);
            case FIRST_SEEN -> times(negated, "s.first_at", value);
            case LAST_SEEN -> times(negated, "s.last_at", value);
        }
    }

    /**
     * The clusters that a query finds.
     *
     * @param holds that a cluster {@code s} is one of them, by a look at that cluster alone
     */
    private void clusters(boolean negated, Fragment found, Fragment holds) throws SQLException {
        List<Long> ids = negated || looked ? List.of() : ids(found);
        if (negated || looked) {
            and(negated, new Fragment("s.cluster_id in (").append(found).append(")"));
        } else if (ids.size() <= MOST_IDS) {
            and(false, "s.cluster_id = any(?)", ids);
        } else {
            looked = true;
            and(false, holds);
        }
    }

    /** As many as that tell whether there are more than {@link #MOST_IDS}. */
    private List<Long> ids(Fragment query) throws SQLException {
        var limited = new Fragment().append(query).append(" limit ?", MOST_IDS + 1);
        return Rows.ids(connection, limited.text(), limited.values());
    }

    private void badge(boolean negated, Value value) {
        var any = new Fragment("false");
        for (ClusterBadge badge : ClusterBadge.values()) {
            if (fits(value, badge.label())) {
                switch (badge) {
                    case REGRESSED -> any.or("k.state = 'open' and k.regressed_in is not null");
                    case ESCALATING -> any.or("k.escalating_at > ?", now.minus(ClusterBadge.ESCALATING_FOR));
                    case SEEN_AGAIN -> any.or("k.seen_again_in is not null");
                    case PROBABLY_FIXED -> any.or("k.fixed_since is not null and k.state <> 'resolved'");
                    case BOOT_CRASH -> any.or(ClusterBadge.IS_BOOT_CRASH);
                    case NEW -> any.or("s.first_at > ?", now.minus(ClusterBadge.NEW_FOR));
                    case NEEDS_SYMBOLS ->
                        any.or("exists (select from variant_total t where t.cluster_id = k.id and t.needs_symbols)");
                    case PROVISIONAL ->
                        any.or("exists (select from variant_total t where t.cluster_id = k.id and t.provisional)");
                }
            }
        }
        and(negated, any);
    }

    private static boolean fits(Value value, String label) {
        return value instanceof Wildcard wildcard
                ? wildcard.matches(label)
                : value.nameOperand().equals(label);
    }

    private void numbers(boolean negated, String column, Value value) {
        var numbers = Objects.requireNonNull(Numbers.of(value), "the parser lets numbers through only");
        and(negated, column + " between ? and ?", numbers.least(), numbers.most());
    }

    private void times(boolean negated, String column, Value value) {
        var times = Times.of(value, now);
        and(negated, column + " >= ? and " + column + " < ?", times.from(), times.until());
    }

    private void and(boolean negated, String condition, Object... values) {
        filter.and(negated, condition, values);
    }

    private void and(boolean negated, Fragment condition) {
        filter.and(negated, condition.text(), condition.values().toArray());
    }
}
