package dev.faultline.heartbeat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Reasons for a reboot that somebody wanted; every other reason is an unexpected reboot. */
enum ExpectedReboot {
    POWER_ON,
    USER_REQUEST,
    FIRMWARE_UPDATE,
    SHUTDOWN,
    DEEP_SLEEP;

    private String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether all of these reboots were wanted. */
    static boolean all(Map<String, Long> reboots) {
        return reboots.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .allMatch(entry -> Arrays.stream(values())
                        .anyMatch(expected -> expected.label().equals(entry.getKey())));
    }
}
