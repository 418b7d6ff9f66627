package dev.faultline.symbols.demangle;

/** The place in a mangled name up to which it was read. */
final class Cursor {
    /** What {@link #peek} gives behind the end; no mangled name contains it. */
    static final char END = '\0';

    final String name;
    private final int end;
    private int position;

    Cursor(String name, int start, int end) {
        this.name = name;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    boolean atEnd() {
        return position >= end;
    }

    int remaining() {
        return end - position;
    }

    char peek() {
        return position < end ? name.charAt(position) : END;
    }

    char peek(int ahead) {
        return position + ahead < end ? name.charAt(position + ahead) : END;
    }

    char next() {
        if (position >= end) {
            throw new NotMangledException();
        }
        return name.charAt(position++);
    }

    void skip(int characters) {
        position += characters;
    }

    boolean take(char wanted) {
        if (position < end && name.charAt(position) == wanted) {
            position++;
            return true;
        }
        return false;
    }

    boolean take(char first, char second) {
        if (peek() == first && peek(1) == second) {
            position += 2;
            return true;
        }
        return false;
    }

    boolean take(String wanted) {
        if (wanted.length() <= end - position && name.startsWith(wanted, position)) {
            position += wanted.length();
            return true;
        }
        return false;
    }

    void expect(char wanted) {
        if (!take(wanted)) {
            throw new NotMangledException();
        }
    }

    boolean atDigit() {
        return isDigit(peek());
    }

    /** A decimal number that something here has room for: a length, an index. */
    int number() {
        if (!atDigit()) {
            throw new NotMangledException();
        }
        int value = 0;
        while (atDigit()) {
            value = value * 10 + (name.charAt(position++) - '0');
            if (value > 1 << 24) {
                throw new NotMangledException();
            }
        }
        return value;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
