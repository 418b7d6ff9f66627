package dev.faultline.symbols.dwarf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that has machine code of its own.
 *
 * @param name as in the source, qualified by its namespaces and classes
 * @param linkageName the linker's name where the debugging information has one
 * @param ranges where its code is, as the file says: code that the linker threw away is still among them
 * @param inlinedCalls the calls that were inlined into it
 */
public record Function(
        String name, @Nullable String linkageName, List<AddressSpan> ranges, List<InlinedCall> inlinedCalls) {

    public Function {
        ranges = List.copyOf(ranges);
        inlinedCalls = List.copyOf(inlinedCalls);
    }
}
