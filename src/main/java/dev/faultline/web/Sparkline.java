package dev.faultline.web;

import java.util.ArrayList;
import java.util.List;

/**
 * Crashes, or what else is counted by day, as a row of bars, 124 × 28.
 *
 * @param bars oldest day first; days without a crash have none
 * @param words the same for those who do not see it
 */
public record Sparkline(List<Bar> bars, String words) {
    /** Pixels from one day to the next, of which the last stays free. */
    private static final int STEP = 4;

    private static final int HEIGHT = 26;
    private static final int LEAST = 2;

    public Sparkline {
        bars = List.copyOf(bars);
    }

    public record Bar(int x, int y, int height, boolean today) {}

    /** The scale is the row's own: a sparkline shows the shape, the figures beside it the size. */
    static Sparkline of(List<Integer> days) {
        int most = days.stream().mapToInt(Integer::intValue).max().orElse(0);
        int total = days.stream().mapToInt(Integer::intValue).sum();
        return of(days, "%d days: %s, at most %d a day".formatted(days.size(), Words.counted(total, "crash"), most));
    }

    /** The same of anything that is counted by day. */
    static Sparkline of(List<Integer> days, String words) {
        int most = days.stream().mapToInt(Integer::intValue).max().orElse(0);
        var bars = new ArrayList<Bar>();
        for (int day = 0; day < days.size(); day++) {
            int crashes = days.get(day);
            if (crashes > 0) {
                int height = Math.max(LEAST, Math.round((float) crashes * HEIGHT / most));
                bars.add(new Bar(day * STEP, HEIGHT - height, height, day == days.size() - 1));
            }
        }
        return new Sparkline(bars, words);
    }
}
