package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device with what came of it.
 *
 * @param history what it ran since when, the newest first
 * @param lastHeartbeat absent: there was none, or it is older than heartbeats are kept
 * @param reboots the last heartbeats that report some, the newest first
 * @param crashes where its crashes are listed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeviceDetail(
        Device device,
        List<Change> history,
        @Nullable LastHeartbeat lastHeartbeat,
        List<Reboots> reboots,
        String crashes) {

    public DeviceDetail {
        history = List.copyOf(history);
        reboots = List.copyOf(reboots);
    }

    /** From {@code since} on its heartbeats said this; empty where they did not say. */
    public record Change(Instant since, String software, String version, String hardware, String cohort) {}

    /** A heartbeat as it is kept, in seconds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LastHeartbeat(
            Instant at,
            Instant receivedAt,
            String boot,
            long sequence,
            @Nullable Double uptime,
            @Nullable Double interval,
            @Nullable Double crashFree,
            @Nullable JsonNode reboots,
            @Nullable JsonNode metrics) {}

    /** Reason to how often, within the interval before {@code at}. */
    public record Reboots(Instant at, String software, String version, JsonNode reasons) {}
}
