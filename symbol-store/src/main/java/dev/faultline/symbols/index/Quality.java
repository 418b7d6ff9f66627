package dev.faultline.symbols.index;

import java.util.List;

/**
 * What a debug file is good for, as the command line and the service both give it out.
 *
 * @param dwarfVersions versions of its units, ascending; empty: no debug information
 * @param functions functions that answer
 * @param functionsWithoutDebugInfo those of them that only the symbol table knows
 * @param inlinedCalls inlined calls inside them
 * @param unwindRows rows of call frame information
 * @param textBytes bytes of executable sections
 * @param lineCoverage share of the bytes of functions that have a source line, 0 to 1
 * @param unwindCoverage share of the bytes of functions that have an unwind row, 0 to 1
 * @param linkerBuildId whether the build id is the linker's and not the hash of the file
 * @param stripped whether the file has no symbol table but what dynamic linking needs
 * @param linkTimeOptimized whether units were optimized together when linking
 * @param producers the compilers with their options, the one of most units first
 * @param advice what would make it better, a sentence; empty: nothing
 * @param diagnostics what was left out and why
 */
public record Quality(
        List<Integer> dwarfVersions,
        int functions,
        int functionsWithoutDebugInfo,
        int inlinedCalls,
        int unwindRows,
        long textBytes,
        double lineCoverage,
        double unwindCoverage,
        boolean linkerBuildId,
        boolean stripped,
        boolean linkTimeOptimized,
        List<String> producers,
        String advice,
        List<String> diagnostics) {

    public Quality {
        dwarfVersions = List.copyOf(dwarfVersions);
        producers = List.copyOf(producers);
        diagnostics = List.copyOf(diagnostics);
    }

    public static Quality of(IndexSummary summary) {
        return new Quality(
                summary.dwarfVersions(),
                summary.functions(),
                summary.functionsWithoutDebugInfo(),
                summary.inlinedCalls(),
                summary.unwindRows(),
                summary.textBytes(),
                summary.lineCoverage(),
                summary.unwindCoverage(),
                summary.linkerBuildId(),
                summary.stripped(),
                summary.linkTimeOptimized(),
                summary.producers(),
                summary.advice(),
                summary.diagnostics());
    }
}
