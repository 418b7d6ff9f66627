package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.store.SymbolSource;
import java.lang.foreign.MemorySegment;

/** From the bytes of a coredump to its report. Deterministic: the same bytes and symbols give an equal report. */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class CrashAnalysis {

    private CrashAnalysis() {}

    /** As {@link #analyze(MemorySegment, SymbolSource, ClaimedIdentity, Limits)} with the default limits. */
    public static CrashReport analyze(MemorySegment dump, SymbolSource symbols, ClaimedIdentity claims) {
        return analyze(dump, symbols, claims, Limits.DEFAULT);
    }

    /**
     * Reads, unwinds, symbolicates and explains a coredump. What is damaged or missing is left out and said in
     * {@link CrashReport#warnings}.
     *
     * @param dump the bytes as uploaded: a known format, plain or as gzip, zstd or xz
     * @throws dev.faultline.symbols.bytes.FormatException when it is no coredump of a known format, or so broken that
     *     there is nothing to report
     */
    public static CrashReport analyze(MemorySegment dump, SymbolSource symbols, ClaimedIdentity claims, Limits limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * The coredump as an ELF core that gdb opens, decompressed.
     *
     * @throws dev.faultline.symbols.bytes.FormatException as {@link #analyze(MemorySegment, SymbolSource,
     *     ClaimedIdentity, Limits)}
     */
    public static MemorySegment elfCore(MemorySegment dump, Limits limits) {
        throw new UnsupportedOperationException();
    }
}
