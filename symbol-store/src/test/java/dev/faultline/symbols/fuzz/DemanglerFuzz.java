package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.demangle.Demangler;
import java.nio.charset.StandardCharsets;

/** A linker's name. */
public final class DemanglerFuzz {
    private DemanglerFuzz() {}

    public static void fuzzerTestOneInput(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        Demangler.demangle(text);
        Demangler.demangleWithSuffix(text);
    }
}
