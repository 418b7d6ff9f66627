package dev.faultline.symbols.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A format string of {@code printf} in its pieces (C23, 7.23.6.1). What is no conversion stays text. */
record FormatString(List<Piece> pieces) {
    private static final Pattern CONVERSION = Pattern.compile(
            "%(?<flags>[-+ #0']*)(?<width>\\*|\\d+)?(?:\\.(?<precision>\\*|\\d*))?(?<length>hh|h|ll|l|j|z|t|L)?"
                    + "(?<letter>[diouxXbBcspnaAeEfFgG%])");

    /** Widest field and most digits; a format string that wants more gets these. */
    static final int MOST_WIDTH = 1024;

    FormatString {
        pieces = List.copyOf(pieces);
    }

    sealed interface Piece {}

    record Text(String text) implements Piece {}

    /**
     * @param written as it stands in the format string
     * @param width null: none
     * @param precision null: none
     */
    record Conversion(
            String written,
            String flags,
            @Nullable Amount width,
            @Nullable Amount precision,
            Length length,
            char letter)
            implements Piece {

        boolean has(char flag) {
            return flags.indexOf(flag) >= 0;
        }
    }

    sealed interface Amount {}

    record Fixed(int count) implements Amount {}

    /** {@code *}: an argument of its own. */
    record FromArgument() implements Amount {}

    /** How large an argument is. */
    enum Length {
        CHAR,
        SHORT,
        INT,
        LONG,
        LONG_LONG,
        WORD,
        LONG_DOUBLE;

        static Length of(@Nullable String modifier) {
            return switch (modifier == null ? "" : modifier) {
                case "hh" -> CHAR;
                case "h" -> SHORT;
                case "l" -> LONG;
                case "ll", "j" -> LONG_LONG;
                case "z", "t" -> WORD;
                case "L" -> LONG_DOUBLE;
                default -> INT;
            };
        }

        /** Bytes that a value of this length has on a processor. */
        int bytes(int wordBytes) {
            return switch (this) {
                case CHAR -> 1;
                case SHORT -> 2;
                case INT -> 4;
                case LONG, WORD -> wordBytes;
                case LONG_LONG, LONG_DOUBLE -> 8;
            };
        }
    }

    static FormatString parse(String format) {
        var pieces = new ArrayList<Piece>();
        var matcher = CONVERSION.matcher(format);
        int done = 0;
        while (matcher.find()) {
            if (matcher.start() > done) {
                pieces.add(new Text(format.substring(done, matcher.start())));
            }
            done = matcher.end();
            char letter = matcher.group("letter").charAt(0);
            pieces.add(
                    letter == '%'
                            ? new Text("%")
                            : new Conversion(
                                    matcher.group(),
                                    matcher.group("flags"),
                                    amount(matcher.group("width")),
                                    // a dot alone means 0
                                    amount(matcher.group("precision")),
                                    Length.of(matcher.group("length")),
                                    letter));
        }
        if (done < format.length()) {
            pieces.add(new Text(format.substring(done)));
        }
        return new FormatString(pieces);
    }

    private static @Nullable Amount amount(@Nullable String written) {
        if (written == null) {
            return null;
        }
        if (written.equals("*")) {
            return new FromArgument();
        }
        return new Fixed(
                written.isEmpty()
                        ? 0
                        : written.length() > 4 ? MOST_WIDTH : Math.min(MOST_WIDTH, Integer.parseInt(written)));
    }
}
