package dev.faultline.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How numbers and names are written on pages. */
final class Words {

    /** A directory that is left again at once, and is not itself such a step back. */
    private static final Pattern DETOUR = Pattern.compile("(^|/)(?!\\.\\.?/)[^/]+/\\.\\./");

    /** Longer ones are nobody's: they are not worth the time. */
    private static final int LONGEST_PATH = 1_000;

    private static final int LONGEST_NAME = 200;
    private static final int NAME_HEAD = 120;
    private static final int NAME_TAIL = 70;

    private Words() {}

    /** {@code 1 device}, {@code 1,204 devices}. */
    static String counted(long count, String noun) {
        return number(count) + " " + noun + (count == 1 ? "" : noun.endsWith("sh") ? "es" : "s");
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A share from 0 to 1; what is there is never rounded to nothing, what is missing never to everything. */
    static String percent(double share) {
        if (share > 0 && share < 0.01) {
            return "<1 %";
        }
        if (share < 1 && share > 0.99) {
            return ">99 %";
        }
        return Math.round(share * 100) + " %";
    }

    static String bytes(long size) {
        if (size < 1024) {
            return size + " B";
        }
        if (size < 1024 * 1024) {
            return String.format(Locale.ROOT, "%.1f KiB", size / 1024.0);
        }
        return String.format(Locale.ROOT, "%.1f MiB", size / (1024.0 * 1024));
    }

    /** Milliseconds since boot as {@code 1 d 02:03:04.567}. */
    static String uptime(long millis) {
        long days = millis / 86_400_000;
        String clock = String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                millis / 3_600_000 % 24,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                millis % 1000);
        return days == 0 ? clock : days + " d " + clock;
    }

    /** A name of a function without its middle, where it is too long for a line: how it begins and ends tells most. */
    static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        // never between the halves of a character
        int head = Character.isHighSurrogate(name.charAt(NAME_HEAD - 1)) ? NAME_HEAD - 1 : NAME_HEAD;
        int tail = name.length() - NAME_TAIL;
        tail = Character.isLowSurrogate(name.charAt(tail)) ? tail + 1 : tail;
        return name.substring(0, head) + " … " + name.substring(tail);
    }

    /** The last part of a path as a compiler recorded it, on whatever system it ran. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /**
     * A directory without its detours, {@code a/b/../c/} as {@code a/c/}: libraries are built with many of them. By name
     * alone, for people to read; the report has it as the compiler recorded it.
     */
    static String directory(String path) {
        if (path.length() > LONGEST_PATH) {
            return path;
        }
        String shorter = path;
        String before;
        do {
            before = shorter;
            shorter = DETOUR.matcher(before).replaceFirst("$1");
        } while (!shorter.equals(before));
        return shorter;
    }

    /** {@code file:line} with the bare file name; null where there is no file. */
    static @Nullable String place(@Nullable String file, int line) {
        if (file == null) {
            return null;
        }
        return line > 0 ? fileName(file) + ":" + line : fileName(file);
    }
}
