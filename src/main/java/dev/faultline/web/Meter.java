package dev.faultline.web;

/** A share from 0 to 1 as a short bar, 56 wide; the colour says whether it is enough to read a stack with. */
public record Meter(String label, double width, String css) {
    private static final double GOOD = 0.9;
    private static final double POOR = 0.5;

    static Meter of(double share) {
        String css = share >= GOOD ? "" : share >= POOR ? "middling" : "weak";
        return new Meter(Words.percent(share), Math.round(share * 560) / 10.0, css);
    }
}
