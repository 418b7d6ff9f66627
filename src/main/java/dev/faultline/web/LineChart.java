package dev.faultline.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lines over days or runs in a drawing 720 × 220. Each line has its name at its end and a pattern of its own, so that colours are
 * not needed to tell them apart.
 *
 * @param limit a line across, at this height; absent: none
 * @param words the same for those who do not see it
 */
public record LineChart(
        List<Line> lines,
        List<Mark> marks,
        List<Tick> scale,
        List<Tick> labels,
        @Nullable Double limit,
        String words) {
    static final int MOST_LINES = 8;

    private static final int LEFT = 44;
    private static final int RIGHT = 600;
    private static final int TOP = 10;
    private static final int BOTTOM = 190;
    private static final int LEAST_BETWEEN_NAMES = 12;
    private static final int MOST_LABELS = 6;
    private static final int LONGEST_NAME = 18;

    public LineChart {
        lines = List.copyOf(lines);
        marks = List.copyOf(marks);
        scale = List.copyOf(scale);
        labels = List.copyOf(labels);
    }

    /**
     * One line.
     *
     * @param path of an SVG path
     * @param nameY where its name stands
     */
    public record Line(int number, String path, String name, double nameY) {}

    /** A point with what a pointer over it shows. */
    public record Mark(double x, double y, String css, String title) {}

    /** A label at a place on its axis. */
    public record Tick(double at, String label) {}

    /**
     * What a line is drawn from.
     *
     * @param values from 0 at the bottom to 1 at the top, one for each label; null: there is none, and a gap
     */
    record Series(String name, List<@Nullable Double> values) {}

    /** At a height from 0 to 1. */
    record Height(double at, String label) {}

    static LineChart of(
            List<Series> series,
            List<String> labels,
            List<Height> scale,
            @Nullable Double limit,
            List<Mark> marks,
            String words) {
        List<Line> lines = new ArrayList<>();
        for (Series one : series.stream().limit(MOST_LINES).toList()) {
            lines.add(new Line(lines.size() + 1, path(one.values()), shortened(one.name()), end(one.values())));
        }
        List<Tick> below = new ArrayList<>();
        int every = Math.max(1, (labels.size() + MOST_LABELS - 1) / MOST_LABELS);
        for (int i = 0; i < labels.size(); i += every) {
            below.add(new Tick(x(i, labels.size()), labels.get(i)));
        }
        return new LineChart(
                spread(lines),
                marks,
                scale.stream().map(tick -> new Tick(y(tick.at()), tick.label())).toList(),
                below,
                limit == null ? null : y(limit),
                words);
    }

    static Mark mark(int place, int places, double height, String css, String title) {
        return new Mark(x(place, places), y(height), css, title);
    }

    private static double x(int place, int places) {
        return rounded(places < 2 ? (LEFT + RIGHT) / 2.0 : LEFT + (RIGHT - LEFT) * (double) place / (places - 1));
    }

    private static double y(double height) {
        return rounded(BOTTOM - (BOTTOM - TOP) * Math.clamp(height, 0, 1));
    }

    private static String path(List<@Nullable Double> values) {
        var path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < values.size(); i++) {
            Double value = values.get(i);
            if (value == null) {
                pen = false;
                continue;
            }
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(i, values.size()), y(value)));
            if (!pen && (i + 1 == values.size() || values.get(i + 1) == null)) {
                path.append("h0.1"); // a line of one point would not be seen
            }
            pen = true;
        }
        return path.toString();
    }

    private static double end(List<@Nullable Double> values) {
        for (int i = values.size() - 1; i >= 0; i--) {
            Double value = values.get(i);
            if (value != null) {
                return y(value);
            }
        }
        return BOTTOM;
    }

    /** Names that would lie on one another move apart, downwards and then up from the bottom. */
    private static List<Line> spread(List<Line> lines) {
        List<Line> byHeight = new ArrayList<>(lines);
        byHeight.sort(Comparator.comparingDouble(Line::nameY));
        double[] at = byHeight.stream().mapToDouble(Line::nameY).toArray();
        for (int i = 1; i < at.length; i++) {
            at[i] = Math.max(at[i], at[i - 1] + LEAST_BETWEEN_NAMES);
        }
        double lowest = BOTTOM;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = Math.min(at[i], lowest);
            lowest = at[i] - LEAST_BETWEEN_NAMES;
        }
        List<Line> spread = new ArrayList<>();
        for (int i = 0; i < at.length; i++) {
            Line line = byHeight.get(i);
            spread.add(new Line(line.number(), line.path(), line.name(), rounded(at[i] + 3)));
        }
        return spread;
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
