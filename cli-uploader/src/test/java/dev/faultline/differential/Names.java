package dev.faultline.differential;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When two tools mean the same function or the same file. */
final class Names {
    /** What compilers append to the name of a clone or a part of a function. */
    private static final Pattern CLONE = Pattern.compile(
            "(\\.(isra|constprop|part|cold|lto_priv|llvm|localalias|local|specialized|__uniq|warm|resume|destroy"
                    + "|cleanup)(\\.\\d+)*|\\.\\d+| \\(?\\.[^)]*\\)?)+$");

    /** Complete, base and unified constructors and destructors are one function of the source. */
    private static final Pattern STRUCTOR = Pattern.compile("([CD])[0-5](?=[EI])");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
    private static final Pattern UP = Pattern.compile("(^|/)(?!\\.\\./)[^/]+/\\.\\./");

    private Names() {}

    static String withoutClone(String name) {
        String bare = CLONE.matcher(name).replaceFirst("");
        return bare.isEmpty() ? name : bare;
    }

    /**
     * Equal but for the clone; or one is the linker's name and the other that of the source, as eu-addr2line gives it for
     * inlined functions.
     */
    static boolean sameFunction(@Nullable String first, @Nullable String second) {
        if (first == null || second == null) {
            return first == null && second == null;
        }
        String a = STRUCTOR.matcher(withoutClone(first)).replaceAll("$1_");
        String b = STRUCTOR.matcher(withoutClone(second)).replaceAll("$1_");
        if (a.equals(b)) {
            return true;
        }
        if (isMangled(a) == isMangled(b)) {
            // qualified or not, with template arguments or not
            return !isMangled(a) && lastIdentifier(a).equals(lastIdentifier(b));
        }
        return isMangled(a) ? mangles(a, b) : mangles(b, a);
    }

    static boolean isMangled(String name) {
        return name.startsWith("_Z") || name.startsWith("_R") || name.startsWith("_D");
    }

    /** One is the other with directories before it. */
    static boolean sameFile(@Nullable String first, @Nullable String second) {
        if (first == null || second == null) {
            return first == null && second == null;
        }
        String a = path(first);
        String b = path(second);
        return a.equals(b) || a.endsWith("/" + b) || b.endsWith("/" + a);
    }

    private static boolean mangles(String mangled, String source) {
        String identifier = lastIdentifier(source);
        boolean hasNoIdentifier = identifier.isEmpty()
                || source.contains("operator")
                || source.contains("lambda")
                || source.contains("{")
                || source.contains("anonymous");
        return hasNoIdentifier || mangled.contains(identifier.length() + identifier);
    }

    /** Of {@code a::b<c::d>::name<int>(e)} the name. */
    private static String lastIdentifier(String source) {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '<' || c == '(' || c == '{') {
                depth++;
            } else if ((c == '>' && (i == 0 || source.charAt(i - 1) != '-')) || c == ')' || c == '}') {
                depth--;
            } else if (c == ':' && depth == 0) {
                start = i + 1;
            }
        }
        Matcher matcher = IDENTIFIER.matcher(source.substring(start));
        return matcher.find() ? matcher.group() : "";
    }

    private static String path(String file) {
        String path = file.replaceAll("/(\\./)+", "/").replaceAll("/{2,}", "/").replaceFirst("^(\\./)+", "");
        for (Matcher up = UP.matcher(path); up.find(); up = UP.matcher(path)) {
            path = up.replaceFirst("$1");
        }
        return path.replaceFirst("^(\\.\\./)+", "");
    }
}
