package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.BuildId;
import java.util.List;

/**
 * What a debug file turned out to be good for, decided when its index was built.
 *
 * @param buildId GNU build id, else SHA-256 of the file
 * @param architecture as {@link dev.faultline.symbols.elf.Machine#name} says it
 * @param addressSize bytes of an address, 4 or 8
 * @param state whether crashes can be symbolicated with it
 * @param reason why the state is what it is, a sentence for a person
 * @param advice what would make it better, a sentence that names the option; empty: nothing
 * @param linkerBuildId whether the build id is the linker's and not the hash of the file
 * @param stripped whether the file has no symbol table but what dynamic linking needs
 * @param linkTimeOptimized whether units were optimized together when linking
 * @param producers the compilers with the options that they wrote down, the one of most units first, at most
 *     {@link #MOST_PRODUCERS}
 * @param functions functions that answer, one for each contiguous range
 * @param functionsWithoutDebugInfo those of them that only the symbol table knows
 * @param inlinedCalls inlined calls inside them
 * @param lineRuns ranges of addresses with one source position
 * @param dataSymbols globals
 * @param unwindRows rows of call frame information and exception tables
 * @param textBytes bytes of executable sections
 * @param lineCoverage share of the bytes of functions that have a source line, 0 to 1
 * @param unwindCoverage share of the bytes of functions that have an unwind row, 0 to 1
 * @param dwarfVersions versions of the units, ascending
 * @param diagnostics what was left out and why, at most {@link #MOST_DIAGNOSTICS}
 */
public record IndexSummary(
        BuildId buildId,
        String architecture,
        int addressSize,
        State state,
        String reason,
        String advice,
        boolean linkerBuildId,
        boolean stripped,
        boolean linkTimeOptimized,
        List<String> producers,
        int functions,
        int functionsWithoutDebugInfo,
        int inlinedCalls,
        int lineRuns,
        int dataSymbols,
        int unwindRows,
        long textBytes,
        double lineCoverage,
        double unwindCoverage,
        List<Integer> dwarfVersions,
        List<String> diagnostics) {
    public static final int MOST_DIAGNOSTICS = 100;
    public static final int MOST_PRODUCERS = 16;

    /** Whether crashes can be symbolicated with the file. */
    public enum State {
        /** Functions with source lines. */
        USABLE("usable"),
        /** Names out of a symbol table at best. */
        NO_DEBUG_INFO("no-debug-info");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** As shown, stored and sent. */
        public String label() {
            return label;
        }
    }

    public IndexSummary {
        producers = List.copyOf(producers);
        dwarfVersions = List.copyOf(dwarfVersions);
        diagnostics = List.copyOf(diagnostics);
    }
}
