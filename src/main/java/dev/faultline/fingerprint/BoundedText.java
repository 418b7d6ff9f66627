package dev.faultline.fingerprint;

import java.util.regex.Pattern;

/**
 * A text that may be looked at only so often. Rules are patterns that people write and names come from dumps: with both in
 * the wrong hands a match would take for ever. One that takes too long does not fit.
 */
final class BoundedText implements CharSequence {
    /** Characters that one match may look at; an ordinary rule looks at each of a name a few times. */
    private static final int MOST_LOOKS = 200_000;

    /** What is looked at of a text. */
    private static final int LENGTH = 4096;

    private final String text;
    private int looks;

    private BoundedText(String text) {
        this.text = text;
    }

    static BoundedText of(String text) {
        return new BoundedText(text.length() > LENGTH ? text.substring(0, LENGTH) : text);
    }

    boolean isAll(Pattern pattern) {
        try {
            return pattern.matcher(this).matches();
        } catch (TooLong e) {
            return false;
        }
    }

    boolean has(Pattern pattern) {
        try {
            return pattern.matcher(this).find();
        } catch (TooLong e) {
            return false;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw new TooLong();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong() {
            super("a pattern takes too long", null, false, false);
        }
    }
}
