package dev.faultline.web;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Crashes by day as a bar chart in a drawing 720 × 160, with a scale at the left and dates below.
 *
 * @param words the same for those who do not see it
 */
public record TrendChart(List<Bar> bars, List<Tick> scale, List<Tick> dates, String words) {
    private static final int LEFT = 36;
    private static final int RIGHT = 712;
    private static final int TOP = 8;
    private static final int BOTTOM = 136;
    /** Days shown; older ones are in the sum above the chart only. */
    static final int DAYS = 60;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    public TrendChart {
        bars = List.copyOf(bars);
        scale = List.copyOf(scale);
        dates = List.copyOf(dates);
    }

    /** One day; the title is what a pointer over it shows. */
    public record Bar(double x, double y, double width, double height, String title) {}

    /** A label at a place on its axis. */
    public record Tick(double at, String label) {}

    /** The last {@link #DAYS} days up to {@code today}; days that are not in the map had no crash. */
    static TrendChart of(SortedMap<LocalDate, Integer> crashes, LocalDate today) {
        LocalDate from = today.minusDays(DAYS - 1L);
        int most = Math.max(
                1,
                crashes.tailMap(from).values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0));
        int top = roundedUp(most);
        double step = (RIGHT - LEFT) / (double) DAYS;
        var bars = new ArrayList<Bar>();
        var dates = new ArrayList<Tick>();
        int total = 0;
        for (int day = 0; day < DAYS; day++) {
            LocalDate date = from.plusDays(day);
            int count = crashes.getOrDefault(date, 0);
            total += count;
            double x = LEFT + day * step;
            if (count > 0) {
                double height = Math.max(2, count * (double) (BOTTOM - TOP) / top);
                String title = DATE.format(date) + ": " + Words.counted(count, "crash");
                bars.add(new Bar(rounded(x), rounded(BOTTOM - height), rounded(step - 2), rounded(height), title));
            }
            if ((DAYS - 1 - day) % 14 == 0) {
                dates.add(new Tick(rounded(x + (step - 2) / 2), DATE.format(date)));
            }
        }
        var scale = new ArrayList<Tick>();
        scale.add(new Tick(BOTTOM, "0"));
        if (top % 2 == 0) {
            scale.add(new Tick((TOP + BOTTOM) / 2.0, Words.number(top / 2)));
        }
        scale.add(new Tick(TOP, Words.number(top)));
        return new TrendChart(
                bars,
                scale,
                dates,
                "%s in the last %d days, at most %d a day".formatted(Words.counted(total, "crash"), DAYS, most));
    }

    /** The next of 1, 2, 4, 6, 10, 20, 40, 60, 100, …: the middle of the scale is a whole number too. */
    private static int roundedUp(int value) {
        for (long unit = 1; ; unit *= 10) {
            for (int step : new int[] {1, 2, 4, 6}) {
                if (unit * step >= value) {
                    return (int) Math.min(Integer.MAX_VALUE, unit * step);
                }
            }
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
