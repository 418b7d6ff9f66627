package dev.faultline.symbols.logs;

import dev.faultline.symbols.report.LogLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two logs as one, by uptime. A line without uptime stays behind the one before it; a line that both have is there once. A
 * log over several boots is merged where the other one belongs: uptimes of different boots tell no order.
 */
final class LogMerge {
    /** Lines of several tasks or processors may be this much out of order; a fall of the uptime by more is a new boot. */
    private static final long DISORDER_MILLIS = 100;

    /** What makes two lines the same one; a console may leave out the level. */
    private record Key(@Nullable Long uptimeMillis, String text) {
        static Key of(LogLine line) {
            return new Key(line.uptimeMillis(), line.text().strip());
        }
    }

    private final Side older;
    private final Side newer;
    private final List<LogLine> merged = new ArrayList<>();

    private LogMerge(List<LogLine> older, List<LogLine> newer) {
        this.older = new Side(older);
        this.newer = new Side(newer);
    }

    /**
     * Both in one.
     *
     * @param one goes first where nothing tells an order
     * @param other of one boot
     */
    static List<LogLine> of(List<LogLine> one, List<LogLine> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        var boots = boots(one);
        var their = Side.counted(other);
        int best = boots.size() - 1;
        long most = 0;
        for (int i = boots.size() - 1; i >= 0; i--) {
            long shared = boots.get(i).stream()
                    .map(Key::of)
                    .filter(their::containsKey)
                    .count();
            if (shared > most) {
                best = i;
                most = shared;
            }
        }
        var all = new ArrayList<LogLine>();
        boots.subList(0, best).forEach(all::addAll);
        all.addAll(new LogMerge(boots.get(best), other).run());
        boots.subList(best + 1, boots.size()).forEach(all::addAll);
        return all;
    }

    private static List<List<LogLine>> boots(List<LogLine> lines) {
        var boots = new ArrayList<List<LogLine>>();
        int start = 0;
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < lines.size(); i++) {
            var uptime = lines.get(i).uptimeMillis();
            if (uptime == null) {
                continue;
            }
            if (uptime < latest - DISORDER_MILLIS) {
                boots.add(lines.subList(start, i));
                start = i;
                latest = uptime;
            }
            latest = Math.max(latest, uptime);
        }
        boots.add(lines.subList(start, lines.size()));
        return boots;
    }

    private List<LogLine> run() {
        while (older.hasNext() && newer.hasNext()) {
            if (older.key().equals(newer.key())) {
                merged.add(older.next().with(newer.next()));
            } else if (newerFirst()) {
                merged.add(newer.next());
            } else {
                merged.add(older.next());
            }
        }
        older.rest(merged);
        newer.rest(merged);
        return merged;
    }

    /** At the same time, and where nobody knows the time, a line that the other side still comes to waits for it. */
    private boolean newerFirst() {
        boolean known = older.uptime() != Side.UNKNOWN && newer.uptime() != Side.UNKNOWN;
        if (known && older.uptime() != newer.uptime()) {
            return newer.uptime() < older.uptime();
        }
        return newer.awaits(older.key()) && !older.awaits(newer.key());
    }

    /** One of the logs, as far as it is not merged. */
    private static final class Side {
        /** In a log in which no line has an uptime. */
        private static final long UNKNOWN = Long.MIN_VALUE;

        private final List<LogLine> lines;
        private final long[] uptimes;
        private final Map<Key, Integer> left;
        private int next;

        private Side(List<LogLine> lines) {
            this.lines = lines;
            this.uptimes = uptimes(lines);
            this.left = counted(lines);
        }

        private static Map<Key, Integer> counted(List<LogLine> lines) {
            var counted = new HashMap<Key, Integer>();
            lines.forEach(line -> counted.merge(Key.of(line), 1, Integer::sum));
            return counted;
        }

        /** A line without uptime has that of the one before; the first ones have that of the first that has one. */
        private static long[] uptimes(List<LogLine> lines) {
            var uptimes = new long[lines.size()];
            long known = lines.stream()
                    .map(LogLine::uptimeMillis)
                    .filter(uptime -> uptime != null)
                    .findFirst()
                    .orElse(UNKNOWN);
            for (int i = 0; i < uptimes.length; i++) {
                var uptime = lines.get(i).uptimeMillis();
                known = uptime == null ? known : uptime;
                uptimes[i] = known;
            }
            return uptimes;
        }

        boolean hasNext() {
            return next < lines.size();
        }

        Key key() {
            return Key.of(lines.get(next));
        }

        long uptime() {
            return uptimes[next];
        }

        /** Whether such a line is still to come. */
        boolean awaits(Key key) {
            return left.containsKey(key);
        }

        LogLine next() {
            var line = lines.get(next++);
            left.computeIfPresent(Key.of(line), (key, count) -> count == 1 ? null : count - 1);
            return line;
        }

        void rest(List<LogLine> into) {
            into.addAll(lines.subList(next, lines.size()));
        }
    }
}
