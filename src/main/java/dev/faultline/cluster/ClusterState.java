package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.faultline.ops.Fragment;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Where a cluster is. New, ongoing and regressed are open: nobody resolved or muted it. */
public enum ClusterState {
    /** Open, and its first crash is not older than {@link ClusterBadge#NEW_FOR}. */
    NEW,
    ONGOING,
    /** It was resolved, and crashed in a release that has the fix. */
    REGRESSED,
    RESOLVED,
    /** Until something happens, or somebody opens it. */
    MUTED;

    private static final String ANY_OPEN = "open";

    /** What lists are asked for: each of the states, and {@code open} for the three that are. */
    public static final List<String> LABELS = Stream.concat(
                    Stream.of(ANY_OPEN), Arrays.stream(values()).map(ClusterState::label))
            .toList();

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Condition on a cluster {@code k}, first seen {@code s.first_at}, that its state is one of those that a value means. */
    static Fragment condition(Predicate<String> value, Instant now) {
        var any = new Fragment("false");
        Instant oldest = now.minus(ClusterBadge.NEW_FOR);
        for (ClusterState state : values()) {
            boolean open = state == NEW || state == ONGOING || state == REGRESSED;
            if (value.test(state.label()) || (open && value.test(ANY_OPEN))) {
                switch (state) {
                    case NEW -> any.or("k.state = 'open' and k.regressed_in is null and s.first_at > ?", oldest);
                    case ONGOING -> any.or("k.state = 'open' and k.regressed_in is null and s.first_at <= ?", oldest);
                    case REGRESSED -> any.or("k.state = 'open' and k.regressed_in is not null");
                    case RESOLVED -> any.or("k.state = 'resolved'");
                    case MUTED -> any.or("k.state = 'muted'");
                }
            }
        }
        return any;
    }

    /**
     * From what is kept.
     *
     * @param kept {@code open}, {@code resolved} or {@code muted}
     */
    public static ClusterState of(String kept, boolean regressed, Instant firstAt, Instant now) {
        return switch (kept) {
            case "resolved" -> RESOLVED;
            case "muted" -> MUTED;
            default -> regressed ? REGRESSED : firstAt.isAfter(now.minus(ClusterBadge.NEW_FOR)) ? NEW : ONGOING;
        };
    }
}
