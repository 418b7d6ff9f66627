package dev.faultline.symbols.demangle;

/** RFC 3492 with {@code _} in place of {@code -}, as Rust's v0 scheme spells identifiers outside of ASCII. */
final class Punycode {
    // RFC 3492, 5
    private static final int BASE = 36;
    private static final int LEAST_THRESHOLD = 1;
    private static final int MOST_THRESHOLD = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_CODE_POINT = 128;

    private static final int LONGEST = 256;

    private Punycode() {}

    /** Appends the decoded identifier. */
    static void decode(String name, int start, int end, StringBuilder text) {
        int[] decoded = new int[Math.min(end - start, LONGEST)];
        int length = 0;
        int delimiter = name.lastIndexOf('_', end - 1);
        int at = start;
        if (delimiter >= start) {
            if (delimiter - start > LONGEST) {
                throw new NotMangledException();
            }
            while (at < delimiter) {
                decoded[length++] = name.charAt(at++);
            }
            at++;
        }
        if (at >= end) {
            throw new NotMangledException();
        }
        int bias = INITIAL_BIAS;
        long codePoint = INITIAL_CODE_POINT;
        long i = 0;
        while (at < end) {
            long before = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                if (at >= end) {
                    throw new NotMangledException();
                }
                int digit = digit(name.charAt(at++));
                i += digit * weight;
                int threshold = Math.clamp(k - bias, LEAST_THRESHOLD, MOST_THRESHOLD);
                if (i > Integer.MAX_VALUE) {
                    throw new NotMangledException();
                }
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
                if (weight > Integer.MAX_VALUE) {
                    throw new NotMangledException();
                }
            }
            if (length == decoded.length) {
                throw new NotMangledException();
            }
            length++;
            bias = adapt(i - before, length, before == 0);
            codePoint += i / length;
            i %= length;
            if (codePoint > Character.MAX_CODE_POINT || (codePoint >= 0xd800 && codePoint < 0xe000)) {
                throw new NotMangledException();
            }
            System.arraycopy(decoded, (int) i, decoded, (int) i + 1, length - 1 - (int) i);
            decoded[(int) i++] = (int) codePoint;
        }
        for (int k = 0; k < length; k++) {
            text.appendCodePoint(decoded[k]);
        }
    }

    private static int digit(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        if (Cursor.isDigit(c)) {
            return c - '0' + 26;
        }
        throw new NotMangledException();
    }

    private static int adapt(long change, int length, boolean first) {
        long delta = first ? change / DAMP : change / 2;
        delta += delta / length;
        int k = 0;
        while (delta > (BASE - LEAST_THRESHOLD) * MOST_THRESHOLD / 2) {
            delta /= BASE - LEAST_THRESHOLD;
            k += BASE;
        }
        return k + (int) ((BASE - LEAST_THRESHOLD + 1) * delta / (delta + SKEW));
    }
}
