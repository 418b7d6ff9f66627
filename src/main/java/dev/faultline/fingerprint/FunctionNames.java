package dev.faultline.fingerprint;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Function names as they are compared: what a compiler or linker added, and what changes without the function changing,
 * is taken out. The spellings are those of GCC, LLVM and rustc; a name is never interpreted further than its brackets.
 */
final class FunctionNames {
    /** Longest normal form, in characters. */
    static final int LENGTH = 1024;

    /** What is looked at of a name: types of parameters and results, which go, make names of many kilobytes. */
    private static final int LOOKED_AT = 8 * LENGTH;

    /** Every step is a function of the name alone, so repeating them until nothing changes makes one normal form. */
    private static final int ROUNDS = 64;

    /** Deepest nesting of Rust's {@code <X as Y>} that is kept apart. */
    private static final int DEPTH = 8;

    private static final int OPEN = -1;

    /** Stands for the anonymous namespace while parentheses are dropped; private use, so no name has it. */
    private static final char ANONYMOUS = '\uE000';

    private static final Pattern ANONYMOUS_NAMESPACE = Pattern.compile(
            "`anonymous namespace'|\\(anonymous namespace\\)|\\{anonymous\\}|<anonymous namespace>|<unnamed>(?=::)");
    private static final Pattern LAMBDA = Pattern.compile(
            "\\{lambda\\([^{}]*\\)(?:#\\d+)?\\}|'lambda\\d*'|<lambda\\([^<>]*\\)>|\\$_\\d+|\\{unnamed[ a-z]*#\\d+\\}|'unnamed\\d*'");
    private static final Pattern CLONE = Pattern.compile("\\[abi:[^\\]]*\\]| \\[clone [^\\]]*\\]| \\(\\.[\\w.]+\\)");
    private static final Pattern RUST_HASH = Pattern.compile("::h[0-9a-f]{16}$");
    private static final Pattern RUST_MANGLED_HASH = Pattern.compile("^(_ZN.*)17h[0-9a-f]{16}E$");
    private static final Pattern RUST_CLOSURE = Pattern.compile("(?<!\\{)\\{closure(?:_env)?#\\d+\\}");
    private static final Pattern RUST_NUMBERED = Pattern.compile("\\{(impl|shim)[^{}]+\\}");

    /** {@code foo::<u32>}, {@code core::ptr::<impl Foo for Bar>}; what GCC writes so in C++ has no name. */
    private static final Pattern RUST_ARGUMENTS = Pattern.compile("::<(?!lambda|unnamed|anonymous)");

    private static final Pattern RUST_CRATE = Pattern.compile("(?<=\\w)\\[[0-9a-f]{6,16}\\](?=::)");
    private static final Pattern QUALIFIERS = Pattern.compile("\\G *(?:const|volatile|noexcept|restrict|&&?)");

    /** Longest first, so that {@code <<=} is not taken for {@code <}. */
    private static final List<String> OPERATORS = List.of(
            "<=>", "->*", "<<=", ">>=", "()", "[]", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=",
            "-=", "*=", "/=", "%=", "^=", "&=", "|=", "->", "<", ">", "=", "!", "+", "-", "*", "/", "%", "^", "&", "|",
            "~", ",");

    private final List<FingerprintRules.Alias> aliases;

    FunctionNames(List<FingerprintRules.Alias> aliases) {
        this.aliases = aliases;
    }

    /**
     * The normal form of a name.
     *
     * @param file where the function is, which tells its language
     */
    String normal(String name, @Nullable String file) {
        boolean rust = file != null && file.endsWith(".rs");
        String text = settled(printable(name, LOOKED_AT), rust);
        return text.length() <= LENGTH ? text : settled(printable(text, LENGTH), rust);
    }

    private String settled(String name, boolean rust) {
        String text = name;
        for (int round = 0; round < ROUNDS; round++) {
            String next = once(text, rust || looksLikeRust(text));
            if (next.isBlank() || next.equals(text)) {
                return text;
            }
            text = next;
        }
        return text;
    }

    private String once(String name, boolean rust) {
        String text = rust ? rust(name) : cxx(name);
        for (var alias : aliases) {
            text = alias.applied(text);
        }
        return text.strip();
    }

    /** A text from a dump, cut, and without control characters, which neither a line of text nor PostgreSQL's JSON bears. */
    static String printable(String name) {
        return printable(name, LENGTH);
    }

    private static String printable(String name, int length) {
        String cut = name.length() > length ? name.substring(0, length) : name;
        var text = new StringBuilder(cut.length());
        cut.codePoints()
                .map(c -> Character.isISOControl(c) || c == ANONYMOUS ? ' ' : c)
                .forEach(text::appendCodePoint);
        return text.toString().strip();
    }

    private static boolean looksLikeRust(String name) {
        return (name.startsWith("<") && !name.startsWith("<lambda"))
                || RUST_ARGUMENTS.matcher(name).find()
                || name.contains("{{closure}}")
                || name.contains("{closure")
                || name.contains("{impl#")
                || RUST_CRATE.matcher(name).find()
                || RUST_HASH.matcher(name).find()
                || RUST_MANGLED_HASH.matcher(name).find();
    }

    // ---- Rust ----

    private static String rust(String name) {
        String text = RUST_HASH.matcher(name).replaceFirst("");
        text = RUST_MANGLED_HASH.matcher(text).replaceFirst("$1E");
        text = RUST_CLOSURE.matcher(text).replaceAll("{{closure}}");
        text = RUST_NUMBERED.matcher(text).replaceAll("{$1}");
        text = RUST_CRATE.matcher(text).replaceAll("");
        return rustPath(text, 0);
    }

    private static String rustPath(String text, int depth) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '<') {
                out.append(c);
                i++;
                continue;
            }
            int end = closing(text, i);
            if (end == OPEN) {
                return out.append(text, i, text.length()).toString();
            }
            String inner = text.substring(i + 1, end - 1);
            boolean says = out.isEmpty() || inner.startsWith("impl ") || inner.contains(" as ");
            if (says && depth < DEPTH) {
                out.append('<').append(rustPath(inner, depth + 1)).append('>');
            } else {
                if (out.length() >= 2 && out.substring(out.length() - 2).equals("::")) {
                    out.setLength(out.length() - 2); // foo::<u32> is foo<u32>
                }
                out.append("<T>");
            }
            i = end;
        }
        return out.toString();
    }

    // ---- C and C++ ----

    private static String cxx(String name) {
        String text = CLONE.matcher(name).replaceAll("");
        text = ANONYMOUS_NAMESPACE.matcher(text).replaceAll(String.valueOf(ANONYMOUS));
        text = withoutLambdas(text);
        boolean bare = text.indexOf('(') < 0 && text.indexOf('<') < 0 && text.indexOf(' ') < 0;
        if (!bare && !objectiveC(text)) {
            text = cxxPath(text.strip());
        }
        return text.replace(String.valueOf(ANONYMOUS), "(anonymous namespace)");
    }

    /** The innermost first: a lambda may stand in another one's parameters. */
    private static String withoutLambdas(String text) {
        String before = text;
        String after = LAMBDA.matcher(text).replaceAll("\\$");
        for (int depth = 0; depth < ROUNDS && !after.equals(before); depth++) {
            before = after;
            after = LAMBDA.matcher(before).replaceAll("\\$");
        }
        return after;
    }

    /** {@code -[Class method:]} is a name with a space in it. */
    private static boolean objectiveC(String text) {
        return text.startsWith("-[") || text.startsWith("+[");
    }

    private static String cxxPath(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (startsOperator(text, i)) {
                i = operator(text, i + "operator".length(), out.append("operator"));
            } else if (c == '<') {
                trimEnd(out);
                out.append("<T>");
                i = closingOrEnd(text, i);
            } else if (c == '(' && !out.isEmpty() && out.charAt(out.length() - 1) == '.') {
                int end = closingOrEnd(text, i); // Go: main.(*Server).run
                out.append(text, i, end);
                i = end;
            } else if (c == '(') {
                i = qualifiersEnd(text, closingOrEnd(text, i));
                if (i < text.length() && text.charAt(i) != ':' && text.charAt(i) != ' ') {
                    break;
                }
            } else if (c == ' ') {
                out.setLength(0); // what stood before was a return type or a word such as "virtual thunk to"
                i++;
            } else {
                if (!out.isEmpty() || (c != '*' && c != '&')) {
                    out.append(c);
                }
                i++;
            }
        }
        return out.toString();
    }

    private static boolean startsOperator(String text, int i) {
        if (!text.startsWith("operator", i) || (i > 0 && isWord(text.charAt(i - 1)))) {
            return false;
        }
        int end = i + "operator".length();
        return end < text.length() && !isWord(text.charAt(end)) && text.charAt(end) != ':' && text.charAt(end) != '.';
    }

    /** Takes over the operator's own brackets, which are no parameter list; returns where it ends. */
    private static int operator(String text, int start, StringBuilder out) {
        for (String symbol : OPERATORS) {
            if (text.startsWith(symbol, start)) {
                out.append(symbol);
                int end = start + symbol.length();
                return text.startsWith(" <", end) ? end + 1 : end; // operator< <int>
            }
        }
        int end = start;
        while (end < text.length() && text.charAt(end) != '(' && text.charAt(end) != '<') {
            end++;
        }
        // new, delete[], "" _km or the type that a conversion makes; a dot for the space keeps it from being a return
        // type
        String word = text.substring(start, end).strip();
        out.append(word.isEmpty() ? "" : "." + word.replace(' ', '.'));
        return end;
    }

    /** Where the words end that may follow a parameter list. */
    private static int qualifiersEnd(String text, int start) {
        var matcher = QUALIFIERS.matcher(text);
        int end = start;
        while (matcher.find(end) && matcher.start() == end && matcher.end() > end) {
            end = matcher.end();
        }
        boolean last = text.substring(end).isBlank();
        return last ? text.length() : end;
    }

    private static int closingOrEnd(String text, int start) {
        int end = closing(text, start);
        return end == OPEN ? text.length() : end;
    }

    /** The place behind the bracket that closes the one at {@code start}, or {@link #OPEN} in a name that was cut. */
    private static int closing(String text, int start) {
        char open = text.charAt(start);
        char close = open == '<' ? '>' : ')';
        int depth = 0;
        int parentheses = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (open == '<' && c == '(') {
                parentheses++;
            } else if (open == '<' && c == ')') {
                parentheses--;
            }
            boolean counts = parentheses <= 0; // Array<(3 > 2)>
            if (counts && c == open) {
                depth++;
            } else if (counts && c == close && (c != '>' || text.charAt(i - 1) != '-')) {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return OPEN;
    }

    private static void trimEnd(StringBuilder out) {
        while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
            out.setLength(out.length() - 1);
        }
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
