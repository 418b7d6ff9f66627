package dev.faultline.symbols.demangle;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads and prints names of Rust's v0 scheme (RFC 2603) in one pass. A back reference is a place in the name to print
 * from once more.
 */
final class RustV0 {
    private static final int MOST_LIFETIMES = 1 << 10;

    private final Cursor in;
    private final StringBuilder text;
    private final int start;
    private final int limit;
    private final boolean crateHashes;
    private final Work work = new Work();

    /** How many lifetimes the binders around have. */
    private int boundLifetimes;

    /** Nothing prints: the path of an {@code impl}, the crate that instantiates. */
    private boolean silent;

    RustV0(String name, int start, int limit, boolean crateHashes, StringBuilder text) {
        this.in = new Cursor(name, start, name.length());
        this.text = text;
        this.start = start;
        this.limit = limit;
        this.crateHashes = crateHashes;
    }

    /** {@code <path> [<instantiating-crate>] [<vendor-specific-suffix>]}. */
    void symbol() {
        path(true);
        if (in.peek() >= 'A' && in.peek() <= 'Z') {
            silent = true;
            path(false);
        }
        if (!in.atEnd() && in.peek() != '.' && in.peek() != '$') {
            throw new NotMangledException();
        }
    }

    private void print(String s) {
        if (!silent) {
            text.append(s);
        }
    }

    private void print(char c) {
        if (!silent) {
            text.append(c);
        }
    }

    private void enter() {
        work.enter();
        if (text.length() > limit) {
            throw new NotMangledException();
        }
    }

    /** {@code <path>}; generic arguments of a value are written with {@code ::} in front. */
    private void path(boolean isValue) {
        enter();
        char tag = in.next();
        switch (tag) {
            case 'C' -> crate();
            case 'M' -> {
                implPath();
                print('<');
                type();
                print('>');
            }
            case 'X' -> {
                implPath();
                asTrait();
            }
            case 'Y' -> asTrait();
            case 'N' -> nested(isValue);
            case 'I' -> {
                path(isValue);
                if (isValue) {
                    print("::");
                }
                print('<');
                genericArguments();
                print('>');
            }
            case 'B' -> {
                int back = backReference();
                if (!silent) {
                    int here = in.position();
                    in.moveTo(back);
                    path(isValue);
                    in.moveTo(here);
                }
            }
            default -> throw new NotMangledException();
        }
        work.leave();
    }

    private void crate() {
        long disambiguator = disambiguator();
        identifier();
        if (crateHashes) {
            print('[');
            print(Long.toHexString(disambiguator));
            print(']');
        }
    }

    private void asTrait() {
        print('<');
        type();
        print(" as ");
        path(false);
        print('>');
    }

    /** {@code <impl-path>}, which does not print. */
    private void implPath() {
        boolean outer = silent;
        silent = true;
        disambiguator();
        path(false);
        silent = outer;
    }

    private void nested(boolean isValue) {
        char namespace = in.next();
        boolean special = namespace >= 'A' && namespace <= 'Z';
        if (!special && (namespace < 'a' || namespace > 'z')) {
            throw new NotMangledException();
        }
        path(isValue);
        long disambiguator = disambiguator();
        if (special) {
            print("::{");
            switch (namespace) {
                case 'C' -> print("closure");
                case 'S' -> print("shim");
                default -> print(namespace);
            }
            int before = text.length();
            print(':');
            identifier();
            if (!silent && text.length() == before + 1) {
                text.setLength(before);
            }
            print('#');
            print(Long.toString(disambiguator));
            print('}');
        } else {
            int before = text.length();
            print("::");
            identifier();
            if (!silent && text.length() == before + 2) {
                text.setLength(before);
            }
        }
    }

    /** {@code {<generic-arg>} E}. */
    private void genericArguments() {
        boolean first = true;
        while (!in.take('E')) {
            if (!first) {
                print(", ");
            }
            first = false;
            if (in.take('L')) {
                lifetime(base62());
            } else if (in.take('K')) {
                constant(false);
            } else {
                type();
            }
        }
    }

    /** {@code <type>}. */
    private void type() {
        enter();
        char tag = in.next();
        String basic = basicType(tag);
        if (basic != null) {
            print(basic);
        } else {
            switch (tag) {
                case 'A' -> {
                    print('[');
                    type();
                    print("; ");
                    constant(true);
                    print(']');
                }
                case 'S' -> {
                    print('[');
                    type();
                    print(']');
                }
                case 'T' -> {
                    print('(');
                    int count = 0;
                    while (!in.take('E')) {
                        if (count++ > 0) {
                            print(", ");
                        }
                        type();
                    }
                    print(count == 1 ? ",)" : ")");
                }
                case 'R', 'Q' -> {
                    print('&');
                    if (in.take('L')) {
                        long lifetime = base62();
                        if (lifetime != 0) {
                            lifetime(lifetime);
                            print(' ');
                        }
                    }
                    if (tag == 'Q') {
                        print("mut ");
                    }
                    type();
                }
                case 'P' -> {
                    print("*const ");
                    type();
                }
                case 'O' -> {
                    print("*mut ");
                    type();
                }
                case 'F' -> function();
                case 'D' -> dynamic();
                case 'W' -> {
                    type();
                    print(" is ");
                    pattern();
                }
                case 'B' -> {
                    int back = backReference();
                    if (!silent) {
                        int here = in.position();
                        in.moveTo(back);
                        type();
                        in.moveTo(here);
                    }
                }
                default -> {
                    in.skip(-1);
                    path(false);
                }
            }
        }
        work.leave();
    }

    private static @Nullable String basicType(char tag) {
        return switch (tag) {
            case 'a' -> "i8";
            case 'b' -> "bool";
            case 'c' -> "char";
            case 'd' -> "f64";
            case 'e' -> "str";
            case 'f' -> "f32";
            case 'h' -> "u8";
            case 'i' -> "isize";
            case 'j' -> "usize";
            case 'l' -> "i32";
            case 'm' -> "u32";
            case 'n' -> "i128";
            case 'o' -> "u128";
            case 'p' -> "_";
            case 's' -> "i16";
            case 't' -> "u16";
            case 'u' -> "()";
            case 'v' -> "...";
            case 'x' -> "i64";
            case 'y' -> "u64";
            case 'z' -> "!";
            default -> null;
        };
    }

    /** {@code <fn-sig>}. */
    private void function() {
        int outer = boundLifetimes;
        binder();
        if (in.take('U')) {
            print("unsafe ");
        }
        if (in.take('K')) {
            print("extern \"");
            if (in.take('C')) {
                print('C');
            } else {
                int from = text.length();
                identifier();
                for (int i = from; i < text.length(); i++) {
                    if (text.charAt(i) == '_') {
                        text.setCharAt(i, '-');
                    }
                }
            }
            print("\" ");
        }
        print("fn(");
        boolean first = true;
        while (!in.take('E')) {
            if (!first) {
                print(", ");
            }
            first = false;
            type();
        }
        print(')');
        if (!in.take('u')) {
            print(" -> ");
            type();
        }
        boundLifetimes = outer;
    }

    /** {@code <dyn-bounds> <lifetime>}. */
    private void dynamic() {
        print("dyn ");
        int outer = boundLifetimes;
        binder();
        boolean first = true;
        while (!in.take('E')) {
            if (!first) {
                print(" + ");
            }
            first = false;
            dynamicTrait();
        }
        boundLifetimes = outer;
        in.expect('L');
        long lifetime = base62();
        if (lifetime != 0) {
            print(" + ");
            lifetime(lifetime);
        }
    }

    /** A trait whose associated types are written among its generic arguments. */
    private void dynamicTrait() {
        boolean open = openGenerics();
        while (in.take('p')) {
            print(open ? ", " : "<");
            open = true;
            identifier();
            print(" = ");
            type();
        }
        if (open) {
            print('>');
        }
    }

    /** A path without the {@code >} that would close it; whether there is one to close. */
    private boolean openGenerics() {
        enter();
        boolean open = false;
        if (in.take('B')) {
            int back = backReference();
            if (!silent) {
                int here = in.position();
                in.moveTo(back);
                open = openGenerics();
                in.moveTo(here);
            }
        } else if (in.take('I')) {
            path(false);
            print('<');
            genericArguments();
            open = true;
        } else {
            path(false);
        }
        work.leave();
        return open;
    }

    private void binder() {
        if (!in.take('G')) {
            return;
        }
        long count = base62() + 1;
        if (count > MOST_LIFETIMES) {
            throw new NotMangledException();
        }
        print("for<");
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                print(", ");
            }
            boundLifetimes++;
            lifetime(1);
        }
        print("> ");
    }

    /** A lifetime by its distance from the innermost binder. */
    private void lifetime(long index) {
        if (index == 0) {
            print("'_");
            return;
        }
        if (index > boundLifetimes) {
            throw new NotMangledException();
        }
        int level = (int) (boundLifetimes - index);
        print('\'');
        if (level < 26) {
            print((char) ('a' + level));
        } else {
            print('_');
            print(Integer.toString(level));
        }
    }

    /** {@code <const>}; what is no literal is written in braces unless it is part of something larger. */
    private void constant(boolean inside) {
        enter();
        char tag = in.next();
        switch (tag) {
            case 'p' -> print('_');
            case 'B' -> {
                int back = backReference();
                if (!silent) {
                    int here = in.position();
                    in.moveTo(back);
                    constant(inside);
                    in.moveTo(here);
                }
            }
            case 'h', 't', 'm', 'y', 'o', 'j' -> integer();
            case 'a', 's', 'l', 'x', 'n', 'i' -> {
                if (in.take('n')) {
                    print('-');
                }
                integer();
            }
            case 'b' -> {
                long value = hexadecimal(1);
                if (value > 1) {
                    throw new NotMangledException();
                }
                print(value == 1 ? "true" : "false");
            }
            case 'c' -> {
                long value = hexadecimal(6);
                if (value > Character.MAX_CODE_POINT || (value >= 0xd800 && value < 0xe000)) {
                    throw new NotMangledException();
                }
                print('\'');
                character((int) value, '\'', false);
                print('\'');
            }
            default -> {
                boolean braces = !inside && !(tag == 'R' && in.peek() == 'e');
                if (braces) {
                    print('{');
                }
                compoundConstant(tag);
                if (braces) {
                    print('}');
                }
            }
        }
        work.leave();
    }

    private void compoundConstant(char tag) {
        switch (tag) {
            case 'e' -> {
                print('*');
                string();
            }
            case 'R', 'Q' -> {
                if (tag == 'R' && in.take('e')) {
                    string();
                } else {
                    print(tag == 'R' ? "&" : "&mut ");
                    constant(true);
                }
            }
            case 'A' -> {
                print('[');
                constants();
                print(']');
            }
            case 'T' -> {
                print('(');
                print(constants() == 1 ? ",)" : ")");
            }
            case 'V' -> structure();
            default -> throw new NotMangledException();
        }
    }

    private void structure() {
        path(true);
        switch (in.next()) {
            case 'U' -> {}
            case 'T' -> {
                print('(');
                constants();
                print(')');
            }
            case 'S' -> {
                print(" { ");
                boolean first = true;
                while (!in.take('E')) {
                    if (!first) {
                        print(", ");
                    }
                    first = false;
                    disambiguator();
                    identifier();
                    print(": ");
                    constant(true);
                }
                print(" }");
            }
            default -> throw new NotMangledException();
        }
    }

    private int constants() {
        int count = 0;
        while (!in.take('E')) {
            if (count++ > 0) {
                print(", ");
            }
            constant(true);
        }
        return count;
    }

    /** The pattern of a pattern type: a range, alternatives of them, or everything but null. */
    private void pattern() {
        enter();
        switch (in.next()) {
            case 'R' -> {
                constant(true);
                print("..=");
                constant(true);
            }
            case 'O' -> {
                boolean first = true;
                while (!in.take('E')) {
                    if (!first) {
                        print(" | ");
                    }
                    first = false;
                    pattern();
                }
            }
            case 'N' -> print("!null");
            default -> throw new NotMangledException();
        }
        work.leave();
    }

    /** {@code {<hex-digit>} _} as a number; one of more than 64 bits stays hexadecimal. */
    private void integer() {
        int from = hexadecimalDigits();
        int to = in.position() - 1;
        if (to - from > 16) {
            print("0x");
            print(in.name.substring(from, to));
        } else {
            print(to == from ? "0" : Long.toUnsignedString(Long.parseUnsignedLong(in.name, from, to, 16)));
        }
    }

    private long hexadecimal(int mostDigits) {
        int from = hexadecimalDigits();
        int to = in.position() - 1;
        if (to == from || to - from > mostDigits) {
            throw new NotMangledException();
        }
        return Long.parseUnsignedLong(in.name, from, to, 16);
    }

    /** Skips digits and the underscore behind them; where they begin. */
    private int hexadecimalDigits() {
        int from = in.position();
        while (hexadecimalDigit(in.peek()) >= 0) {
            in.skip(1);
        }
        in.expect('_');
        return from;
    }

    private static int hexadecimalDigit(char c) {
        return Cursor.isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /** UTF-8 bytes in hexadecimal, printed as a Rust string literal. */
    private void string() {
        int from = hexadecimalDigits();
        int digits = in.position() - 1 - from;
        if (digits % 2 != 0) {
            throw new NotMangledException();
        }
        byte[] bytes = new byte[digits / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (16 * hexadecimalDigit(in.name.charAt(from + 2 * i))
                    + hexadecimalDigit(in.name.charAt(from + 2 * i + 1)));
        }
        print('"');
        new String(bytes, StandardCharsets.UTF_8).codePoints().forEach(codePoint -> character(codePoint, '"', true));
        print('"');
    }

    private void character(int codePoint, char quote, boolean unicode) {
        switch (codePoint) {
            case '\0' -> print("\\0");
            case '\t' -> print("\\t");
            case '\r' -> print("\\r");
            case '\n' -> print("\\n");
            case '\\' -> print("\\\\");
            default -> {
                if (codePoint == quote) {
                    print('\\');
                    print(quote);
                } else if (codePoint >= ' ' && codePoint < 0x7f) {
                    print((char) codePoint);
                } else if (unicode && codePoint > 0x9f) {
                    print(Character.toString(codePoint));
                } else {
                    print("\\u{");
                    print(Integer.toHexString(codePoint));
                    print('}');
                }
            }
        }
    }

    /** {@code s <base-62-number>}, 0 where there is none. */
    private long disambiguator() {
        return in.take('s') ? base62() + 1 : 0;
    }

    /** {@code <undisambiguated-identifier>}. */
    private void identifier() {
        boolean punycode = in.take('u');
        int length = in.peek() == '0' ? zero() : in.number();
        in.take('_');
        if (length > in.remaining()) {
            throw new NotMangledException();
        }
        int from = in.position();
        in.skip(length);
        if (silent) {
            return;
        }
        if (punycode) {
            Punycode.decode(in.name, from, from + length, text);
        } else {
            text.append(in.name, from, from + length);
        }
    }

    /** A decimal number has no leading zeros: another digit is not part of it. */
    private int zero() {
        in.skip(1);
        return 0;
    }

    /** A number that ends with an underscore; without digits it is 0, digits count from 1. */
    private long base62() {
        long value = 0;
        boolean digits = false;
        while (!in.take('_')) {
            char c = in.next();
            int digit;
            if (Cursor.isDigit(c)) {
                digit = c - '0';
            } else if (c >= 'a' && c <= 'z') {
                digit = c - 'a' + 10;
            } else if (c >= 'A' && c <= 'Z') {
                digit = c - 'A' + 36;
            } else {
                throw new NotMangledException();
            }
            value = value * 62 + digit;
            digits = true;
        }
        return digits ? value + 1 : 0;
    }

    /** The place a back reference means, which lies before it. */
    private int backReference() {
        int here = in.position() - 1 - start;
        long back = base62();
        if (back < 0 || back >= here) {
            throw new NotMangledException();
        }
        return start + (int) back;
    }
}
