package dev.faultline.symbols.index;

import dev.faultline.symbols.index.LiveCode.Claim;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous part of a function, as one unit or the symbol table describes it.
 *
 * @param name the source's name
 * @param linkageName the linker's name where it differs
 * @param order where it stands in the debugging information: of equal claims the first counts, whoever read it
 * @param worker who has its names, calls and runs
 * @param place where they are there
 * @param bytesWithLine how many of its bytes have a source position
 */
record Part(
        long start,
        long end,
        String name,
        @Nullable String linkageName,
        Claim claim,
        long order,
        int worker,
        long place,
        long bytesWithLine) {

    /** Where the symbol table's functions stand, behind all of the debugging information. */
    static final long OF_SYMBOL = Long.MAX_VALUE;

    /** Whether debugging information describes it, and not only the symbol table. */
    boolean isDescribed() {
        return order != OF_SYMBOL;
    }

    Part until(long newEnd) {
        return new Part(
                start, newEnd, name, linkageName, claim, order, worker, place, Math.min(bytesWithLine, newEnd - start));
    }

    long size() {
        return end - start;
    }
}
