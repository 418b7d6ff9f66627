package dev.faultline.heartbeat;

import java.time.Duration;
import java.util.regex.Pattern;

/** What is taken of a heartbeat, and of a batch of them. */
final class HeartbeatLimits {
    /** Most bytes of a batch, unpacked. */
    static final int BATCH_BYTES = 4 << 20;

    /** Most heartbeats of a batch. */
    static final int BATCH = 5000;

    /** Deepest nesting: an array of heartbeats with maps in them takes three. */
    static final int DEPTH = 16;

    /** Longest number, in digits. */
    static final int NUMBER_LENGTH = 100;

    /** Most attributes, metrics and reasons for reboots, each, of one heartbeat. */
    static final int ENTRIES = 64;

    /** Largest sequence number: larger ones are not exact in JSON. */
    static final long SEQUENCE = (1L << 53) - 1;

    /** Largest metric, either side of zero: squares of all that can come stay finite. */
    static final double METRIC = 1e15;

    /** Smaller ones are 0: their squares would be none. */
    static final double SMALLEST_METRIC = 1e-100;

    /** Most reboots for one reason in one heartbeat. */
    static final long REBOOTS = 1_000_000;

    static final Duration LONGEST_INTERVAL = Duration.ofDays(7);
    static final Duration LONGEST_UPTIME = Duration.ofDays(36_500);

    /** A heartbeat may come so late. */
    static final Duration LATE = Duration.ofDays(30);

    /** A device's clock is believed so far ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(10);

    /** Boot ids order heartbeats of one moment, the same way here and in the database: so ASCII alone. */
    static final Pattern BOOT = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    static final Pattern METRIC_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:/-]{0,99}");
    static final Pattern REASON = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private HeartbeatLimits() {}
}
