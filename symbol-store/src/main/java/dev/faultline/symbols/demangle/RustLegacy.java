package dev.faultline.symbols.demangle;

/**
 * Rust's names before v0: an Itanium nested name of plain identifiers whose last one is {@code h} and 16 hexadecimal
 * digits of a hash, and whose other ones have escapes for what an identifier can not contain.
 */
final class RustLegacy {
    private static final int HASH_LENGTH = 17;

    /** A C++ name may end alike; a hash has more different digits than a word. */
    private static final int FEWEST_DIGITS = 5;

    private RustLegacy() {}

    /** Where the name ends if it is one of Rust, else -1; {@code start} is behind {@code _ZN}. */
    static int end(String name, int start) {
        int at = start;
        int last = -1;
        int parts = 0;
        while (at < name.length() && name.charAt(at) != 'E') {
            int length = 0;
            int digits = at;
            while (at < name.length() && Cursor.isDigit(name.charAt(at)) && at - digits < 8) {
                length = length * 10 + (name.charAt(at++) - '0');
            }
            if (at == digits || length == 0 || length > name.length() - at) {
                return -1;
            }
            last = at;
            parts++;
            at += length;
            for (int i = last; i < at; i++) {
                if (!isAllowed(name.charAt(i))) {
                    return -1;
                }
            }
        }
        return at < name.length() && parts > 1 && at - last == HASH_LENGTH && isHash(name, last) ? at + 1 : -1;
    }

    private static boolean isAllowed(char c) {
        return c == '_'
                || c == '$'
                || c == '.'
                || Cursor.isDigit(c)
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z');
    }

    private static boolean isHash(String name, int at) {
        if (name.charAt(at) != 'h') {
            return false;
        }
        int seen = 0;
        for (int i = at + 1; i < at + HASH_LENGTH; i++) {
            char c = name.charAt(i);
            if (Cursor.isDigit(c)) {
                seen |= 1 << (c - '0');
            } else if (c >= 'a' && c <= 'f') {
                seen |= 1 << (c - 'a' + 10);
            } else {
                return false;
            }
        }
        return Integer.bitCount(seen) >= FEWEST_DIGITS;
    }

    static void print(String name, int start, int end, boolean withHash, StringBuilder text) {
        int at = start;
        while (name.charAt(at) != 'E') {
            int length = 0;
            while (Cursor.isDigit(name.charAt(at))) {
                length = length * 10 + (name.charAt(at++) - '0');
            }
            boolean isLast = at + length == end - 1;
            if (isLast && !withHash) {
                return;
            }
            if (!text.isEmpty()) {
                text.append("::");
            }
            identifier(name, at, at + length, text);
            at += length;
        }
    }

    private static void identifier(String name, int start, int end, StringBuilder text) {
        int at = start;
        if (name.startsWith("_$", at) && at + 1 < end) {
            at++; // only there because an identifier can not begin with an escape
        }
        while (at < end) {
            char c = name.charAt(at);
            if (c == '.' && at + 1 < end && name.charAt(at + 1) == '.') {
                text.append("::");
                at += 2;
            } else if (c == '$') {
                int close = name.indexOf('$', at + 1);
                if (close < 0 || close >= end || !escape(name, at + 1, close, text)) {
                    text.append(name, at, end);
                    return;
                }
                at = close + 1;
            } else {
                text.append(c);
                at++;
            }
        }
    }

    private static boolean escape(String name, int start, int end, StringBuilder text) {
        char first = name.charAt(start);
        if (first == 'u' && end - start > 1 && end - start <= 7) {
            int codePoint = 0;
            for (int i = start + 1; i < end; i++) {
                int digit = Character.digit(name.charAt(i), 16);
                if (digit < 0) {
                    return false;
                }
                codePoint = codePoint << 4 | digit;
            }
            if (!Character.isValidCodePoint(codePoint) || Character.isISOControl(codePoint)) {
                return false;
            }
            text.appendCodePoint(codePoint);
            return true;
        }
        String written = switch (name.substring(start, end)) {
            case "SP" -> "@";
            case "BP" -> "*";
            case "RF" -> "&";
            case "LT" -> "<";
            case "GT" -> ">";
            case "LP" -> "(";
            case "RP" -> ")";
            case "C" -> ",";
            default -> "";
        };
        text.append(written);
        return !written.isEmpty();
    }
}
