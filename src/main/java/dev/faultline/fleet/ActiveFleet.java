package dev.faultline.fleet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The devices that were heard of lately.
 *
 * @param byHardware hardware revision, empty where unknown, to how many devices have it
 */
public record ActiveFleet(long devices, Map<String, Long> byHardware) {

    public ActiveFleet {
        byHardware = Map.copyOf(byHardware);
    }

    /** A part of the devices, 0 to 1; null where there are none. */
    public @Nullable Double share(long part) {
        return devices == 0 ? null : Math.min(1, (double) part / devices);
    }

    /** The devices of a hardware revision as a part of all, 0 to 1; null where there are none. */
    public @Nullable Double shareOf(String revision) {
        return share(byHardware.getOrDefault(revision, 0L));
    }
}
