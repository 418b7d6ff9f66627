package dev.faultline.symbols.demangle;

/**
 * What compilers and linkers put behind a mangled name: clone suffixes ({@code .isra.0}, {@code .part.0.cold},
 * {@code .llvm.123}) and symbol versions ({@code @@GLIBCXX_3.4}).
 */
final class Suffix {
    private Suffix() {}

    static boolean isSuffix(String name, int start, int end) {
        return start == end || name.charAt(start) == '.' || name.charAt(start) == '@';
    }

    /** As {@code c++filt} does: a word and the numbers behind it are one clone, a version stays as it is. */
    static void append(String name, int start, int end, StringBuilder text) {
        int at = start;
        while (at < end && name.charAt(at) == '.') {
            int clone = at++;
            while (at < end && name.charAt(at) != '.' && name.charAt(at) != '@') {
                at++;
            }
            while (at + 1 < end && name.charAt(at) == '.' && Cursor.isDigit(name.charAt(at + 1))) {
                at++;
                while (at < end && Cursor.isDigit(name.charAt(at))) {
                    at++;
                }
            }
            text.append(" [clone ").append(name, clone, at).append(']');
        }
        text.append(name, at, end);
    }
}
