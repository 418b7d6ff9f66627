package dev.faultline.symbols.logs;

import dev.faultline.symbols.logs.FormatString.Amount;
import dev.faultline.symbols.logs.FormatString.Conversion;
import dev.faultline.symbols.logs.FormatString.Fixed;
import dev.faultline.symbols.logs.FormatString.FromArgument;
import dev.faultline.symbols.logs.FormatString.Length;
import dev.faultline.symbols.logs.FormatString.Text;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code printf} would have printed. A conversion whose argument is not there stands in the text as it was written.
 */
final class FormatExpander {
    /** Longest line: a format string of many wide fields is hostile. */
    private static final int MOST_CHARACTERS = 16 << 10;

    private final FormatArguments arguments;

    private FormatExpander(FormatArguments arguments) {
        this.arguments = arguments;
    }

    static String expand(String format, FormatArguments arguments) {
        var expander = new FormatExpander(arguments);
        var text = new StringBuilder();
        for (var piece : FormatString.parse(format).pieces()) {
            text.append(
                    switch (piece) {
                        case Text(String literal) -> literal;
                        case Conversion conversion -> expander.conversion(conversion);
                    });
            if (text.length() > MOST_CHARACTERS) {
                text.setLength(MOST_CHARACTERS);
                break;
            }
        }
        return text.toString();
    }

    private String conversion(Conversion conversion) {
        boolean wanted = conversion.width() instanceof FromArgument;
        var width = amount(conversion.width());
        if (wanted && width.isEmpty()) {
            return conversion.written();
        }
        boolean left = conversion.has('-') || width.orElse(0) < 0;
        int field = Math.abs(width.orElse(0));
        var precision = amount(conversion.precision());
        if (conversion.precision() instanceof FromArgument && precision.isEmpty()) {
            return conversion.written();
        }
        // one that is negative counts as none
        int digits = precision.isPresent() && precision.getAsInt() >= 0 ? precision.getAsInt() : -1;
        return body(conversion, digits)
                .map(body -> body.padded(field, left, conversion.has('0')))
                .orElse(conversion.written());
    }

    private OptionalInt amount(@Nullable Amount amount) {
        return switch (amount) {
            case null -> OptionalInt.empty();
            case Fixed(int count) -> OptionalInt.of(count);
            case FromArgument() -> {
                var count = arguments.integer(Length.INT);
                if (count.isEmpty()) {
                    yield OptionalInt.empty();
                }
                int narrow = (int) count.getAsLong(); // an int, whatever it came in
                yield OptionalInt.of(Math.max(-FormatString.MOST_WIDTH, Math.min(FormatString.MOST_WIDTH, narrow)));
            }
        };
    }

    /**
     * A converted argument.
     *
     * @param prefix sign and base, before which no zeros stand
     * @param zeros whether a field may be filled with zeros
     */
    private record Body(String prefix, String text, boolean zeros) {
        static Body of(String text) {
            return new Body("", text, false);
        }

        String padded(int width, boolean left, boolean zero) {
            int missing = Math.max(0, width - prefix.length() - text.length());
            if (left) {
                return prefix + text + " ".repeat(missing);
            }
            return zero && zeros ? prefix + "0".repeat(missing) + text : " ".repeat(missing) + prefix + text;
        }
    }

    /** @param precision -1: none */
    private Optional<Body> body(Conversion conversion, int precision) {
        return switch (conversion.letter()) {
            case 'd', 'i' -> signed(conversion, precision);
            case 'u', 'o', 'x', 'X', 'b', 'B' -> unsigned(conversion, precision);
            case 'c' -> character(conversion);
            case 's' -> arguments.text().map(text -> Body.of(cut(text, precision)));
            case 'p' -> {
                var pointer = arguments.integer(Length.WORD);
                yield pointer.isPresent()
                        ? Optional.of(
                                new Body("0x", Long.toHexString(narrowed(pointer.getAsLong(), Length.WORD)), false))
                        : Optional.empty();
            }
            case 'n' -> {
                var pointer = arguments.integer(Length.WORD); // it wrote there and printed nothing
                yield pointer.isPresent() ? Optional.of(Body.of("")) : Optional.empty();
            }
            default -> real(conversion, precision);
        };
    }

    private static String cut(String text, int most) {
        return most >= 0 && most < text.length() ? text.substring(0, most) : text;
    }

    private Optional<Body> character(Conversion conversion) {
        var code = arguments.integer(conversion.length() == Length.LONG ? Length.LONG : Length.INT);
        if (code.isEmpty()) {
            return Optional.empty();
        }
        int point = (int) code.getAsLong();
        return Optional.of(Body.of(
                conversion.length() == Length.LONG && Character.isValidCodePoint(point)
                        ? Character.toString(point)
                        : String.valueOf((char) (point & 0xff))));
    }

    private Optional<Body> signed(Conversion conversion, int precision) {
        var argument = arguments.integer(conversion.length());
        if (argument.isEmpty()) {
            return Optional.empty();
        }
        int unused = Long.SIZE - Byte.SIZE * conversion.length().bytes(arguments.wordBytes());
        long value = argument.getAsLong() << unused >> unused;
        var digits = Long.toString(value);
        return Optional.of(new Body(
                sign(conversion, value < 0),
                digits(value < 0 ? digits.substring(1) : digits, precision),
                precision < 0));
    }

    private static String sign(Conversion conversion, boolean negative) {
        return negative ? "-" : conversion.has('+') ? "+" : conversion.has(' ') ? " " : "";
    }

    private Optional<Body> unsigned(Conversion conversion, int precision) {
        var argument = arguments.integer(conversion.length());
        if (argument.isEmpty()) {
            return Optional.empty();
        }
        long value = narrowed(argument.getAsLong(), conversion.length());
        char letter = conversion.letter();
        int radix = switch (letter) {
            case 'u' -> 10;
            case 'o' -> 8;
            case 'b', 'B' -> 2;
            default -> 16;
        };
        var digits = digits(Long.toUnsignedString(value, radix), precision);
        if (letter == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        boolean alternate = conversion.has('#');
        if (alternate && radix == 8 && !digits.startsWith("0")) {
            digits = "0" + digits;
        }
        boolean named = alternate && value != 0 && (radix == 16 || radix == 2);
        return Optional.of(new Body(named ? "0" + letter : "", digits, precision < 0));
    }

    private long narrowed(long value, Length length) {
        int unused = Long.SIZE - Byte.SIZE * length.bytes(arguments.wordBytes());
        return value << unused >>> unused;
    }

    /** At least as many digits as the precision says; no digit at all for 0 with a precision of 0. */
    private static String digits(String digits, int precision) {
        if (precision == 0 && digits.equals("0")) {
            return "";
        }
        return "0".repeat(Math.max(0, precision - digits.length())) + digits;
    }

    private Optional<Body> real(Conversion conversion, int precision) {
        var argument = arguments.real(conversion.length());
        if (argument.isEmpty()) {
            return Optional.empty();
        }
        double value = argument.getAsDouble();
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        var sign = Double.isNaN(value) ? "" : sign(conversion, negative);
        var text = RealText.of(Math.abs(value), conversion.letter(), precision, conversion.has('#'));
        // what a hexadecimal number begins with stands before the zeros that fill its field
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        return Optional.of(
                hexadecimal
                        ? new Body(sign + text.substring(0, 2), text.substring(2), true)
                        : new Body(sign, text, Double.isFinite(value)));
    }
}
