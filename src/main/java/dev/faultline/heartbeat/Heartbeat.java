package dev.faultline.heartbeat;

import dev.faultline.fleet.ReleaseName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of itself, as it came; names are clean, numbers within {@link HeartbeatLimits}.
 *
 * @param hardware revision, empty where it does not say; so is the cohort
 * @param boot names a start of the device; with the sequence in it, a heartbeat of the device is known when it comes again
 * @param at the device's clock; absent: it has none
 * @param intervalMillis what it covers, up to {@code at}; absent: a sign of life only
 * @param crashFreeMillis the part of the interval without a crash or unexpected reboot
 * @param reboots reason to how often within the interval
 * @param attributes all that the device has; absent: as before
 */
record Heartbeat(
        String device,
        String hardware,
        ReleaseName release,
        String cohort,
        String boot,
        long sequence,
        @Nullable Instant at,
        @Nullable Long uptimeMillis,
        @Nullable Long intervalMillis,
        @Nullable Long crashFreeMillis,
        Map<String, Long> reboots,
        @Nullable Map<String, String> attributes,
        Map<String, Double> metrics) {

    /** What makes two heartbeats the same one. */
    record Key(String device, String boot, long sequence) {}

    Key key() {
        return new Key(device, boot, sequence);
    }
}
