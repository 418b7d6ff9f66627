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
 * @param functions functions that answer, one for each contiguous range
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
        int functions,
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
        dwarfVersions = List.copyOf(dwarfVersions);
        diagnostics = List.copyOf(diagnostics);
    }
}
