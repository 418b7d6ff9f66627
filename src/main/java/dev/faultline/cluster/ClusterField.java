package dev.faultline.cluster;

import dev.faultline.search.Field;
import dev.faultline.search.Kind;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.Arrays;

/** What clusters are searched by. */
@SuppressWarnings("ImmutableEnumChecker") // the lists of a kind are copies
public enum ClusterField implements Field {
    RELEASE("release", new Kind.Version()),
    HARDWARE("hw", new Kind.Name()),
    REASON(
            "reason",
            new Kind.Choice(Arrays.stream(ReasonFamily.values())
                    .map(ReasonFamily::label)
                    .toList())),
    FUNCTION("fn", new Kind.Name()),
    SOFTWARE("software", new Kind.Name()),
    STATE("state", new Kind.Choice(ClusterState.LABELS)),
    ASSIGNEE("assignee", new Kind.Name()),
    BADGE(
            "badge",
            new Kind.Choice(Arrays.stream(ClusterBadge.values())
                    .map(ClusterBadge::label)
                    .toList())),
    DEVICES("devices", new Kind.Count()),
    CRASHES("crashes", new Kind.Count()),
    FIRST_SEEN("first-seen", new Kind.Time()),
    LAST_SEEN("last-seen", new Kind.Time());

    private final String label;
    private final Kind kind;

    ClusterField(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
