package dev.faultline.cluster;

import java.time.Duration;

/** What is worth a mark beside a cluster. */
enum ClusterBadge {
    /** Its first crash is not older than {@link #NEW_FOR}. */
    NEW("new"),
    /** Symbols are missing for some of its crashes. */
    NEEDS_SYMBOLS("needs-symbols"),
    /** Some of its crashes are bound to one build, since their stacks say too little. */
    PROVISIONAL("provisional");

    static final Duration NEW_FOR = Duration.ofDays(7);

    private final String label;

    ClusterBadge(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
