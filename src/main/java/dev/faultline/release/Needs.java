package dev.faultline.release;

import dev.faultline.release.GateDecision.Needed;
import java.util.Locale;

/** How much more of a release tells what is asked of it, in words. */
final class Needs {
    private Needs() {}

    /**
     * So many device-hours.
     *
     * @param least hours that have to pass all the same
     * @param hoursPerHour device-hours in one hour, at present
     */
    static Needed of(double deviceHours, double least, double hoursPerHour) {
        if (hoursPerHour <= 0) {
            return new Needed(
                    deviceHours,
                    null,
                    "about %s more device-hours; no device runs it now".formatted(figure(deviceHours)));
        }
        double hours = Math.max(least, deviceHours / hoursPerHour);
        return new Needed(
                deviceHours,
                hours,
                "about %s more device-hours, %s hours at the present fleet"
                        .formatted(figure(deviceHours), figure(hours)));
    }

    /** Three digits. */
    static String figure(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return String.format(Locale.ROOT, "%.2g", value);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
