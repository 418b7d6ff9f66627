package dev.faultline.fleet;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Versions as their numbers and words; what stands between these is no order, and of two the one with less goes first. */
final class NaturalOrder {
    private static final Pattern PART = Pattern.compile("[0-9]+|\\p{IsAlphabetic}+");

    private NaturalOrder() {}

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    static int compare(String version, String other) {
        List<String> parts = parts(version);
        List<String> otherParts = parts(other);
        for (int i = 0; i < Math.min(parts.size(), otherParts.size()); i++) {
            int order = part(parts.get(i), otherParts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(parts.size(), otherParts.size());
    }

    private static List<String> parts(String version) {
        List<String> parts = new ArrayList<>();
        var matcher = PART.matcher(version);
        while (matcher.find()) {
            parts.add(matcher.group());
        }
        return parts;
    }

    /** A word goes before a number: {@code 2.0-beta} before {@code 2.0.1}. */
    private static int part(String one, String other) {
        boolean number = isDigit(one.charAt(0));
        boolean otherNumber = isDigit(other.charAt(0));
        if (number && otherNumber) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return number == otherNumber ? Integer.signum(one.compareTo(other)) : number ? 1 : -1;
    }
}
