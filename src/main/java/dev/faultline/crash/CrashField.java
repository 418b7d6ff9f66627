package dev.faultline.crash;

import dev.faultline.search.Field;
import dev.faultline.search.Kind;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.Arrays;

/** What crashes are searched by. */
@SuppressWarnings("ImmutableEnumChecker") // the lists of a kind are copies
public enum CrashField implements Field {
    RELEASE("release", new Kind.Version()),
    HARDWARE("hw", new Kind.Name()),
    REASON(
            "reason",
            new Kind.Choice(Arrays.stream(ReasonFamily.values())
                    .map(ReasonFamily::label)
                    .toList())),
    FUNCTION("fn", new Kind.Name()),
    SOFTWARE("software", new Kind.Name()),
    DEVICE("device", new Kind.Name()),
    STATE(
            "state",
            new Kind.Choice(
                    Arrays.stream(CrashState.values()).map(CrashState::label).toList())),
    CLUSTER("cluster", new Kind.Id("C-")),
    SEEN("seen", new Kind.Time());

    private final String label;
    private final Kind kind;

    CrashField(String label, Kind kind) {
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
