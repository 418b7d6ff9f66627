package dev.faultline.heartbeat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What became of the heartbeats of a request.
 *
 * @param accepted new ones, durable now
 * @param duplicates those that came before; nothing changed
 * @param clocksAhead those of the accepted whose clock is too far ahead to be believed: they count as of now
 * @param rejected those that were not taken
 * @param metricsLeftOut metrics and reasons for reboots, some of them, that the project has no room for
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Reception(
        int accepted, int duplicates, int clocksAhead, List<Rejected> rejected, List<String> metricsLeftOut) {

    /** A heartbeat that was not taken, by its place in the body from 0, and why. */
    public record Rejected(int index, String problem) {}

    public Reception {
        rejected = List.copyOf(rejected);
        metricsLeftOut = List.copyOf(metricsLeftOut);
    }
}
