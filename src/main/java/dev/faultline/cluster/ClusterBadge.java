package dev.faultline.cluster;

import java.time.Duration;

/** What is worth a mark beside a cluster. */
enum ClusterBadge {
    /** Open: it was resolved, and crashed in a release that has the fix. */
    REGRESSED("regressed"),
    /** Its crashes of the last days are more than its past explains. */
    ESCALATING("escalating"),
    /** Resolved: it crashed in a release of which nobody knows whether it has the fix. */
    SEEN_AGAIN("seen-again"),
    /** Not resolved: newer releases would have shown it, and did not. */
    PROBABLY_FIXED("probably-fixed"),
    /** Half of its crashes of which it is known came within a minute of the boot. */
    BOOT_CRASH("boot-crash"),
    /** Its first crash is not older than {@link #NEW_FOR}. */
    NEW("new"),
    /** Symbols are missing for some of its crashes. */
    NEEDS_SYMBOLS("needs-symbols"),
    /** Some of its crashes are bound to one build, since their stacks say too little. */
    PROVISIONAL("provisional");

    /** Condition on a cluster's totals {@code s}. */
    static final String IS_BOOT_CRASH = "s.at_start > 0 and s.at_start * 2 >= s.timed";

    static final Duration NEW_FOR = Duration.ofDays(7);

    /** So long after it was last found escalating. */
    static final Duration ESCALATING_FOR = Duration.ofDays(1);

    private final String label;

    ClusterBadge(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
