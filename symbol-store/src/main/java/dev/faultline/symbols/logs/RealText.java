package dev.faultline.symbols.logs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** A floating-point number that is not negative, as {@code printf} writes it. */
final class RealText {
    private static final int USUAL_PRECISION = 6;
    private static final int FRACTION_BITS = 52;
    private static final int FRACTION_DIGITS = FRACTION_BITS / 4;

    private RealText() {}

    /**
     * @param letter one of {@code aAeEfFgG}
     * @param precision -1: the usual one
     * @param alternate the flag {@code #}: a point always, and zeros at the end
     */
    static String of(double value, char letter, int precision, boolean alternate) {
        var text = Double.isFinite(value)
                ? switch (Character.toLowerCase(letter)) {
                    case 'a' -> hexadecimal(value, precision, alternate);
                    case 'e' -> scientific(value, precision < 0 ? USUAL_PRECISION : precision, alternate);
                    case 'f' -> fixed(value, precision < 0 ? USUAL_PRECISION : precision, alternate);
                    default -> general(value, precision < 0 ? USUAL_PRECISION : Math.max(1, precision), alternate);
                }
                : Double.isNaN(value) ? "nan" : "inf";
        return Character.isUpperCase(letter) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String fixed(double value, int precision, boolean alternate) {
        var text = new BigDecimal(value)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        return precision == 0 && alternate ? text + "." : text;
    }

    private static String scientific(double value, int precision, boolean alternate) {
        var rounded = rounded(value, precision + 1);
        var digits = rounded.unscaledValue().toString();
        digits += "0".repeat(Math.max(0, precision + 1 - digits.length()));
        int exponent = exponent(rounded);
        var point = precision > 0 || alternate ? "." : "";
        return "%s%s%se%s%02d"
                .formatted(
                        digits.charAt(0),
                        point,
                        digits.substring(1, precision + 1),
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    private static String general(double value, int precision, boolean alternate) {
        int exponent = exponent(rounded(value, precision));
        if (exponent < -4 || exponent >= precision) {
            var text = scientific(value, precision - 1, alternate);
            int power = text.indexOf('e');
            return alternate ? text : trimmed(text.substring(0, power)) + text.substring(power);
        }
        var text = fixed(value, precision - 1 - exponent, alternate);
        return alternate ? text : trimmed(text);
    }

    private static BigDecimal rounded(double value, int digits) {
        return value == 0
                ? BigDecimal.ZERO
                : new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    private static String trimmed(String number) {
        if (number.indexOf('.') < 0) {
            return number;
        }
        int end = number.length();
        while (number.charAt(end - 1) == '0') {
            end--;
        }
        return number.substring(0, number.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private static String hexadecimal(double value, int precision, boolean alternate) {
        int exponent = value == 0 ? 0 : Math.max(Math.getExponent(value), Double.MIN_EXPONENT);
        long bits = Double.doubleToLongBits(value) & ((1L << FRACTION_BITS) - 1);
        var mantissa = BigInteger.valueOf(bits | (value >= Double.MIN_NORMAL ? 1L << FRACTION_BITS : 0));
        int digits = precision < 0 ? FRACTION_DIGITS : precision;
        if (digits < FRACTION_DIGITS) {
            mantissa = new BigDecimal(mantissa)
                    .divide(
                            new BigDecimal(BigInteger.ONE.shiftLeft(4 * (FRACTION_DIGITS - digits))),
                            0,
                            RoundingMode.HALF_EVEN)
                    .toBigInteger();
        } else {
            mantissa = mantissa.shiftLeft(4 * (digits - FRACTION_DIGITS));
        }
        var hex = mantissa.toString(16);
        hex = "0".repeat(Math.max(0, digits + 1 - hex.length())) + hex;
        var whole = hex.substring(0, hex.length() - digits);
        var fraction = hex.substring(hex.length() - digits);
        if (precision < 0) {
            fraction = fraction.replaceAll("0+$", "");
        }
        var point = fraction.isEmpty() && !alternate ? "" : ".";
        return "0x%s%s%sp%+d".formatted(whole, point, fraction, exponent);
    }
}
