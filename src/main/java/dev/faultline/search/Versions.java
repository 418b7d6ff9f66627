package dev.faultline.search;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Versions by the numbers in their text, as semantic versioning orders them: {@code 2.4 < 2.4.0 < 2.10.0-rc1 < 2.10.0}. It is
 * for searching only: which release followed which is what CI registered.
 */
public final class Versions {
    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9.+_-]+");

    /** Of two versions the one with less goes first, and so does a pre-release. */
    public static final Comparator<String> ORDER = Comparator.comparing(
                    (String version) -> parts(numbers(version)), Versions::compare)
            .thenComparing(version -> preRelease(version).isEmpty() ? 1 : 0)
            .thenComparing(version -> parts(preRelease(version)), Versions::compare)
            .thenComparing(Comparator.naturalOrder());

    private Versions() {}

    /** Whether a version is one of those that a value means. */
    public static boolean matches(Value value, String version) {
        return switch (value) {
            case Literal(String text) -> text.equals(version);
            case Wildcard wildcard -> wildcard.matches(version);
            case Comparison(Operator operator, String operand) -> beside(operator, ORDER.compare(version, operand));
            case Range(String from, String to) -> ORDER.compare(version, from) >= 0 && ORDER.compare(version, to) <= 0;
        };
    }

    private static boolean beside(Operator operator, int order) {
        return switch (operator) {
            case AT_MOST -> order <= 0;
            case AT_LEAST -> order >= 0;
            case BELOW -> order < 0;
            case ABOVE -> order > 0;
        };
    }

    private static String numbers(String version) {
        int dash = version.indexOf('-');
        return dash < 0 ? version : version.substring(0, dash);
    }

    private static String preRelease(String version) {
        int dash = version.indexOf('-');
        return dash < 0 ? "" : version.substring(dash + 1);
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        var matcher = PART.matcher(text);
        while (matcher.find()) {
            parts.add(matcher.group());
        }
        return parts;
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = comparePart(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    /** A number goes before a word. */
    private static int comparePart(String one, String other) {
        boolean number = Character.isDigit(one.charAt(0));
        boolean otherNumber = Character.isDigit(other.charAt(0));
        if (number && otherNumber) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return number == otherNumber ? one.compareTo(other) : number ? -1 : 1;
    }
}
