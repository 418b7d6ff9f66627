package dev.faultline.crash;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a crash has come. */
public enum CrashState {
    /** Accepted and durable; the pipeline has not seen it yet. */
    QUEUED,
    /** Has its report and cluster. */
    PROCESSED,
    /** As {@link #PROCESSED}, but debug files were missing: they will be used as soon as they arrive. */
    NEEDS_SYMBOLS,
    /** Could not be processed; the bytes are kept and the reason is said. */
    QUARANTINED;

    /** As shown, stored and sent: {@code needs-symbols}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of a label; throws IllegalArgumentException for any other text. */
    @JsonCreator
    public static CrashState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
