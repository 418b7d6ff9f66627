package dev.faultline.symbols.dwarf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that was replaced by the code of the function called.
 *
 * @param name as in the source, qualified by its namespaces and classes
 * @param linkageName the linker's name where the debugging information has one
 * @param ranges where that code is
 * @param callFile the file of the call, which is in the function around
 * @param callLine its line; 0: unknown
 * @param callColumn its column; 0: unknown
 * @param inlinedCalls the calls that were inlined into this one in turn
 */
public record InlinedCall(
        String name,
        @Nullable String linkageName,
        List<AddressSpan> ranges,
        @Nullable String callFile,
        int callLine,
        int callColumn,
        List<InlinedCall> inlinedCalls) {

    public InlinedCall {
        ranges = List.copyOf(ranges);
        inlinedCalls = List.copyOf(inlinedCalls);
    }
}
