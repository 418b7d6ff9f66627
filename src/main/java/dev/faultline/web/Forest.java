package dev.faultline.web;

import java.util.Locale;

/**
 * A rate ratio with its interval on a logarithmic axis from a sixteenth to sixteen, 200 × 20; 1 is in the middle.
 *
 * @param from left end of the interval
 * @param to right end of the interval
 * @param point the ratio itself
 * @param cutLeft whether the interval goes on to the left of the axis
 * @param cutRight whether it goes on to the right
 * @param css {@code worse}, {@code better} or nothing where the interval holds 1
 * @param words the same as text
 */
public record Forest(
        double from, double to, double point, boolean cutLeft, boolean cutRight, String css, String words) {
    private static final double REACH = Math.log(16);
    private static final double MIDDLE = 100;
    private static final double HALF = 92;

    static Forest of(double ratio, double low, double high) {
        return of(ratio, low, high, low > 1 ? "worse" : high < 1 ? "better" : "");
    }

    /** Without colour, where the interval alone is no verdict. */
    static Forest neutral(double ratio, double low, double high) {
        return of(ratio, low, high, "");
    }

    private static Forest of(double ratio, double low, double high, String css) {
        return new Forest(
                x(low),
                x(high),
                x(ratio),
                low < 1 / 16.0,
                high > 16,
                css,
                "%s× (95 %% interval %s to %s)".formatted(shown(ratio), shown(low), shown(high)));
    }

    private static double x(double ratio) {
        double log = ratio <= 0 ? -REACH : Math.clamp(Math.log(ratio), -REACH, REACH);
        return Math.round((MIDDLE + log / REACH * HALF) * 10) / 10.0;
    }

    private static String shown(double ratio) {
        if (!Double.isFinite(ratio)) {
            return "∞";
        }
        return String.format(Locale.ROOT, ratio >= 100 ? "%.0f" : ratio >= 10 ? "%.1f" : "%.2f", ratio);
    }
}
