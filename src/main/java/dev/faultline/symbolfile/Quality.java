package dev.faultline.symbolfile;

import dev.faultline.symbols.index.IndexSummary;
import java.util.List;

/**
 * What a debug file is good for.
 *
 * @param dwarfVersions versions of its units, ascending; empty: no debug information
 * @param functions functions that answer
 * @param inlinedCalls inlined calls inside them
 * @param unwindRows rows of call frame information
 * @param textBytes bytes of executable sections
 * @param lineCoverage share of the bytes of functions that have a source line, 0 to 1
 * @param unwindCoverage share of the bytes of functions that have an unwind row, 0 to 1
 * @param diagnostics what was left out and why
 */
public record Quality(
        List<Integer> dwarfVersions,
        int functions,
        int inlinedCalls,
        int unwindRows,
        long textBytes,
        double lineCoverage,
        double unwindCoverage,
        List<String> diagnostics) {

    public Quality {
        dwarfVersions = List.copyOf(dwarfVersions);
        diagnostics = List.copyOf(diagnostics);
    }

    static Quality of(IndexSummary summary) {
        return new Quality(
                summary.dwarfVersions(),
                summary.functions(),
                summary.inlinedCalls(),
                summary.unwindRows(),
                summary.textBytes(),
                summary.lineCoverage(),
                summary.unwindCoverage(),
                summary.diagnostics());
    }
}
