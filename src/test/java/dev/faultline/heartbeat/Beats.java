package dev.faultline.heartbeat;

import dev.faultline.fleet.ReleaseName;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Heartbeats that arrived at any time of the last month. */
@Singleton
public class Beats {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Heartbeats heartbeats;
    private final BeatRollUps rollUps;

    Beats(Heartbeats heartbeats, BeatRollUps rollUps) {
        this.heartbeats = heartbeats;
        this.rollUps = rollUps;
    }

    /** What a device says of main-fw, for the hour before it. */
    public record Beat(String device, String version, Instant at, String hardware, String cohort) {}

    /** One each {@code every}, the last one {@code until} ago. */
    public static List<Beat> of(
            String device, String version, Instant now, Duration from, Duration until, Duration every) {
        List<Beat> beats = new ArrayList<>();
        for (Duration ago = until; ago.compareTo(from) <= 0; ago = ago.plus(every)) {
            beats.add(new Beat(device, version, now.minus(ago), "rev-a", ""));
        }
        return beats;
    }

    /** Each arrives at its own time. */
    public void arrive(long project, List<Beat> beats) {
        Map<Instant, List<Beat>> arrivals = new TreeMap<>();
        for (Beat beat : beats) {
            arrivals.computeIfAbsent(beat.at(), none -> new ArrayList<>()).add(beat);
        }
        arrivals.forEach((at, arriving) -> arriveAt(project, arriving, at));
    }

    /** All arrive together. */
    public void arriveAt(long project, List<Beat> beats, Instant at) {
        List<HeartbeatBatch.Placed> placed = new ArrayList<>();
        for (Beat beat : beats) {
            placed.add(new HeartbeatBatch.Placed(placed.size(), heartbeat(beat)));
        }
        heartbeats.take(project, new HeartbeatBatch(placed, List.of()), at);
        rollUps.catchUp(project);
    }

    private static Heartbeat heartbeat(Beat beat) {
        return new Heartbeat(
                beat.device(),
                beat.hardware(),
                new ReleaseName("main-fw", beat.version()),
                beat.cohort(),
                "boot",
                beat.at().getEpochSecond(),
                beat.at(),
                null,
                HOUR,
                HOUR,
                Map.of(),
                null,
                Map.of());
    }
}
