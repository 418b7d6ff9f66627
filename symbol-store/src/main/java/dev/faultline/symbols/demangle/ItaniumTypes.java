package dev.faultline.symbols.demangle;

import org.jspecify.annotations.Nullable;

/** The built-in types and the abbreviations of the Itanium C++ ABI, 5.1.5.2 and 5.1.10. */
final class ItaniumTypes {
    static final Type.Builtin VOID = new Type.Builtin("void");
    static final Type.Builtin BOOL = new Type.Builtin("bool");

    private static final Type.Builtin FLOAT = new Type.Builtin("float");
    private static final Type.Builtin DOUBLE = new Type.Builtin("double");
    private static final Type.Builtin LONG_DOUBLE = new Type.Builtin("long double");
    private static final Type.Builtin FLOAT128 = new Type.Builtin("__float128");
    private static final Type.Builtin HALF = new Type.Builtin("half");

    private static final Type.@Nullable Builtin[] PLAIN = new Type.Builtin[26];
    private static final Type.@Nullable Builtin[] EXTENDED = new Type.Builtin[26];

    static {
        plain('a', new Type.Builtin("signed char"));
        plain('b', BOOL);
        plain('c', new Type.Builtin("char"));
        plain('d', DOUBLE);
        plain('e', LONG_DOUBLE);
        plain('f', FLOAT);
        plain('g', FLOAT128);
        plain('h', new Type.Builtin("unsigned char"));
        plain('i', new Type.Builtin("int"));
        plain('j', new Type.Builtin("unsigned int"));
        plain('l', new Type.Builtin("long"));
        plain('m', new Type.Builtin("unsigned long"));
        plain('n', new Type.Builtin("__int128"));
        plain('o', new Type.Builtin("unsigned __int128"));
        plain('s', new Type.Builtin("short"));
        plain('t', new Type.Builtin("unsigned short"));
        plain('v', VOID);
        plain('w', new Type.Builtin("wchar_t"));
        plain('x', new Type.Builtin("long long"));
        plain('y', new Type.Builtin("unsigned long long"));
        plain('z', new Type.Builtin("..."));
        extended('a', new Type.Builtin("auto"));
        extended('c', new Type.Builtin("decltype(auto)"));
        extended('d', new Type.Builtin("decimal64"));
        extended('e', new Type.Builtin("decimal128"));
        extended('f', new Type.Builtin("decimal32"));
        extended('h', HALF);
        extended('i', new Type.Builtin("char32_t"));
        extended('n', new Type.Builtin("decltype(nullptr)"));
        extended('s', new Type.Builtin("char16_t"));
        extended('u', new Type.Builtin("char8_t"));
    }

    static final Name.Word STD = new Name.Word("std");
    static final Name.StandardClass ALLOCATOR = new Name.StandardClass("std::allocator", "allocator");
    static final Name.StandardClass BASIC_STRING = new Name.StandardClass("std::basic_string", "basic_string");
    static final Name.StandardClass STRING = new Name.StandardClass(
            "std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "basic_string");
    static final Name.StandardClass ISTREAM =
            new Name.StandardClass("std::basic_istream<char, std::char_traits<char> >", "basic_istream");
    static final Name.StandardClass OSTREAM =
            new Name.StandardClass("std::basic_ostream<char, std::char_traits<char> >", "basic_ostream");
    static final Name.StandardClass IOSTREAM =
            new Name.StandardClass("std::basic_iostream<char, std::char_traits<char> >", "basic_iostream");

    private ItaniumTypes() {}

    private static void plain(char letter, Type.Builtin type) {
        PLAIN[letter - 'a'] = type;
    }

    private static void extended(char letter, Type.Builtin type) {
        EXTENDED[letter - 'a'] = type;
    }

    /** The type of one letter. */
    static Type.@Nullable Builtin plain(char letter) {
        return letter >= 'a' && letter <= 'z' ? PLAIN[letter - 'a'] : null;
    }

    /** The type of a letter behind {@code D}. */
    static Type.@Nullable Builtin extended(char letter) {
        return letter >= 'a' && letter <= 'z' ? EXTENDED[letter - 'a'] : null;
    }

    /** The class of a letter behind {@code S}. */
    static Name.@Nullable StandardClass standardClass(char letter) {
        return switch (letter) {
            case 'a' -> ALLOCATOR;
            case 'b' -> BASIC_STRING;
            case 's' -> STRING;
            case 'i' -> ISTREAM;
            case 'o' -> OSTREAM;
            case 'd' -> IOSTREAM;
            default -> null;
        };
    }

    /** Whether literals of the type are the bits of a floating-point number. */
    static boolean isFloating(Node type) {
        return type == FLOAT || type == DOUBLE || type == LONG_DOUBLE || type == FLOAT128 || type == HALF;
    }
}
