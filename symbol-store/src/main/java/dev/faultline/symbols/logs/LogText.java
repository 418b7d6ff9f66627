package dev.faultline.symbols.logs;

import dev.faultline.symbols.report.LogLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text of a log to lines: what stands before a line's text in the usual forms becomes uptime, level and source. */
final class LogText {
    /** Of the device library: {@code [90] I batch: 3 readings}. */
    private static final Pattern DEVICE = Pattern.compile("\\[(?<millis>\\d{1,15})] (?<level>[EWID]) (?<text>.*)");

    /** Of Zephyr: {@code [00:00:00.090,000] <inf> sensor: batch}; the days from the second on. */
    private static final Pattern ZEPHYR = Pattern.compile(
            "\\[(?:(?<days>\\d{1,6}) days?, )?(?<hours>\\d{2}):(?<minutes>\\d{2}):(?<seconds>\\d{2})\\.(?<millis>\\d{3}),\\d{3}]"
                    + " <(?<level>err|wrn|inf|dbg)> (?:(?<source>[\\w./-]{1,64}): )?(?<text>.*)");

    /** Of ESP-IDF: {@code I (90) sensor: batch}. */
    private static final Pattern ESP =
            Pattern.compile("(?<level>[EWIDV]) \\((?<millis>\\d{1,15})\\) (?:(?<source>[^:\\s]{1,64}): )?(?<text>.*)");

    /** Of Linux: {@code [    0.090000] usb 1-1: new device}. */
    private static final Pattern LINUX =
            Pattern.compile("\\[ *(?<seconds>\\d{1,9})\\.(?<millis>\\d{3})\\d{3}] (?<text>.*)");

    private LogText() {}

    /** The lines of bytes that a log was written to; blank ones are left out. NUL ends a line as well. */
    static List<LogLine> lines(byte[] bytes) {
        var lines = new ArrayList<LogLine>();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] != '\n' && bytes[i] != 0) {
                continue;
            }
            int end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
            var text = EscapedText.of(Arrays.copyOfRange(bytes, start, end));
            if (!text.isBlank()) {
                lines.add(line(text.stripTrailing()));
            }
            start = i + 1;
        }
        return lines;
    }

    /** One line. */
    static LogLine line(String text) {
        Matcher device = DEVICE.matcher(text);
        if (device.matches()) {
            return timed(number(device, "millis"), device.group("level"), null, device);
        }
        Matcher zephyr = ZEPHYR.matcher(text);
        if (zephyr.matches()) {
            long days = zephyr.group("days") == null ? 0 : number(zephyr, "days");
            long minutes = (days * 24 + number(zephyr, "hours")) * 60 + number(zephyr, "minutes");
            long millis = (minutes * 60 + number(zephyr, "seconds")) * 1000 + number(zephyr, "millis");
            return timed(millis, zephyr.group("level").substring(0, 1), zephyr.group("source"), zephyr);
        }
        Matcher esp = ESP.matcher(text);
        if (esp.matches()) {
            return timed(number(esp, "millis"), esp.group("level"), esp.group("source"), esp);
        }
        Matcher linux = LINUX.matcher(text);
        return linux.matches()
                ? timed(number(linux, "seconds") * 1000 + number(linux, "millis"), null, null, linux)
                : new LogLine(null, null, text);
    }

    private static long number(Matcher matcher, String group) {
        return Long.parseLong(matcher.group(group));
    }

    private static LogLine timed(long millis, @Nullable String letter, @Nullable String source, Matcher matcher) {
        var level = switch (letter) {
            case null -> null;
            case "e", "E" -> "E";
            case "w", "W" -> "W";
            case "i", "I" -> "I";
            default -> "D"; // verbose is still less
        };
        return new LogLine(millis, null, level, source, matcher.group("text").stripTrailing(), List.of());
    }
}
