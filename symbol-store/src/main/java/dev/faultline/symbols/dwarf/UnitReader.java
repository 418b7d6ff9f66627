package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;

/** Reads units, one after the other, for one thread; what it needs for that it keeps for the next unit. */
public final class UnitReader {
    private final DebugInfo debugInfo;
    private final LineTableReader lines;
    private final EntryWalk walk;
    private final EntryNames names;

    UnitReader(DebugInfo debugInfo, Limits limits) {
        this.debugInfo = debugInfo;
        this.lines = new LineTableReader(debugInfo, limits);
        this.walk = new EntryWalk(debugInfo, limits);
        this.names = new EntryNames(debugInfo, limits);
    }

    /** Fills in what a unit says about code. Of a damaged unit that is what stands before the damage, which is said. */
    public void read(Unit unit, UnitCode code) {
        code.clear();
        String failure = unit.root().failure();
        if (failure != null) {
            debugInfo.report(failure);
            return;
        }
        try {
            lines.read(unit, code.lines());
        } catch (FormatException e) {
            debugInfo.report(String.valueOf(e.getMessage()));
        }
        var split = debugInfo.split(unit);
        // without its rest a unit still has its lines, and what a compiler left in it about inlined calls
        var entries = split == null ? unit : split;
        try {
            walk.walk(entries, code);
        } catch (FormatException e) {
            debugInfo.report(String.valueOf(e.getMessage()));
        }
        names.name(entries, walk, code);
        code.resolveCallFiles();
    }
}
