package dev.faultline.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Parts of a whole as one bar, 100 wide, with a legend in words.
 *
 * @param parts from the left
 * @param legend the largest parts with their shares
 */
public record ShareBar(List<Part> parts, String legend, String words) {
    /** How many colours the stylesheet has; the last one is for all others. */
    private static final int COLOURS = 5;

    public ShareBar {
        parts = List.copyOf(parts);
    }

    /** One part: its place on the bar, and the class that colours it. */
    public record Part(String name, double x, double width, String css) {}

    /**
     * The largest share first.
     *
     * @param counts by name
     * @param known all names in the project, in one order, so that a name has the same colour in every row
     */
    static ShareBar of(Map<String, ? extends Number> counts, List<String> known) {
        double whole = counts.values().stream().mapToDouble(Number::doubleValue).sum();
        if (whole <= 0) {
            return new ShareBar(List.of(), "", "unknown");
        }
        var parts = new ArrayList<Part>();
        var shares = new ArrayList<String>();
        double x = 0;
        var largestFirst = counts.entrySet().stream()
                .filter(entry -> entry.getValue().doubleValue() > 0)
                .sorted(Comparator.<Map.Entry<String, ? extends Number>>comparingDouble(
                                entry -> -entry.getValue().doubleValue())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        for (var entry : largestFirst) {
            double width = entry.getValue().doubleValue() / whole * 100;
            int colour = known.indexOf(entry.getKey());
            String css = "s" + (colour < 0 || colour >= COLOURS ? COLOURS : colour + 1);
            parts.add(new Part(shown(entry.getKey()), rounded(x), rounded(width), css));
            shares.add(shown(entry.getKey()) + " " + Words.percent(width / 100));
            x += width;
        }
        String legend = String.join(" · ", shares.subList(0, Math.min(2, shares.size())));
        return new ShareBar(
                parts, shares.size() > 2 ? legend + " · +" + (shares.size() - 2) : legend, String.join(", ", shares));
    }

    private static String shown(String name) {
        return name.isEmpty() ? "unknown" : name;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
