package dev.faultline.symbols.index;

import dev.faultline.symbols.demangle.Demangler;

/** Names from which the source's can be had back. */
final class MangledNames {
    private MangledNames() {}

    /** Whether it begins as mangled names do: Itanium C++ ABI 5.1.2, Rust RFC 2603; Mach-O put a {@code _} in front. */
    static boolean isMangled(String name) {
        return name.startsWith("_Z") || name.startsWith("_R") || name.startsWith("__Z");
    }

    /** As people write it; the name itself where it is not mangled. */
    static String demangle(String name) {
        return isMangled(name) ? Demangler.demangle(name).orElse(name) : name;
    }
}
