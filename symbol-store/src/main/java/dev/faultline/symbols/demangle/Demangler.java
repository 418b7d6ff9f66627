package dev.faultline.symbols.demangle;

import dev.faultline.symbols.bytes.Limits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Demangles by what a name begins with. Pure and safe for any thread; any string gives a name or nothing, quickly. */
public final class Demangler {
    private static final String CONSTRUCTORS = "_GLOBAL__";
    private static final String BLOCK = "_block_invoke";

    private Demangler() {}

    /**
     * The name to show: without clone suffix ({@code .isra.0}, {@code .llvm.123}) and without symbol version
     * ({@code @@GLIBCXX_3.4}), which say nothing about the function. Empty where the name is not mangled.
     */
    public static Optional<String> demangle(String linkageName) {
        return Optional.ofNullable(demangle(linkageName, false));
    }

    /**
     * The name with everything the symbol says, as {@code c++filt} writes it: {@code foo(int) [clone .isra.0]}. Empty
     * where the name is not mangled.
     */
    public static Optional<String> demangleWithSuffix(String linkageName) {
        // what has no name to show has none, whatever would be appended to it: a crate without a name
        return demangle(linkageName).flatMap(shown -> Optional.ofNullable(demangle(linkageName, true)));
    }

    private static @Nullable String demangle(String name, boolean withSuffix) {
        if (name.length() < 3 || name.charAt(0) != '_') {
            return null;
        }
        try {
            String text = switch (name.charAt(1)) {
                case 'Z' -> itaniumOrRust(name, 2, withSuffix);
                case 'R' -> rust(name, 2, withSuffix);
                case '_' -> underscored(name, withSuffix);
                case 'G' -> constructors(name, withSuffix);
                default -> null;
            };
            // a name of nothing but empty parts is no name
            return text == null || text.isEmpty() ? null : text;
        } catch (NotMangledException notMangled) {
            return null;
        }
    }

    private static String itaniumOrRust(String name, int start, boolean withSuffix) {
        StringBuilder text = new StringBuilder(2 * name.length());
        int rustEnd = name.startsWith("N", start) ? RustLegacy.end(name, start + 1) : -1;
        if (rustEnd >= 0 && Suffix.isSuffix(name, rustEnd, name.length())) {
            RustLegacy.print(name, start + 1, rustEnd, withSuffix, text);
        } else {
            itanium(name, start, name.length(), text, withSuffix);
        }
        return text.toString();
    }

    private static String rust(String name, int start, boolean withSuffix) {
        StringBuilder text = new StringBuilder(2 * name.length());
        int limit = Limits.DEFAULT.demangledCharacters();
        new RustV0(name, start, limit, withSuffix, text).symbol();
        if (text.isEmpty() || text.length() > limit) {
            throw new NotMangledException();
        }
        return text.toString();
    }

    /** {@code __Z} is {@code _Z} with the underscore of Mach-O; with two more it is a block inside of the function. */
    private static @Nullable String underscored(String name, boolean withSuffix) {
        if (name.startsWith("__Z")) {
            return itaniumOrRust(name, 3, withSuffix);
        }
        if (name.startsWith("__R")) {
            return rust(name, 3, withSuffix);
        }
        int start = name.startsWith("___Z") ? 4 : name.startsWith("____Z") ? 5 : -1;
        int block = start < 0 ? -1 : name.lastIndexOf(BLOCK);
        if (block < start) {
            return null;
        }
        StringBuilder text = new StringBuilder("invocation function for block in ");
        itanium(name, start, block, text, withSuffix);
        return text.toString();
    }

    /** What initializes or destroys the globals of a file, named by the file or by its first symbol. */
    private static @Nullable String constructors(String name, boolean withSuffix) {
        if (!name.startsWith(CONSTRUCTORS)) {
            return null;
        }
        int at = name.startsWith("sub_", CONSTRUCTORS.length()) ? CONSTRUCTORS.length() + 4 : CONSTRUCTORS.length();
        char kind = at < name.length() ? name.charAt(at++) : 0;
        if (kind != 'I' && kind != 'D') {
            return null;
        }
        if (at < name.length() && name.charAt(at) == '.') {
            at++; // a priority
            while (at < name.length() && Cursor.isDigit(name.charAt(at))) {
                at++;
            }
        }
        if (at + 1 >= name.length() || name.charAt(at) != '_') {
            return null;
        }
        String key = name.substring(at + 1);
        String demangled = demangle(key, withSuffix);
        return (kind == 'I' ? "global constructors keyed to " : "global destructors keyed to ")
                + (demangled == null ? key : demangled);
    }

    private static void itanium(String name, int start, int end, StringBuilder text, boolean withSuffix) {
        int prefix = text.length();
        ItaniumParser parser = new ItaniumParser(new Cursor(name, start, end), new Work(), true);
        try {
            itanium(parser, name, end, text, withSuffix);
        } catch (NotMangledException notByGcc) {
            if (!parser.wasAmbiguous()) {
                throw notByGcc;
            }
            text.setLength(prefix);
            itanium(new ItaniumParser(new Cursor(name, start, end), new Work(), false), name, end, text, withSuffix);
        }
    }

    private static void itanium(ItaniumParser parser, String name, int end, StringBuilder text, boolean withSuffix) {
        Node encoding = parser.encoding();
        int suffix = parser.position();
        if (!Suffix.isSuffix(name, suffix, end)) {
            throw new NotMangledException();
        }
        int limit = Limits.DEFAULT.demangledCharacters();
        new ItaniumPrinter(text, new Work(), limit).print(encoding);
        if (withSuffix) {
            Suffix.append(name, suffix, end, text);
        }
        if (text.length() > limit) {
            throw new NotMangledException();
        }
    }
}
