package dev.faultline.heartbeat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat about to be stored.
 *
 * @param leftOut names of metrics that are not kept
 */
record HeartbeatRow(Heartbeats.Arrival arrival, long deviceId, long releaseId, Set<String> leftOut) {

    Heartbeat heartbeat() {
        return arrival.heartbeat();
    }

    @Nullable
    String metrics() {
        Map<String, Double> kept = new HashMap<>(heartbeat().metrics());
        kept.keySet().removeAll(leftOut);
        return kept.isEmpty() ? null : FlatJson.of(kept);
    }

    @Nullable
    String reboots() {
        Map<String, Long> kept = new HashMap<>(heartbeat().reboots());
        kept.keySet().removeIf(reason -> leftOut.contains(MetricNames.REBOOT + reason));
        return kept.isEmpty() ? null : FlatJson.of(kept);
    }

    @Nullable
    String attributes() {
        Map<String, String> attributes = heartbeat().attributes();
        return attributes == null ? null : FlatJson.of(attributes);
    }
}
