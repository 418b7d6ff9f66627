package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.DebugTexts;
import dev.faultline.symbols.dwarf.LineRows;
import dev.faultline.symbols.dwarf.UnitCode;
import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.index.LiveCode.Claim;
import dev.faultline.symbols.index.TextPool.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker's share of a build: unit after unit it holds the functions against the image and flattens those that are
 * there.
 */
final class CodeCollector implements AutoCloseable {
    /** Contiguous parts of functions with code; the largest programs have some hundred thousands. */
    private static final int MOST_PARTS = 2_000_000;

    private final int worker;
    private final ImageSymbols symbols;
    private final LiveCode live;
    private final TextPool pool;
    private final TextCache names;
    private final SourceFiles files;
    private final Spill spill;
    private final PartEncoder encoder;
    private final Flattening flattening = new Flattening();
    private final UnitLines unitLines = new UnitLines();
    private final UnitFunctions functions = new UnitFunctions();
    private final List<Part> parts = new ArrayList<>();

    /** Sequences that may hold rows of functions without debugging information: assembly. */
    private final LineRows leftLines = new LineRows();

    private final Longs leftUnits = new Longs();
    private final Set<Long> unitFunctionStarts = new HashSet<>();

    private long inlinedCalls;
    private long lineRuns;
    private boolean linesSeen;

    /** What is shared between workers: names and paths; what is the worker's own goes to {@code directory}. */
    CodeCollector(
            int worker,
            LiveCode live,
            DebugTexts texts,
            TextPool names,
            TextPool paths,
            Path directory,
            Limits limits) {
        this.worker = worker;
        this.symbols = live.symbols();
        this.live = live;
        this.pool = names;
        this.names = new TextCache(texts, names);
        this.files = new SourceFiles(paths);
        this.encoder = new PartEncoder(names, this.names, files);
        this.spill = new Spill(directory, limits.indexBytes());
    }

    /** Takes over what a unit says; {@code unit} is its number in the file. */
    void take(int unit, UnitCode code) {
        unitFunctionStarts.clear();
        linesSeen |= code.lines().sequences() > 0;
        files.of(code.lines());
        unitLines.of(code.lines(), live::beginsInText);
        functions.of(code);
        for (int node = 0; node < code.nodes(); node++) {
            if (code.parent(node) == UnitCode.NONE) {
                takeFunction(unit, code, node);
            }
        }
        keepLinesOfOthers(unit);
    }

    /** A function that only the symbol table knows, with what lines there are for it. */
    Part fromSymbol(long start, long end, ImageSymbols.FunctionRange range, UnitLines lines) {
        String name = range.symbol().name();
        files.of(lines.lines());
        flattening.run(start, end, lines);
        return add(
                start, end, name, null, Claim.NAMED, Part.OF_SYMBOL, encoder.encode(start, pool.of(name), flattening));
    }

    List<Part> parts() {
        return parts;
    }

    LineRows leftLines() {
        return leftLines;
    }

    /** The unit that a sequence of {@link #leftLines} is from. */
    long leftUnit(int sequence) {
        return leftUnits.get(sequence);
    }

    Spill spill() {
        return spill;
    }

    /** Inlined calls found so far. */
    long inlinedCalls() {
        return inlinedCalls;
    }

    /** Ranges of addresses with one meaning, so far. */
    long lineRuns() {
        return lineRuns;
    }

    /** Whether any unit had line rows. */
    boolean linesSeen() {
        return linesSeen;
    }

    @Override
    public void close() {
        spill.close();
    }

    private void takeFunction(int unit, UnitCode code, int function) {
        for (int range = code.firstRange(function); range < code.endRange(function); range++) {
            int thumbBit = live.hasThumbBit(code.rangeStart(range)) ? 1 : 0;
            long start = code.rangeStart(range) - thumbBit;
            long end = code.rangeEnd(range) - thumbBit;
            if (!live.isText(start, end)) {
                continue;
            }
            Text name = names.at(code.name(function));
            Text linkageName = names.at(code.linkageName(function));
            if (name == null) {
                name = linkageName;
                linkageName = null;
            }
            if (name == null) {
                continue;
            }
            String linkage = linkageName == null ? null : linkageName.value();
            Claim claim = live.claim(start, end, name.value(), linkage);
            if (claim == Claim.NONE) {
                continue;
            }
            unitFunctionStarts.add(start);
            flattening.run(code, functions, function, start, end, unitLines, code.callLine(function));
            Text shown = linkage == null ? aliasOf(start, name) : pool.of(live.linkerName(start, linkage));
            add(
                    start,
                    end,
                    name.value(),
                    shown == null ? null : shown.value(),
                    claim,
                    (long) unit << Integer.SIZE | function,
                    encoder.encode(code, function, start, name, shown, flattening));
        }
    }

    /** What the linker calls a function whose debugging information does not say it: the symbol, where it has another name. */
    private @Nullable Text aliasOf(long start, Text name) {
        var aliases = symbols.functionsAt(start);
        for (Symbol alias : aliases) {
            if (alias.name().equals(name.value())) {
                return null;
            }
        }
        return aliases.isEmpty() ? null : pool.of(aliases.getFirst().name());
    }

    private Part add(
            long start, long end, String name, @Nullable String linkageName, Claim claim, long order, Bytes encoded) {
        if (parts.size() == MOST_PARTS) {
            throw new FormatException("more than %d functions".formatted(MOST_PARTS));
        }
        var part =
                new Part(start, end, name, linkageName, claim, order, worker, spill.size(), flattening.bytesWithLine());
        spill.append(encoded);
        inlinedCalls += flattening.calls();
        lineRuns += flattening.runs();
        parts.add(part);
        return part;
    }

    private void keepLinesOfOthers(int unit) {
        for (int i = 0; i < unitLines.count(); i++) {
            int sequence = unitLines.sequence(i);
            if (hasFunctionOfSymbols(
                    unitLines.lines().start(sequence), unitLines.lines().end(sequence))) {
                leftLines.take(unitLines.lines(), sequence);
                leftUnits.add(unit);
            }
        }
    }

    /** Whether a symbol starts in the sequence that the unit did not describe: kept until symbols are turned into parts. */
    private boolean hasFunctionOfSymbols(long start, long end) {
        if (live.isTombstone(start) && symbols.functionsAt(start).isEmpty()) {
            return false;
        }
        return symbols.startsWithout(start, end, unitFunctionStarts);
    }
}
