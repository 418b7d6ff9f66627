package dev.faultline.symbols.variables;

import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import org.jspecify.annotations.Nullable;

/** Where a type is described; no unit: the type void, or one of a file that is not here. */
record TypeReference(@Nullable Unit unit, long offset) {
    static final TypeReference VOID = new TypeReference(null, 0);

    static TypeReference to(Entry entry) {
        return new TypeReference(entry.unit(), entry.offset());
    }
}
