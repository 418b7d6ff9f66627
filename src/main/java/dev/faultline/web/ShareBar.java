package dev.faultline.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Parts of a whole as one bar, 100 wide, with those of the fleet as a thin one under it, and a legend in words.
 *
 * @param parts from the left, the largest first
 * @param fleet the same names in the same colours, by their shares of the fleet; empty where nothing is known of it
 * @param legend the largest parts with their shares
 * @param words all parts with their shares, and those of the fleet
 */
public record ShareBar(List<Part> parts, List<Part> fleet, String legend, String words) {
    /** How many colours the stylesheet has; the last one is for all others. */
    private static final int COLOURS = 5;

    private static final int NAMED_IN_LEGEND = 2;

    public ShareBar {
        parts = List.copyOf(parts);
        fleet = List.copyOf(fleet);
    }

    /** One part: its place on the bar, its share from 0 to 1, and the class that colours it. */
    public record Part(String name, double x, double width, double share, String css) {}

    /**
     * The largest share first.
     *
     * @param counts by name
     * @param fleet devices by name
     * @param known all names in the project, in one order, so that a name has the same colour in every row
     */
    static ShareBar of(Map<String, Long> counts, Map<String, Long> fleet, List<String> known) {
        List<Part> parts = parts(counts, known);
        if (parts.isEmpty()) {
            return new ShareBar(List.of(), List.of(), "", "unknown");
        }
        List<Part> ofFleet = parts(fleet, known);
        List<String> shares = parts.stream()
                .map(part -> part.name() + " " + Words.percent(part.share()))
                .toList();
        String legend = String.join(" · ", shares.subList(0, Math.min(NAMED_IN_LEGEND, shares.size())));
        return new ShareBar(
                parts,
                ofFleet,
                shares.size() > NAMED_IN_LEGEND ? legend + " · +" + (shares.size() - NAMED_IN_LEGEND) : legend,
                String.join(
                        ", ", parts.stream().map(part -> words(part, ofFleet)).toList()));
    }

    private static List<Part> parts(Map<String, Long> counts, List<String> known) {
        double whole = counts.values().stream().mapToLong(Long::longValue).sum();
        var parts = new ArrayList<Part>();
        double x = 0;
        var largestFirst = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        for (var entry : largestFirst) {
            double share = entry.getValue() / whole;
            int colour = known.indexOf(entry.getKey());
            String css = "s" + (colour < 0 || colour >= COLOURS ? COLOURS : colour + 1);
            String name = entry.getKey().isEmpty() ? "unknown" : entry.getKey();
            parts.add(new Part(name, rounded(x), rounded(share * 100), share, css));
            x += share * 100;
        }
        return parts;
    }

    private static String words(Part part, List<Part> fleet) {
        String share = part.name() + " " + Words.percent(part.share());
        if (fleet.isEmpty()) {
            return share;
        }
        double ofFleet = fleet.stream()
                .filter(other -> other.name().equals(part.name()))
                .mapToDouble(Part::share)
                .sum();
        return "%s (%s of the fleet)".formatted(share, Words.percent(ofFleet));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
