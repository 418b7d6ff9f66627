package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The texts of an index that is being built, each once, numbered as they are first used. Workers share it; in which order
 * that happens changes from run to run, so a file gets their ranks instead, which are known when all texts are.
 */
final class TextPool {
    private final ConcurrentHashMap<String, Text> texts = new ConcurrentHashMap<>();
    private final List<Text> numbered = new ArrayList<>();
    private final long most;
    private long characters;

    /** {@code most} characters at the most: texts of a file may share their bytes, so a small one can have many. */
    TextPool(long most) {
        this.most = most;
    }

    /** A text and its numbers. */
    static final class Text {
        private final String value;
        private volatile int number = -1;
        private int rank;

        private Text(String value) {
            this.value = value;
        }

        String value() {
            return value;
        }

        /** Its place among all texts in the order of their UTF-8 bytes, once {@link TextPool#rank} was called. */
        int rank() {
            return rank;
        }
    }

    Text of(String value) {
        Text known = texts.get(value);
        return known == null ? texts.computeIfAbsent(value, this::add) : known;
    }

    /** The text's number; from here on it is one of those that the index has. */
    int number(Text text) {
        int number = text.number;
        return number < 0 ? newNumber(text) : number;
    }

    int number(String value) {
        return number(of(value));
    }

    /** How many texts have a number. */
    int numbers() {
        return numbered.size();
    }

    /** By its number. */
    Text at(int number) {
        return numbered.get(number);
    }

    /** All texts that have a number, ascending by rank; none may get a number after this. */
    Text[] rank() {
        Text[] sorted = numbered.toArray(Text[]::new);
        // String's own comparison is several times as fast, and right where no text is beyond the basic plane
        boolean basic = Arrays.stream(sorted).noneMatch(text -> hasSurrogates(text.value));
        Arrays.parallelSort(
                sorted, basic ? (a, b) -> a.value.compareTo(b.value) : (a, b) -> compareUtf8(a.value, b.value));
        for (int i = 0; i < sorted.length; i++) {
            sorted[i].rank = i;
        }
        return sorted;
    }

    private synchronized int newNumber(Text text) {
        if (text.number < 0) {
            text.number = numbered.size();
            numbered.add(text);
        }
        return text.number;
    }

    private synchronized Text add(String value) {
        characters += value.length();
        if (characters > most) {
            throw new FormatException("more than %d characters of different names".formatted(most));
        }
        return new Text(value);
    }

    private static boolean hasSurrogates(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The order of the UTF-8 bytes is that of the code points, which is not String's beyond the basic plane. */
    private static int compareUtf8(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
