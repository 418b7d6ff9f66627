package dev.faultline.symbols.index;

import java.util.Locale;

/**
 * What would make a debug file better: the one thing that matters most.
 *
 * @param debugInfo whether it has any unit
 * @param functions whether it knows any function
 * @param missingAlternate the file that it shares debugging information with, where that is not here; else empty
 * @param missingSplitUnits how many units are in files that are not here
 * @param lineCoverage share of the bytes of functions with a source line
 * @param unwindCoverage share of the bytes of functions with an unwind row
 * @param linkerBuildId whether the linker wrote a build id
 * @param withoutDebugInfo how many functions only the symbol table knows
 */
record Advice(
        boolean debugInfo,
        boolean functions,
        String missingAlternate,
        int missingSplitUnits,
        double lineCoverage,
        double unwindCoverage,
        boolean linkerBuildId,
        int withoutDebugInfo) {
    /** Start-up code and the C library's assembly are a few percent of a firmware; nobody can change those. */
    private static final double ENOUGH = 0.9;

    /** A sentence for a person; empty where nothing is missing. */
    String sentence() {
        if (!debugInfo && !functions) {
            return "The file is stripped: upload it before strip, or keep what strip removes with"
                    + " objcopy --only-keep-debug and upload that.";
        }
        if (!debugInfo) {
            return "Compile with -g and upload the file before it is stripped: without it there are names, but no lines.";
        }
        if (missingSplitUnits > 0) {
            return "Bring the package of split units (.dwp) or their .dwo files along, or compile without -gsplit-dwarf:"
                    + " %d units are not here, and with them inlined calls.".formatted(missingSplitUnits);
        }
        if (!missingAlternate.isEmpty()) {
            return "Bring %s along, or do without dwz -m: names and inlined calls are in it."
                    .formatted(missingAlternate);
        }
        if (lineCoverage < ENOUGH) {
            return String.format(
                    Locale.ROOT,
                    "Compile everything with -g: %.0f %% of the code has no source line, %d functions no debugging"
                            + " information at all.",
                    100 * (1 - lineCoverage),
                    withoutDebugInfo);
        }
        if (!linkerBuildId) {
            return "Link with -Wl,--build-id: without it a crash names its build only by the hash of the whole file.";
        }
        if (unwindCoverage < ENOUGH) {
            return String.format(
                    Locale.ROOT,
                    "Compile with -fasynchronous-unwind-tables, or do not strip .debug_frame: %.0f %% of the code can"
                            + " not be unwound exactly.",
                    100 * (1 - unwindCoverage));
        }
        return "";
    }
}
