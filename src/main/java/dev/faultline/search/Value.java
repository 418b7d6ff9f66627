package dev.faultline.search;

import java.util.List;
import java.util.regex.Pattern;

/** What a field is compared with. */
public sealed interface Value {

    /** How a name is compared with it in SQL, with {@link #nameOperand} for the question mark. */
    default String nameOperator() {
        return this instanceof Wildcard ? " like ?" : " = ?";
    }

    /** What a name is compared with in SQL. */
    default String nameOperand() {
        return switch (this) {
            case Literal(String text) -> text;
            case Wildcard wildcard -> wildcard.like();
            case Comparison _, Range _ -> throw new IllegalArgumentException("a name is no " + this);
        };
    }

    /** Exactly this. */
    record Literal(String text) implements Value {
        @Override
        public String toString() {
            return quoted(text);
        }
    }

    /** A star stands for any characters, none as well. */
    record Wildcard(String pattern) implements Value {

        /** For {@code like}, where a backslash escapes. */
        public String like() {
            return pattern.replace("\\", "\\\\")
                    .replace("%", "\\%")
                    .replace("_", "\\_")
                    .replace('*', '%');
        }

        /** In one pass, however many stars there are. */
        public boolean matches(String text) {
            List<String> parts = List.of(pattern.split("\\*", -1));
            String last = parts.getLast();
            int at = parts.getFirst().length();
            int end = text.length() - last.length();
            if (at > end || !text.startsWith(parts.getFirst()) || !text.endsWith(last)) {
                return false;
            }
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = text.indexOf(part, at);
                if (found < 0 || found + part.length() > end) {
                    return false;
                }
                at = found + part.length();
            }
            return true;
        }

        @Override
        public String toString() {
            return pattern;
        }
    }

    /** On one side of something. */
    record Comparison(Operator operator, String operand) implements Value {
        @Override
        public String toString() {
            return operator.symbol() + quoted(operand);
        }
    }

    /** From one to another, both included. */
    record Range(String from, String to) implements Value {
        @Override
        public String toString() {
            return quoted(from) + ".." + quoted(to);
        }
    }

    /** What means something outside of quotes. */
    Pattern SPECIAL = Pattern.compile("[\"*:\\\\]|\\.\\.|\\.$|^[-<>.]|^$");

    private static String quoted(String text) {
        boolean special = text.chars().anyMatch(Character::isWhitespace)
                || SPECIAL.matcher(text).find();
        return special ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : text;
    }
}
